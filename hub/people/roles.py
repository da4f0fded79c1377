"""Who a person is, what they may do, and from where they do it."""

from dataclasses import dataclass
from enum import StrEnum

from hub.errors import Forbidden, Problem

__all__ = ["AUDIT_READERS", "MAKERS", "Actor", "Person", "Role"]


class Role(StrEnum):
    """What a person may do; one person may hold several. None includes another."""

    CLERK = "clerk"
    APPROVER = "approver"
    COUNTER_OFFICER = "counter_officer"
    TECHNICIAN = "technician"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"


MAKERS = (Role.CLERK, Role.APPROVER)
"""Who makes recordings and bulletins: clerks, and leaders who record a greeting themselves."""

AUDIT_READERS = (Role.ADMINISTRATOR, Role.APPROVER)
"""Who reads the audit log."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `login` never changes and is what the audit log writes."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    language: str = "vi"


@dataclass(frozen=True)
class Actor:
    """A person at work, from a network address."""

    person: Person
    address: str

    def may(self, *roles: Role) -> bool:
        """Whether the person holds at least one of `roles`."""
        return not self.person.roles.isdisjoint(roles)

    def must(self, *roles: Role) -> None:
        """Raises `Forbidden` (`role_needed`) unless the person holds at least one of `roles`."""
        if not self.may(*roles):
            raise Forbidden(Problem("role_needed", facts={"roles": [role.value for role in roles]}))
