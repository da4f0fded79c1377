"""What a person can do first at a site where nothing was scheduled yet, by the roles they hold. Pure."""

from hub.people.roles import MAKERS, Actor, Role
from hub.web.views import FirstSteps, Message

__all__ = ["first_steps"]

_MAKER = (("/recordings", "upload"), ("/bulletins/new", "bulletin"), ("/schedules/new", "schedule"))
_TECHNICIAN = (("/nodes", "nodes"), ("/system", "system"))
_ADMINISTRATOR = (("/users/new", "people"), ("/settings", "rules"))
_OFFICER = (("/check", "check"), ("/counters", "counters"))
_VIEWER = (("/schedules", "programme"), ("/counters", "counters"), ("/reports", "reports"))


def first_steps(actor: Actor, *, can_enrol: bool) -> FirstSteps:
    """Who makes bulletins is shown the way to the first one; else what each role begins with. `can_enrol`
    where devices are added on pages.
    """
    if actor.may(*MAKERS):
        return _steps("first_title", _MAKER)
    of_technician = (("/enrol", "enrol"), *_TECHNICIAN) if can_enrol else _TECHNICIAN
    of_roles = (
        (Role.TECHNICIAN, of_technician),
        (Role.ADMINISTRATOR, _ADMINISTRATOR),
        (Role.COUNTER_OFFICER, _OFFICER),
    )
    held = [step for role, steps in of_roles if actor.may(role) for step in steps]
    return _steps("first_yours", tuple(held) or _VIEWER)


def _steps(title: str, steps: tuple[tuple[str, str], ...]) -> FirstSteps:
    said = tuple((address, Message(f"overview.first_{name}")) for address, name in steps)
    return FirstSteps(title=Message(f"overview.{title}"), steps=said)
