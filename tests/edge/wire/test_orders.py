"""What an order may say of emergencies."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from edge.wire.errors import Unreadable
from edge.wire.orders import Order, OrderKind
from tests import factories as make


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": OrderKind.EMERGENCY},
        {"emergency": make.emergency()},
        {"kind": OrderKind.CANCEL},
        {"cancels": "e-1"},
        {"kind": OrderKind.EMERGENCY, "seq": make.VERSION + 1, "emergency": make.emergency()},
    ],
)
def test_what_does_not_fit_the_kind_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make.order(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"until": make.NOW},
        {"until": make.NOW + timedelta(days=2)},
        {"repeat_every_s": 11},
        {"recordings": ()},
    ],
)
def test_an_emergency_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make.emergency(**changes)


def test_an_order_says_nothing_of_emergencies_that_it_does_not_begin() -> None:
    assert b"emergency" not in make.order().encode()


def test_a_standing_state_says_nothing_of_emergencies_when_none_runs() -> None:
    assert b"emergencies" not in make.standing().encode()


def test_an_emergency_with_an_unknown_field_is_refused() -> None:
    raw = make.emergency_order().encode().replace(b'"gap_ms":0', b'"gap_ms":0,"loud":1')
    with pytest.raises(Unreadable):
        Order.decode(raw)
