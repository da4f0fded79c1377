"""Every page's router, in the order of the menu."""

from hub.web.pages import (
    bulletins,
    cameras,
    check,
    counters,
    emergencies,
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
)

__all__ = ["ROUTERS"]

ROUTERS = (
    log_in.router,
    overview.router,
    schedules.router,
    occurrences.router,
    emergencies.router,
    bulletins.router,
    recordings.router,
    nodes.router,
    enrol.router,
    counters.router,
    cameras.router,
    check.router,
    reports.router,
    orders.router,
    people.router,
    settings.router,
)
