"""People, clocks and cheap passwords for tests."""

from datetime import UTC, datetime, timedelta

from hub.people.passwords import Passwords
from hub.people.people import People
from hub.people.roles import Actor, Person, Role
from hub.store.database import Store

__all__ = ["PASSWORD", "Clock", "cheap_passwords", "person_at_work"]

PASSWORD = "hoa sen tháng sáu"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def cheap_passwords() -> Passwords:
    return Passwords(time_cost=1, memory_kib=8, parallelism=1)


def person_at_work(store: Store, *roles: Role, login: str = "", now: Clock | None = None) -> Actor:
    """A new account with `roles`, whose password is PASSWORD, calling from a desk."""
    people = People(store=store, passwords=cheap_passwords(), now=now or Clock())
    login = login or f"p{len(people.accounts(_root())) + 1}"
    created = people.create(None, login=login, name=f"Name of {login}", roles=roles, password=PASSWORD)
    return Actor(created.person, "192.0.2.1")


def _root() -> Actor:
    return Actor(Person("0", "root", "Root", frozenset(Role)), "192.0.2.9")
