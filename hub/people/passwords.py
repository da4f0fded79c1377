"""Passwords: hashed with Argon2id, judged, generated."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.errors import Problem

__all__ = ["MAX_LENGTH", "MIN_LENGTH", "Passwords", "generate", "weaknesses"]

MIN_LENGTH = 10
MAX_LENGTH = 200
_LEAST_DIFFERENT = 5

# Without letters and digits that are taken for one another when read aloud or from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4
_GROUP_LENGTH = 5


def generate() -> str:
    """A password to hand over once: about 98 bits, in groups that can be read aloud."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def weaknesses(password: str, *, login: str) -> list[Problem]:
    """What forbids `password`, in codes; empty when it will do."""
    if len(password) < MIN_LENGTH:
        return [Problem("password_too_short", "password", {"least": MIN_LENGTH})]
    if len(password) > MAX_LENGTH:
        return [Problem("password_too_long", "password", {"most": MAX_LENGTH})]
    if login.lower() in password.lower() or len(set(password)) < _LEAST_DIFFERENT:
        return [Problem("password_too_plain", "password", {"different": _LEAST_DIFFERENT})]
    return []


class Passwords:
    """Argon2id with a stated cost. Each hash takes `memory_kib` while it runs, so few run `at_once`."""

    def __init__(
        self, *, time_cost: int = 3, memory_kib: int = 65_536, parallelism: int = 4, at_once: int = 2
    ) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._turns = threading.Semaphore(at_once)
        self._nobodys = self.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """The hash with its salt and cost, as text."""
        with self._turns:
            return self._hasher.hash(_bytes(password))

    def verify(self, known: str | None, password: str) -> bool:
        """Whether `password` made the hash `known`; for None (nobody) it takes as long and is False."""
        with self._turns:
            try:
                good = self._hasher.verify(known or self._nobodys, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return good and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether the hash was made at another cost than the present one."""
        return self._hasher.check_needs_rehash(known)


def _bytes(password: str) -> bytes:
    # JSON can carry half a character; it must be a wrong password, not a fault.
    return password.encode("utf-8", "surrogatepass")
