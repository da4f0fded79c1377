"""Enrolment: how a node asks to be one of the site's, and what the hub gives it. Nothing in it is secret.

A node makes its private key itself and never gives it away; it sends a certificate signing request. A
technician who is logged in at both carries request and papers over (that channel is trusted). Everybody else
carries a one-time code from the hub to the node: both sides then prove that they know it, with HMAC-SHA256
(RFC 2104), over what they send. The code itself never travels, so who listens or stands between can neither
enrol nor answer in the hub's place, and the connection's certificate need not be known yet.
"""

import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from edge.wire.base import Message, Name

__all__ = ["Admission", "Application", "Code", "Papers"]

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which look alike
_GROUP, _ID_GROUPS, _GROUPS = 4, 1, 5  # 31^16 secrets: 79 bits

Pem = Annotated[str, StringConstraints(min_length=64, max_length=16_384, pattern=r"^[\x0a\x20-\x7e]*$")]
CodeId = Annotated[str, StringConstraints(pattern=f"^[{_LETTERS}]{{{_GROUP}}}$")]
Mac = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Papers(Message):
    """What makes a Pi one of the site's nodes: sections of `node.toml`, its certificate, and the authority
    that signed it and the hub's own. `is_new` tells that the certificate was signed now."""

    node: Name
    settings: Annotated[dict[str, dict[str, Any]], Field(max_length=16)]
    certificate: Pem
    authority: Pem
    is_new: bool


class Application(Message):
    """A request under a one-time code; `code` is the code's public part."""

    code: CodeId
    request: Pem
    mac: Mac


class Admission(Message):
    """The answer; `papers` are the bytes of `Papers`, as text, that `mac` vouches for."""

    papers: Annotated[str, StringConstraints(max_length=65_536)]
    mac: Mac


@dataclass(frozen=True)
class Code:
    """A one-time code: `id` says which, `secret` proves it."""

    id: str
    secret: str

    @classmethod
    def generate(cls) -> Self:
        """A new code, at random."""
        return cls.read("".join(secrets.choice(_LETTERS) for _ in range(_GROUP * _GROUPS)))

    @classmethod
    def read(cls, text: str) -> Self:
        """What a person typed, in either case, with or without hyphens and spaces. Raises ValueError."""
        letters = text.upper().replace("-", "").replace(" ", "")
        if len(letters) != _GROUP * _GROUPS or not set(letters) <= set(_LETTERS):
            raise ValueError(
                f"a code is {_GROUPS} groups of {_GROUP} letters and digits, without I, L, O, 0, 1"
            )
        return cls(id=letters[: _GROUP * _ID_GROUPS], secret=letters[_GROUP * _ID_GROUPS :])

    def __str__(self) -> str:
        letters = self.id + self.secret
        return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))

    def __repr__(self) -> str:
        return f"Code(id={self.id!r})"

    def application(self, request: str) -> Application:
        """The node's side: ask with this request (PEM)."""
        return Application(code=self.id, request=request, mac=self._mac("application", request))

    def vouches_for(self, application: Application) -> bool:
        """The hub's side: whether the application was made with this code."""
        return hmac.compare_digest(application.mac, self._mac("application", application.request))

    def admission(self, papers: Papers, *, to: Application) -> Admission:
        """The hub's side: answer an application."""
        text = papers.encode().decode()
        return Admission(papers=text, mac=self._mac("admission", to.mac, text))

    def papers(self, admission: Admission, *, to: Application) -> Papers | None:
        """The node's side: what was given in answer to `to`; None if who answered does not know the code.
        Raises `UnknownVersion`, `Unreadable`."""
        if not hmac.compare_digest(admission.mac, self._mac("admission", to.mac, admission.papers)):
            return None
        return Papers.decode(admission.papers.encode())

    def _mac(self, kind: Literal["application", "admission"], *parts: str) -> str:
        text = "\0".join((f"loa {kind}", *parts))
        return hmac.digest(self.secret.encode(), text.encode(), "sha256").hex()
