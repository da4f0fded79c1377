"""Every page's router, in the order of the menu."""

from hub.web.pages import (
    bulletin_form,
    bulletins,
    cameras,
    check,
    counters,
    emergencies,
    emergency_end,
    emergency_page,
    enrol,
    log_in,
    nodes,
    occurrences,
    orders,
    overview,
    people,
    recordings,
    reports,
    schedules,
    settings,
    system,
)

__all__ = ["ROUTERS"]

ROUTERS = (
    log_in.router,
    overview.router,
    schedules.router,
    occurrences.router,
    emergencies.router,  # before the next: “live” is no emergency
    emergency_end.router,
    emergency_page.router,
    bulletin_form.router,  # before the next: “new” is no bulletin
    bulletins.router,
    recordings.router,
    nodes.router,
    enrol.router,
    counters.router,
    cameras.router,
    check.router,
    reports.router,
    orders.router,
    system.router,
    people.router,
    settings.router,
)
