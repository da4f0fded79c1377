"""Accounts: made with care, changed by administrators, never all locked out."""

import pytest

from hub.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from hub.people.people import People
from hub.people.roles import Actor, Role
from hub.store import audit
from hub.store.database import Store
from tests.factories_people import PASSWORD, Clock, person_at_work

HERE = "192.0.2.1"


@pytest.fixture
def boss(store: Store, clock: Clock) -> Actor:
    return person_at_work(store, Role.ADMINISTRATOR, login="boss", now=clock)


@pytest.fixture
def lan(store: Store, clock: Clock, boss: Actor) -> Actor:
    return person_at_work(store, Role.CLERK, login="lan", now=clock)


def test_an_account_without_password_gets_one_that_logs_in(people: People) -> None:
    created = people.create(None, login="lan", name="Lan", roles=["clerk"])
    assert created.password is not None
    assert people.log_in(login="lan", password=created.password, address=HERE).person == created.person


def test_a_given_password_is_not_repeated(people: People) -> None:
    assert people.create(None, login="lan", name="Lan", roles=["clerk"], password=PASSWORD).password is None


def test_every_wrong_field_of_an_account_is_named(people: People) -> None:
    with pytest.raises(Invalid) as caught:
        people.create(None, login="Ông Ba", name=" ", roles=["king"], password="short", language="fr")
    assert {p.where for p in caught.value.problems} == {"login", "name", "roles", "password", "language"}


@pytest.mark.parametrize(
    ("login", "code", "facts"), [("lê kỳ", "login_form", {"found": "lê kỳ"}), (" ", "login_empty", {})]
)
def test_a_wrong_log_in_name_is_shown_as_typed(
    people: People, login: str, code: str, facts: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        people.create(None, login=login, name="Ky", roles=["clerk"])
    assert [(each.code, each.facts) for each in caught.value.problems] == [(code, facts)]


def test_a_refused_account_is_not_stored(people: People) -> None:
    with pytest.raises(Invalid):
        people.create(None, login="lan", name="", roles=["clerk"])
    assert people.person("lan") is None


def test_a_name_is_taken_once(people: People, lan: Actor) -> None:
    with pytest.raises(Conflict, match="login_taken"):
        people.create(None, login="LAN", name="Other", roles=["clerk"])


def test_nobody_may_be_called_system(people: People) -> None:
    with pytest.raises(Invalid, match="login_form"):
        people.create(None, login="system", name="x", roles=["clerk"])


def test_only_an_administrator_makes_accounts(people: People, lan: Actor) -> None:
    with pytest.raises(Forbidden, match="role_needed"):
        people.create(lan, login="mai", name="Mai", roles=["clerk"])


def test_making_an_account_is_in_the_audit_log(people: People, boss: Actor, store: Store) -> None:
    people.create(boss, login="mai", name="Mai", roles=["clerk", "viewer"])
    line = audit.entries(store.read(), limit=1)[0]
    assert (line.who, line.action, line.what) == ("boss", "user.create", "user:mai Mai")
    assert line.detail == {"roles": ["clerk", "viewer"]}


def test_new_roles_hold_for_sessions_that_are_open(people: People, boss: Actor, lan: Actor) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    people.change(boss, lan.person.id, roles=["approver"])
    found = people.sessions.find(session.token)
    assert found is not None
    assert found.person.roles == {Role.APPROVER}


def test_closing_an_account_ends_its_sessions_and_tokens(people: People, boss: Actor, lan: Actor) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    _, token = people.tokens.create(lan, title="export")
    people.change(boss, lan.person.id, active=False)
    assert people.sessions.find(session.token) is None
    assert people.tokens.person(token) is None


def test_an_account_opened_again_has_no_old_sessions_and_tokens(
    people: People, boss: Actor, lan: Actor
) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    _, token = people.tokens.create(lan, title="export")
    people.change(boss, lan.person.id, active=False)
    people.change(boss, lan.person.id, active=True)
    assert people.sessions.find(session.token) is None
    assert people.tokens.person(token) is None


def test_a_password_that_another_resets_withdraws_the_tokens(people: People, boss: Actor, lan: Actor) -> None:
    tokens = [people.tokens.create(lan, title="export")[1] for _ in range(2)]
    people.reset_password(boss, lan.person.id)
    assert [people.tokens.person(token) for token in tokens] == [None, None]


def test_a_password_that_its_owner_changes_leaves_the_tokens(people: People, lan: Actor) -> None:
    _, token = people.tokens.create(lan, title="export")
    people.change_own_password(lan, old=PASSWORD, new="một câu khá dài", session=None)
    assert people.tokens.person(token) is not None


def test_a_closed_account_cannot_log_in(people: People, boss: Actor, lan: Actor) -> None:
    people.change(boss, lan.person.id, active=False)
    with pytest.raises(Unauthenticated, match="login_refused"):
        people.log_in(login="lan", password=PASSWORD, address=HERE)


@pytest.mark.parametrize("change", [{"active": False}, {"roles": ["clerk"]}])
def test_the_last_administrator_stays(people: People, boss: Actor, change: dict[str, object]) -> None:
    with pytest.raises(Conflict, match="last_administrator"):
        people.change(boss, boss.person.id, **change)  # type: ignore[arg-type]
    assert people.account(boss, boss.person.id).active


def test_changing_nobody_is_said(people: People, boss: Actor) -> None:
    with pytest.raises(NotFound, match="user_unknown"):
        people.change(boss, "nobody", name="x")


def test_what_is_not_named_stays_when_an_account_changes(people: People, boss: Actor, lan: Actor) -> None:
    changed = people.change(boss, lan.person.id, name="Lan Mới")
    assert (changed.person.name, changed.person.roles, changed.active) == (
        "Lan Mới",
        frozenset({Role.CLERK}),
        True,
    )


def test_a_reset_password_replaces_the_old_and_ends_sessions(people: People, boss: Actor, lan: Actor) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    new = people.reset_password(boss, lan.person.id)
    assert new is not None
    assert people.sessions.find(session.token) is None
    assert people.log_in(login="lan", password=new, address=HERE)
    with pytest.raises(Unauthenticated):
        people.log_in(login="lan", password=PASSWORD, address=HERE)


def test_ones_own_new_password_keeps_this_session_and_ends_the_others(people: People, lan: Actor) -> None:
    here = people.log_in(login="lan", password=PASSWORD, address=HERE)
    there = people.log_in(login="lan", password=PASSWORD, address=HERE)
    people.change_own_password(lan, old=PASSWORD, new="mười hai con giáp", session=here)
    assert people.sessions.find(here.token)
    assert people.sessions.find(there.token) is None


def test_the_present_password_is_asked_for(people: People, lan: Actor) -> None:
    with pytest.raises(Invalid, match="password_wrong"):
        people.change_own_password(lan, old="wrong", new="mười hai con giáp", session=None)


def test_no_password_stands_in_the_audit_log(people: People, boss: Actor, store: Store) -> None:
    people.create(boss, login="mai", name="Mai", roles=["clerk"], password=PASSWORD)
    people.log_in(login="mai", password=PASSWORD, address=HERE)
    assert PASSWORD not in str(audit.entries(store.read(), limit=100))


def test_accounts_are_for_administrators(people: People, lan: Actor) -> None:
    with pytest.raises(Forbidden):
        people.accounts(lan)


def test_a_person_may_see_their_own_account(people: People, lan: Actor) -> None:
    assert people.account(lan, lan.person.id).person == lan.person
