"""Succession: another key and another authority of a site, after the old ones were stolen or lost.

The recovery key alone signs it, as `loa-succession`, and signs nothing else. Its signature alone protects the
message: who carries it proves nothing, and may be anybody.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator

from edge.wire.base import Message, Name, Number
from edge.wire.papers import Pem
from edge.wire.signing import Keyring

__all__ = ["LONGEST_SUCCESSION", "PublicKey", "Succession"]

LONGEST_SUCCESSION = 32 * 1024
"""In bytes, as it is signed."""


def _public_key(text: str) -> str:
    Keyring(text)
    return text


PublicKey = Annotated[str, AfterValidator(_public_key)]


class Succession(Message):
    """From now on the site's key is `key`, and `authority` (its certificate) signs for its nodes and its hub.

    `number` is above that of every key of the site before it.
    """

    site: Name
    aud: Literal["all"]
    number: Number
    key: PublicKey
    authority: Pem
