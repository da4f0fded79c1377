"""What is in force: the standing state with the later orders laid over it."""

from typing import Any

import pytest

from edge.speaker.standing import InForce, in_force
from edge.wire.orders import Order, OrderKind
from tests import factories as make


def order(kind: OrderKind, seq: int, value: int | None = None) -> Order:
    return make.order(kind=kind, seq=seq, value=value)


def test_without_anything_the_node_may_sound_at_full_volume() -> None:
    assert in_force(None, ()) == InForce(stopped=None, muted=False, volume=100)


def test_a_standing_state_says_all() -> None:
    standing = make.standing(stopped=make.stop_mark(), muted=True, volume=40)
    assert in_force(standing, ()) == InForce(stopped=make.stop_mark(), muted=True, volume=40)


def test_a_later_stop_is_laid_over_it() -> None:
    state = in_force(make.standing(version=5), (order(OrderKind.STOP, 6),))
    assert state.stopped is not None
    assert (state.stopped.seq, state.stopped.by) == (6, make.order().by)


def test_an_earlier_order_is_already_in_it() -> None:
    assert in_force(make.standing(version=5), (order(OrderKind.STOP, 5),)).stopped is None


@pytest.mark.parametrize("arrived", [(6, 7), (7, 6)])
def test_the_highest_number_has_the_last_word_however_orders_arrive(arrived: tuple[int, int]) -> None:
    kinds = {6: OrderKind.STOP, 7: OrderKind.RESUME}
    state = in_force(make.standing(version=5), tuple(order(kinds[seq], seq) for seq in arrived))
    assert state.stopped is None


def test_unmute_ends_a_mute() -> None:
    assert not in_force(make.standing(version=5, muted=True), (order(OrderKind.UNMUTE, 6),)).muted


def test_volume_zero_is_a_volume() -> None:
    assert in_force(make.standing(version=5), (order(OrderKind.VOLUME, 6, 0),)).volume == 0


def begun(seq: int = 6, **changes: Any) -> Order:
    return make.emergency_order(seq=seq, **changes)


def test_an_emergency_order_is_laid_over_the_standing_state() -> None:
    assert in_force(make.standing(version=5), (begun(),)).emergencies == (make.emergency(seq=6),)


def test_an_emergency_of_the_standing_state_is_in_force() -> None:
    running = (make.emergency(),)
    assert in_force(make.standing(emergencies=running), ()).emergencies == running


def test_a_cancelled_emergency_is_over_and_others_go_on() -> None:
    cancelled = make.order(kind=OrderKind.CANCEL, seq=8, cancels="e-1")
    state = in_force(make.standing(version=5), (begun(), begun(7, id="e-2"), cancelled))
    assert [each.id for each in state.emergencies] == ["e-2"]


def test_a_stop_ends_an_emergency_also_after_it_is_lifted() -> None:
    orders = (begun(6), order(OrderKind.STOP, 7), order(OrderKind.RESUME, 8))
    assert in_force(make.standing(version=5), orders).emergencies == ()


def test_an_emergency_issued_after_a_stop_is_not_silenced_by_it() -> None:
    state = in_force(make.standing(version=5), (order(OrderKind.STOP, 6), begun(7)))
    assert state.stop_for(7) is None
    assert state.stop_for(0) is not None


def test_an_emergency_issued_before_a_stop_is_silenced_by_it() -> None:
    assert in_force(make.standing(version=5), (order(OrderKind.STOP, 6),)).stop_for(5) is not None
