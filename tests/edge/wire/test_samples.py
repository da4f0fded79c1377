"""The bytes of the contract. A sample that has to change is a change of the contract: raise its version."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from edge.wire import entries, messages, orders, plan
from edge.wire.base import ClockState, Message, Priority
from edge.wire.messages import LedgerEntry
from edge.wire.signing import SignedKind
from tests import factories as make
from tests import factories_papers as make_papers

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "wire"


def full_plan() -> plan.Plan:
    return make.plan(
        house_rules=make.house_rules(exceptions=(make.quiet_exception(),)),
        occurrences=(
            make.occurrence(recordings=(make.SHA256, make.OTHER_SHA256), gap_ms=500, duration_ms=24_500),
            make.occurrence(
                id="o-2",
                priority=Priority.PRIORITY,
                due_at=make.NOW + timedelta(hours=1),
                misfire=plan.Misfire(rule=plan.MisfireRule.LATE, late_s=300),
                volume=70,
            ),
        ),
    )


def full_health() -> messages.Health:
    return make.health(
        clock=make.reading(ClockState.HOLDOVER, 180.25),
        plan=make.VERSION,
        standing=make.VERSION,
        order=make.VERSION,
        missing=(make.SHA256,),
        unstored=12,
        disk_free=24_000_000_000,
        memory=61_000_000,
        load_1min=0.12,
        temperature_c=51.5,
        faults=("device_missing",),
    )


MESSAGES: dict[str, Callable[[], Message]] = {
    "hub-here": make.hub_state,
    "hub-gone": lambda: make.hub_state(here=False),
    "birth": make.birth,
    "birth-without-time": lambda: make.birth(clock=make.reading(ClockState.UNTRUSTED, None), plan=0),
    "gone": make.gone,
    "health": full_health,
    "health-least": make.health,
    "ledger-batch": lambda: make.ledger_batch(
        entries=(make.ledger_entry(), make.ledger_entry(make.finished(), seq=2))
    ),
    "stored": make.stored,
    "time-request": make.time_request,
    "time-answer": lambda: make.time_answer(plan=make.VERSION, standing=make.VERSION, order=make.VERSION),
    "time-answer-unsure": lambda: make.time_answer(plan=make.VERSION, unsure=True),
    "plan": full_plan,
    "standing": make.standing,
    "standing-stopped": lambda: make.standing(stopped=make.stop_mark(), muted=True, volume=80),
    "standing-emergency": lambda: make.standing(emergencies=(make.emergency(),)),
    "order": make.order,
    "order-volume": lambda: make.order(aud="area:to-2", kind=orders.OrderKind.VOLUME, value=60),
    "papers": make_papers.papers,
    "application": make_papers.application,
    "admission": make_papers.admission,
    "succession": make_papers.succession,
    "order-emergency": make.emergency_order,
    "order-cancel": lambda: make.order(seq=make.VERSION + 1, kind=orders.OrderKind.CANCEL, cancels="e-1"),
}
SIGNED = {
    "plan": SignedKind.PLAN,
    "standing-stopped": SignedKind.STANDING,
    "standing-emergency": SignedKind.STANDING,
    "order": SignedKind.ORDER,
    "order-emergency": SignedKind.ORDER,
    "time-answer": SignedKind.TIME,
    "succession": SignedKind.SUCCESSION,
}
BODIES = {body.kind: body for body in make.bodies()}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_encoded_as_its_sample(name: str) -> None:
    assert MESSAGES[name]().encode() == (SAMPLES / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_sample_is_read_as_its_message(name: str) -> None:
    message = MESSAGES[name]()
    assert type(message).decode((SAMPLES / f"{name}.json").read_bytes()) == message


@pytest.mark.parametrize("kind", BODIES)
def test_an_entry_is_encoded_as_its_sample(kind: str) -> None:
    entry = make.ledger_entry(BODIES[kind])
    assert entry.model_dump_json().encode() == (SAMPLES / f"entry-{kind}.json").read_bytes()


@pytest.mark.parametrize("kind", BODIES)
def test_the_body_of_a_sample_entry_is_read(kind: str) -> None:
    entry = LedgerEntry.model_validate_json((SAMPLES / f"entry-{kind}.json").read_bytes())
    assert entries.read_body(entry.kind, entry.body) == BODIES[kind]


@pytest.mark.parametrize("name", SIGNED)
def test_a_sample_is_signed_as_its_token(name: str) -> None:
    payload = (SAMPLES / f"{name}.json").read_bytes()
    assert make.signing_key().sign(SIGNED[name], payload) == (SAMPLES / f"{name}.jws").read_bytes()


@pytest.mark.parametrize("name", SIGNED)
def test_a_sample_token_opens_to_its_payload(name: str) -> None:
    payload = make.keyring().open(SIGNED[name], (SAMPLES / f"{name}.jws").read_bytes())
    assert payload == (SAMPLES / f"{name}.json").read_bytes()


def test_every_kind_of_entry_has_a_sample() -> None:
    assert set(BODIES) == set(entries.BODIES)


def test_every_message_has_a_sample() -> None:
    known = {kind for kind in _descendants(Message) if kind.__module__.startswith("edge.wire")}
    assert {type(sample()) for sample in MESSAGES.values()} == known


def test_no_sample_is_left_over() -> None:
    wanted = {f"{name}.json" for name in MESSAGES} | {f"{name}.jws" for name in SIGNED}
    wanted |= {f"entry-{kind}.json" for kind in BODIES}
    assert {path.name for path in SAMPLES.iterdir()} == wanted


def _descendants(kind: type[Message]) -> set[type[Message]]:
    return {each for child in kind.__subclasses__() for each in {child} | _descendants(child)}
