"""The recovery key as it stands on paper: eight groups of five letters and digits, to be typed without error.

Seven groups hold the secret (31^28: 138 bits), the eighth its sum; the last letter of each is its group's
check letter. As 31 is a prime, a wrong letter, neighbours swapped and groups swapped are always noticed, and
the group is named; whatever else, but for one in a million.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Self

from edge.wire.signing import SigningKey

__all__ = ["PaperKey"]

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which look alike
_GROUPS, _GROUP = 8, 5
_HELD = _GROUP - 1
_SECRET = (_GROUPS - 1) * _HELD


@dataclass(frozen=True)
class PaperKey:
    """A recovery key; `secret` is what its letters hold."""

    secret: str

    LETTERS: ClassVar[int] = _GROUPS * _GROUP

    @classmethod
    def generate(cls) -> Self:
        """A new one, at random."""
        return cls("".join(secrets.choice(_LETTERS) for _ in range(_SECRET)))

    @staticmethod
    def letters_in(text: str) -> str:
        """What counts of what was typed."""
        return "".join(each for each in text.upper() if each.isalnum())

    @classmethod
    def read(cls, text: str) -> Self:
        """What a person typed, in either case, with whatever between the groups.

        Raises ValueError that names the group which is wrong.
        """
        letters = cls.letters_in(text)
        if len(letters) != cls.LETTERS:
            raise ValueError(
                f"wanted {_GROUPS} groups of {_GROUP} letters and digits, {cls.LETTERS} in all;"
                f" found {len(letters)}"
            )
        groups = [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]
        for number, group in enumerate(groups, 1):
            _check(number, group)
        key = cls("".join(group[:_HELD] for group in groups)[:_SECRET])
        if str(key) != _spaced(groups):
            raise ValueError("each group holds, but they do not belong together: compare all with the paper")
        return key

    def __str__(self) -> str:
        held = self.secret + _sum(self.secret)
        parts = [held[at : at + _HELD] for at in range(0, len(held), _HELD)]
        return _spaced([part + _check_letter(number, part) for number, part in enumerate(parts, 1)])

    def __repr__(self) -> str:
        return "PaperKey()"

    def signing_key(self) -> SigningKey:
        """The key that it is."""
        return SigningKey.derived(f"loa recovery key {self.secret}".encode())


def _spaced(groups: list[str]) -> str:
    return " ".join(groups)


def _check(number: int, group: str) -> None:
    if strange := set(group) - set(_LETTERS):
        raise ValueError(f"group {number} ({group}): no {', '.join(sorted(strange))} is ever in such a key")
    if _check_letter(number, group[:_HELD]) != group[_HELD]:
        raise ValueError(f"group {number} ({group}) is not as it was printed: compare it with the paper")


def _check_letter(number: int, held: str) -> str:
    weighed = sum(weight * _LETTERS.index(letter) for weight, letter in enumerate(held, 1))
    return _LETTERS[(weighed + number) % len(_LETTERS)]


def _sum(secret: str) -> str:
    rest = int.from_bytes(sha256(f"loa paper key {secret}".encode()).digest())
    letters = []
    for _ in range(_HELD):
        rest, place = divmod(rest, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)
