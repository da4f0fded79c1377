"""Whether a node obeys what it was sent. Pure: tokens and what is held go in, a verdict comes out.

A signature alone is not enough: it must be for this site and this node, newer than what is held, and no older
than the hub says it may be. A node without a past of its own (a new card) and without a trusted clock cannot
tell a recording from the truth, so it obeys only after the hub answered the nonce of its present birth.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from edge.wire.base import ClockReading, ClockState
from edge.wire.errors import BadMessage
from edge.wire.orders import AUDIENCE_ALL, Order, Standing, TimeAnswer, audience_of_area
from edge.wire.plan import Plan, audience_of_node
from edge.wire.signing import Keyring, SignedKind
from edge.wire.succession import Succession

__all__ = ["Floor", "Held", "Moment", "Refusal", "Settled", "Trust", "is_trusted", "succession"]


@dataclass(frozen=True)
class Moment:
    """The node's own wall clock and how far to believe it."""

    now: datetime
    clock: ClockReading


@dataclass(frozen=True)
class Floor:
    """The lowest numbers that may still be accepted, as the hub last said."""

    plan: int = 0
    standing: int = 0
    order: int = 0


@dataclass(frozen=True)
class Held:
    """What the node obeys now; `nonce` is its present birth's, `vouched` whether the hub answered it."""

    plan: Plan | None = None
    standing: Standing | None = None
    orders: tuple[Order, ...] = ()
    floor: Floor = field(default_factory=Floor)
    nonce: str = ""
    vouched: bool = False

    @property
    def latest_order(self) -> int:
        """The highest number of order or standing state that is obeyed; 0 for none."""
        settled = self.standing.version if self.standing is not None else 0
        return max((order.seq for order in self.orders), default=settled)


@dataclass(frozen=True)
class Refusal:
    """Why something is not obeyed; `reason` is a short code.

    malformed, wrong_kind, unknown_key, bad_signature, unreadable, unknown_version, too_large: see the wire.
    wrong_site, wrong_node: signed for someone else. replayed: older than what is held or than the hub allows.
    expired: its `not_after` has passed. unproven: a new card without trusted time, before the hub's answer.
    wrong_nonce: an answer to another question.
    """

    what: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Settled:
    """Nothing new: it is already obeyed, or what is held already says so."""


def succession(token: bytes, *, recovery: Keyring, site: str, number: int) -> Succession | Settled | Refusal:
    """Whether other keys of the site take the place of those that are pinned under `number`."""
    try:
        told = Succession.decode(recovery.open(SignedKind.SUCCESSION, token))
    except BadMessage as error:
        return Refusal("succession", error.reason, error.detail[:200])
    if told.site != site:
        return Refusal("succession", "wrong_site", told.site)
    if told.number < number:
        return Refusal("succession", "replayed", f"number {told.number}; held {number}")
    return Settled() if told.number == number else told


def is_trusted(clock: ClockReading) -> bool:
    """Whether the wall clock's error has a bound."""
    return clock.state is ClockState.SYNCED or (
        clock.state is ClockState.HOLDOVER and clock.bound_ms is not None
    )


class _Addressed(Protocol):
    @property
    def site(self) -> str: ...

    @property
    def aud(self) -> str: ...


_Signed = TypeVar("_Signed", Plan, Standing, Order, TimeAnswer)


class Trust:
    """One node's judgement: which keys it pins, which site it belongs to, which names it answers to."""

    def __init__(self, *, keyring: Keyring, site: str, node: str, areas: tuple[str, ...]) -> None:
        self._keyring = keyring
        self._site = site
        self._alone = frozenset({audience_of_node(node)})
        self._shared = self._alone | {AUDIENCE_ALL} | {audience_of_area(area) for area in areas}

    def kept_plan(self, token: bytes) -> Plan | Refusal:
        """A plan that this node accepted before: its versions are not judged again."""
        return self._opened(Plan, SignedKind.PLAN, token, self._alone)

    def kept_standing(self, token: bytes) -> Standing | Refusal:
        """A standing state that this node accepted before."""
        return self._opened(Standing, SignedKind.STANDING, token, self._shared)

    def kept_order(self, token: bytes) -> Order | Refusal:
        """An order that this node accepted before."""
        return self._opened(Order, SignedKind.ORDER, token, self._shared)

    def plan(self, token: bytes, *, held: Held, moment: Moment) -> Plan | Settled | Refusal:
        """Whether to obey a plan."""
        plan = self.kept_plan(token)
        if isinstance(plan, Refusal):
            return plan
        known = held.plan.version if held.plan is not None else 0
        proven = held.vouched or known > 0 or held.floor.plan > 0
        return (
            _newer("plan", plan, known=known, floor=held.floor.plan)
            or _unproven("plan", proven, moment)
            or plan
        )

    def standing(self, token: bytes, *, held: Held, moment: Moment) -> Standing | Settled | Refusal:
        """Whether to obey a standing state. One that repeats what orders already did is new all the same."""
        standing = self.kept_standing(token)
        if isinstance(standing, Refusal):
            return standing
        known = held.standing.version if held.standing is not None else 0
        proven = held.vouched or held.latest_order > 0 or held.floor.standing > 0
        return (
            _newer("standing", standing, known=known, floor=held.floor.standing)
            or _unproven("standing", proven, moment)
            or standing
        )

    def order(self, token: bytes, *, held: Held, moment: Moment) -> Order | Settled | Refusal:
        """Whether to obey an order. One that comes again in its time, or that the standing state covers, is
        settled; after its time it is a recording, whether it was obeyed or not."""
        order = self.kept_order(token)
        if isinstance(order, Refusal):
            return order
        if _is_over(order.not_after, moment):
            return Refusal(
                "order", "expired", f"{order.seq} was to be obeyed until {order.not_after.isoformat()}"
            )
        covered = held.standing is not None and order.seq <= held.standing.version
        if covered or any(order.seq == known.seq for known in held.orders):
            return Settled()
        if order.seq < held.floor.order:
            return Refusal("order", "replayed", f"{order.seq}; the hub allows {held.floor.order} and later")
        proven = held.vouched or held.latest_order > 0 or held.floor.order > 0
        return _unproven("order", proven, moment) or order

    def time_answer(self, token: bytes, *, held: Held) -> TimeAnswer | Settled | Refusal:
        """Whether an answer is to the question of the present birth."""
        answer = self._opened(TimeAnswer, SignedKind.TIME, token, self._alone)
        if isinstance(answer, Refusal):
            return answer
        if not held.nonce or not hmac.compare_digest(answer.nonce.encode(), held.nonce.encode()):
            return Refusal("time", "wrong_nonce")
        return Settled() if held.vouched else answer

    def _opened(
        self, model: type[_Signed], kind: SignedKind, token: bytes, audience: frozenset[str]
    ) -> _Signed | Refusal:
        what = kind.value.removeprefix("loa-")
        try:
            message = model.decode(self._keyring.open(kind, token))
        except BadMessage as error:
            return Refusal(what, error.reason, error.detail[:200])
        return self._misaddressed(what, message, audience) or message

    def _misaddressed(self, what: str, message: _Addressed, audience: frozenset[str]) -> Refusal | None:
        if message.site != self._site:
            return Refusal(what, "wrong_site", message.site)
        if message.aud not in audience:
            return Refusal(what, "wrong_node", message.aud[:100])
        return None


def _newer(what: str, message: Plan | Standing, *, known: int, floor: int) -> Settled | Refusal | None:
    if message.version == known:
        return Settled()
    if message.version < max(known, floor):
        return Refusal(
            what, "replayed", f"version {message.version}; held {known}, the hub allows from {floor}"
        )
    return None


def _unproven(what: str, proven: bool, moment: Moment) -> Refusal | None:
    if proven or is_trusted(moment.clock):
        return None
    return Refusal(what, "unproven", "no past, no trusted clock, and no answer from the hub yet")


def _is_over(not_after: datetime, moment: Moment) -> bool:
    """Only a trusted clock can tell, and only beyond its own error."""
    if not is_trusted(moment.clock):
        return False
    return moment.now - timedelta(milliseconds=moment.clock.bound_ms or 0) > not_after
