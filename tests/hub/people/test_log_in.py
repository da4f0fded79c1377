"""The log-in: throttled, silent about who exists, and its sessions end."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.errors import Throttled, Unauthenticated
from hub.people.people import People
from hub.people.roles import Actor, Role
from hub.store import audit
from hub.store.database import Store
from tests.factories_people import PASSWORD, Clock, cheap_passwords, person_at_work

HERE, THERE = "192.0.2.1", "203.0.113.9"


@pytest.fixture
def lan(store: Store, clock: Clock) -> Actor:
    return person_at_work(store, Role.CLERK, login="lan", now=clock)


def fail(people: People, times: int, *, login: str = "lan", address: str = THERE) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated, match="login_refused"):
            people.log_in(login=login, password="wrong password", address=address)


@pytest.mark.parametrize("login", ["lan", "nobody", "Không phải tên"])
def test_after_five_wrong_tries_a_wait_is_asked_whoever_is_meant(
    people: People, lan: Actor, login: str
) -> None:
    fail(people, 5, login=login)
    with pytest.raises(Throttled) as caught:
        people.log_in(login=login, password=PASSWORD, address=THERE)
    assert caught.value.retry_after_s == 15


def test_after_the_wait_the_right_password_is_good(people: People, lan: Actor, clock: Clock) -> None:
    fail(people, 5)
    clock.pass_s(15)
    assert people.log_in(login="lan", password=PASSWORD, address=THERE)


def test_waiting_tries_do_not_lengthen_the_wait(people: People, lan: Actor, clock: Clock) -> None:
    fail(people, 5)
    for _ in range(10):
        with pytest.raises(Throttled):
            people.log_in(login="lan", password="wrong password", address=THERE)
    clock.pass_s(15)
    assert people.log_in(login="lan", password=PASSWORD, address=THERE)


def test_the_wait_survives_a_restart(people: People, lan: Actor, store: Store, clock: Clock) -> None:
    fail(people, 5)
    again = People(store=store, passwords=cheap_passwords(), now=clock)
    with pytest.raises(Throttled):
        again.log_in(login="lan", password=PASSWORD, address=THERE)


def test_strangers_cannot_lock_out_somebody_at_their_own_desk(people: People, lan: Actor) -> None:
    people.log_in(login="lan", password=PASSWORD, address=HERE)
    fail(people, 5, address=THERE)
    assert people.log_in(login="lan", password=PASSWORD, address=HERE)


def test_at_ones_own_desk_a_good_log_in_ends_the_count(people: People, lan: Actor) -> None:
    people.log_in(login="lan", password=PASSWORD, address=HERE)
    for _ in range(3):
        fail(people, 4, address=HERE)
        assert people.log_in(login="lan", password=PASSWORD, address=HERE)


def test_one_address_cannot_try_many_names(people: People, lan: Actor) -> None:
    for number in range(20):
        fail(people, 1, login=f"name{number}")
    with pytest.raises(Throttled):
        people.log_in(login="another", password="wrong password", address=THERE)


def test_a_good_log_in_is_not_counted_as_failed(people: People, lan: Actor) -> None:
    tokens = {people.log_in(login="lan", password=PASSWORD, address=HERE).token for _ in range(30)}
    assert len(tokens) == 30


def test_a_name_may_be_typed_in_capitals(people: People, lan: Actor) -> None:
    assert people.log_in(login=" LAN ", password=PASSWORD, address=HERE).person == lan.person


def test_half_a_character_is_refused_like_any_wrong_name(people: People, lan: Actor) -> None:
    fail(people, 1, login="\ud800")


def test_each_log_in_has_a_new_token(people: People, lan: Actor) -> None:
    first = people.log_in(login="lan", password=PASSWORD, address=HERE)
    second = people.log_in(login="lan", password=PASSWORD, address=HERE)
    assert first.token != second.token
    assert first.csrf != second.csrf


def test_the_file_holds_no_token(people: People, lan: Actor, tmp_path: Path, store: Store) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    _, bearer = people.tokens.create(lan, title="export")
    files = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert session.token.encode() not in files
    assert bearer.encode() not in files


def test_a_session_that_lies_idle_ends(people: People, lan: Actor, clock: Clock) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    clock.pass_s(8 * 3600)
    assert people.sessions.find(session.token) is None


def test_a_session_that_is_used_stays_open(people: People, lan: Actor, clock: Clock, store: Store) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    for _ in range(3):
        clock.pass_s(7 * 3600)
        assert people.sessions.find(session.token)
        store.write(lambda db: None)


def test_no_session_outlives_a_week(people: People, lan: Actor, clock: Clock, store: Store) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    for _ in range(24):
        clock.pass_s(timedelta(hours=7).total_seconds())
        people.sessions.find(session.token)
        store.write(lambda db: None)
    assert people.sessions.find(session.token) is None


def test_logging_out_ends_the_session(people: People, lan: Actor) -> None:
    session = people.log_in(login="lan", password=PASSWORD, address=HERE)
    people.sessions.end(lan, session.token)
    assert people.sessions.find(session.token) is None


def test_a_withdrawn_token_is_refused(people: People, lan: Actor) -> None:
    token_id, token = people.tokens.create(lan, title="export")
    assert people.tokens.person(token) == lan.person
    people.tokens.revoke(lan, token_id)
    assert people.tokens.person(token) is None


def test_log_ins_good_and_failed_are_in_the_audit_log(people: People, lan: Actor, store: Store) -> None:
    fail(people, 1)
    people.log_in(login="lan", password=PASSWORD, address=HERE)
    good, bad = audit.entries(store.read(), limit=2)
    assert (good.action, good.who, good.address) == ("login", "lan", HERE)
    assert (bad.action, bad.what, bad.detail) == ("login_failed", "user:lan", {"address": THERE})


def test_what_is_typed_for_a_name_that_nobody_has_is_not_written_down(people: People, store: Store) -> None:
    fail(people, 1, login="my-secret-password")
    assert audit.entries(store.read(), limit=1)[0].what == "user:?"


def test_a_better_hash_is_made_when_the_cost_has_risen(
    people: People, lan: Actor, store: Store, clock: Clock
) -> None:
    dearer = type(cheap_passwords())(time_cost=2, memory_kib=8, parallelism=1)
    People(store=store, passwords=dearer, now=clock).log_in(login="lan", password=PASSWORD, address=HERE)
    assert not dearer.is_outdated(people.account(lan, lan.person.id).password_hash)
