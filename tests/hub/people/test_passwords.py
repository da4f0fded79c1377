"""Passwords: hashed, judged, generated."""

import pytest

from hub.people.passwords import generate, weaknesses
from tests.factories_people import cheap_passwords


def codes(password: str, login: str = "lan") -> list[str]:
    return [problem.code for problem in weaknesses(password, login=login)]


def test_the_password_that_made_a_hash_verifies() -> None:
    passwords = cheap_passwords()
    assert passwords.verify(passwords.hash("một hai ba bốn"), "một hai ba bốn")


def test_another_password_does_not_verify() -> None:
    passwords = cheap_passwords()
    assert not passwords.verify(passwords.hash("một hai ba bốn"), "một hai ba năm")


def test_nobody_has_no_password_at_all() -> None:
    assert not cheap_passwords().verify(None, "anything")


def test_a_damaged_hash_verifies_nothing() -> None:
    assert not cheap_passwords().verify("$argon2id$broken", "anything")


def test_half_a_character_is_only_a_wrong_password() -> None:
    passwords = cheap_passwords()
    assert not passwords.verify(passwords.hash("một hai ba bốn"), "\ud800")


def test_a_hash_names_argon2id() -> None:
    assert cheap_passwords().hash("một hai ba bốn").startswith("$argon2id$")


def test_a_hash_of_another_cost_is_outdated() -> None:
    passwords = cheap_passwords()
    dearer = type(passwords)(time_cost=2, memory_kib=8, parallelism=1)
    assert passwords.is_outdated(dearer.hash("một hai ba bốn"))


def test_generated_passwords_differ_and_will_do() -> None:
    made = {generate() for _ in range(100)}
    assert len(made) == 100
    assert not any(codes(each) for each in made)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("123456789", "password_too_short"),
        ("x" * 201, "password_too_long"),
        ("aaaaaaaaaaaa", "password_too_plain"),
        ("my name is Lan", "password_too_plain"),
    ],
)
def test_a_weak_password_is_named_as_such(password: str, code: str) -> None:
    assert codes(password) == [code]
