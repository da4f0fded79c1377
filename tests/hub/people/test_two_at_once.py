"""Two administrators at one account: nobody saves over what they have not seen."""

import pytest

from hub.errors import Conflict, Problem
from hub.people.people import People
from hub.people.roles import Actor, Role
from hub.store import audit
from hub.store.database import Store
from tests.factories_people import PASSWORD, Clock, person_at_work

ADMINISTRATOR = Role.ADMINISTRATOR


@pytest.fixture
def boss(store: Store, clock: Clock) -> Actor:
    return person_at_work(store, ADMINISTRATOR, login="boss", now=clock)


@pytest.fixture
def other(store: Store, clock: Clock) -> Actor:
    return person_at_work(store, ADMINISTRATOR, login="other", now=clock)


@pytest.fixture
def lan(store: Store, clock: Clock) -> str:
    return person_at_work(store, Role.CLERK, login="lan", now=clock).person.id


def edits(store: Store) -> int:
    lines = audit.entries(store.read(), limit=20)
    return [each.action for each in lines].count("user.edit")


def test_who_saves_over_what_another_saved_is_told_who_and_stores_nothing(
    people: People, boss: Actor, other: Actor, lan: str, clock: Clock
) -> None:
    clock.pass_s(60)
    people.change(other, lan, roles=["viewer"], revision=1)
    with pytest.raises(Conflict) as caught:
        people.change(boss, lan, roles=["approver"], revision=1)
    facts = {"wanted": 1, "found": 2, "by": "Name of other", "at": clock()}
    assert caught.value.problems == (Problem("user_changed", "revision", facts),)
    assert people.account(boss, lan).person.roles == {Role.VIEWER}


def test_who_has_seen_what_the_other_saved_may_save_over_it(
    people: People, boss: Actor, other: Actor, lan: str
) -> None:
    newer = people.change(other, lan, roles=["viewer"], revision=1)
    last = people.change(boss, lan, roles=["approver"], revision=newer.revision)
    assert last.changed is not None
    assert (last.revision, last.changed.name) == (3, "Name of boss")


def test_one_press_twice_is_one_saving(people: People, boss: Actor, lan: str, store: Store) -> None:
    for _ in range(2):
        account = people.change(boss, lan, name="Lan Mới", password="mật khẩu mới 1", revision=1)
    assert (account.revision, edits(store)) == (2, 1)


def test_another_password_over_that_of_somebody_else_is_refused(
    people: People, boss: Actor, other: Actor, lan: str
) -> None:
    people.change(other, lan, password="mật khẩu mới 1", revision=1)
    with pytest.raises(Conflict, match="user_changed"):
        people.change(boss, lan, password="mật khẩu mới 2", revision=1)
    assert people.log_in(login="lan", password="mật khẩu mới 1", address="192.0.2.1")


def test_the_same_password_set_knowingly_still_ends_the_sessions(
    people: People, boss: Actor, lan: str
) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address="192.0.2.1")
    people.change(boss, lan, password=PASSWORD, revision=1)
    assert people.sessions.find(session.token) is None


def test_a_program_that_names_no_revision_saves(people: People, boss: Actor, other: Actor, lan: str) -> None:
    people.change(other, lan, roles=["viewer"], revision=1)
    assert people.change(boss, lan, name="Lan Mới").revision == 3
