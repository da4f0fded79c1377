"""What this node obeys, on disk before it is obeyed: plan, standing state, orders, and the hub's floor.

Tokens are kept as they were signed and their signatures are checked again at each start: what the disk
damaged is not obeyed.
"""

import json
import logging
from dataclasses import dataclass, replace
from typing import NamedTuple

from edge.clock import Clock
from edge.errors import LedgerError
from edge.ledger import Ledger
from edge.speaker.standing import InForce, in_force
from edge.trust import Floor, Held, Moment, Refusal, Settled, Trust
from edge.wire.entries import PlanAccepted
from edge.wire.orders import Order, OrderKind, Standing, TimeAnswer
from edge.wire.plan import Plan

__all__ = ["Holdings"]

log = logging.getLogger(__name__)

_SILENCING = {OrderKind.STOP, OrderKind.MUTE}


@dataclass(frozen=True)
class _KeptOrder:
    order: Order
    token: str


class _Tokens(NamedTuple):
    """What was refused only because this node could not tell how old it was."""

    plan: bytes | None = None
    standing: bytes | None = None


class Holdings:
    """Used by the node's thread only. What an offer returns is obeyed from then on, `Refusal` excepted."""

    def __init__(self, *, ledger: Ledger, trust: Trust, clock: Clock) -> None:
        self._ledger = ledger
        self._trust = trust
        self._clock = clock
        self._orders: tuple[_KeptOrder, ...] = ()
        self._unproven = _Tokens()
        self.held = Held()

    @property
    def in_force(self) -> InForce:
        """Stopped, muted and volume as they are now."""
        return in_force(self.held.standing, self.held.orders)

    def load(self) -> list[Refusal]:
        """Read what is kept; returns what of it cannot be obeyed any more."""
        refusals: list[Refusal] = []
        self.held = replace(self.held, floor=_read_floor(self._ledger.kept("floor")))
        plan_token, standing_token = self._ledger.kept("plan"), self._ledger.kept("standing")
        plan = self._trust.kept_plan(plan_token) if plan_token else None
        standing = self._trust.kept_standing(standing_token) if standing_token else None
        for kept in (plan, standing):
            if isinstance(kept, Refusal):
                refusals.append(kept)
        self.held = replace(
            self.held,
            plan=None if isinstance(plan, Refusal) else plan,
            standing=None if isinstance(standing, Refusal) else standing,
        )
        self._load_orders(refusals)
        return refusals

    def begin_birth(self, nonce: str) -> None:
        """The node asks for the time with this nonce; only its answer counts."""
        self.held = replace(self.held, nonce=nonce, vouched=self.held.vouched and nonce == self.held.nonce)

    def offer_plan(self, token: bytes) -> Plan | Settled | Refusal:
        """Judge a plan, keep it and obey it."""
        plan = self._trust.plan(token, held=self.held, moment=self._moment())
        if isinstance(plan, Refusal) and plan.reason == "unproven":
            self._unproven = self._unproven._replace(plan=token)
        if not isinstance(plan, Plan):
            return plan
        entry = PlanAccepted(version=plan.version, occurrences=len(plan.occurrences), until=plan.until)
        try:
            with self._ledger.together():
                self._ledger.keep("plan", token)
                self._ledger.append(entry, at=self._clock.now(), clock=self._clock.reading())
        except LedgerError as error:
            return Refusal("plan", "not_kept", str(error)[:200])
        self.held = replace(self.held, plan=plan)
        return plan

    def offer_standing(self, token: bytes) -> Standing | Settled | Refusal:
        """Judge a standing state, keep it and obey it; one that silences, even if it cannot be kept."""
        standing = self._trust.standing(token, held=self.held, moment=self._moment())
        if isinstance(standing, Refusal) and standing.reason == "unproven":
            self._unproven = self._unproven._replace(standing=token)
        if not isinstance(standing, Standing):
            return standing
        later = tuple(kept for kept in self._orders if kept.order.seq > standing.version)
        refusal = self._kept_standing(token, later)
        if refusal is None or standing.stopped is not None or standing.muted:
            self._orders = later
            orders = tuple(kept.order for kept in later)
            self.held = replace(self.held, standing=standing, orders=orders)
        return refusal or standing

    def offer_order(self, token: bytes) -> Order | Settled | Refusal:
        """Judge an order, keep it and obey it; one that silences, even if it cannot be kept."""
        order = self._trust.order(token, held=self.held, moment=self._moment())
        if not isinstance(order, Order):
            return order
        orders = (*self._orders, _KeptOrder(order, token.decode("ascii")))
        refusal = None
        try:
            self._ledger.keep("orders", _write_orders(orders))
        except LedgerError as error:
            refusal = Refusal("order", "not_kept", str(error)[:200])
        if refusal is None or order.kind in _SILENCING:
            self._orders = orders
            self.held = replace(self.held, orders=tuple(kept.order for kept in orders))
        return refusal or order

    def offer_time(self, token: bytes) -> TimeAnswer | Settled | Refusal:
        """Judge the answer to the question for the time; its floor holds from now on."""
        answer = self._trust.time_answer(token, held=self.held)
        if not isinstance(answer, TimeAnswer):
            return answer
        floor = Floor(
            plan=max(self.held.floor.plan, answer.plan),
            standing=max(self.held.floor.standing, answer.standing),
            order=max(self.held.floor.order, answer.order),
        )
        self.held = replace(self.held, floor=floor, nonce="", vouched=True)
        try:
            self._ledger.keep("floor", json.dumps(vars(floor)).encode())
        except LedgerError as error:
            log.warning("the hub's floor could not be kept: %s", error)
        return answer

    def take_unproven(self) -> tuple[bytes | None, bytes | None]:
        """The standing state and plan that may be judged again after the hub's answer; once."""
        taken, self._unproven = self._unproven, _Tokens()
        return taken.standing, taken.plan

    def _moment(self) -> Moment:
        return Moment(now=self._clock.now(), clock=self._clock.reading())

    def _kept_standing(self, token: bytes, later: tuple[_KeptOrder, ...]) -> Refusal | None:
        try:
            with self._ledger.together():
                self._ledger.keep("standing", token)
                self._ledger.keep("orders", _write_orders(later))
        except LedgerError as error:
            return Refusal("standing", "not_kept", str(error)[:200])
        return None

    def _load_orders(self, refusals: list[Refusal]) -> None:
        covered = self.held.standing.version if self.held.standing is not None else 0
        kept = []
        for token in _read_tokens(self._ledger.kept("orders")):
            order = self._trust.kept_order(token.encode())
            if isinstance(order, Refusal):
                refusals.append(order)
            elif order.seq > covered:
                kept.append(_KeptOrder(order, token))
        self._orders = tuple(kept)
        self.held = replace(self.held, orders=tuple(one.order for one in kept))


def _write_orders(orders: tuple[_KeptOrder, ...]) -> bytes:
    return json.dumps([kept.token for kept in orders]).encode()


def _read_tokens(raw: bytes | None) -> list[str]:
    try:
        tokens = json.loads(raw or b"[]")
    except ValueError:
        return []
    return [token for token in tokens if isinstance(token, str)] if isinstance(tokens, list) else []


def _read_floor(raw: bytes | None) -> Floor:
    try:
        found = json.loads(raw or b"{}")
        return Floor(**{name: int(found.get(name, 0)) for name in ("plan", "standing", "order")})
    except (ValueError, TypeError, AttributeError):
        return Floor()
