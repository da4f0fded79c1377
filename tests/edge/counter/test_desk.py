from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from edge.counter.events import Answer, Touched
from edge.counter.presses import Rules, Span
from edge.errors import LedgerError, LedgerFull
from edge.wire.base import ClockState
from edge.wire.entries import Fault, Mended, Pressed, PressSource, Uncounted
from tests import factories as make
from tests.fakes_counter import Counter

KEY = "0123456789abcdef0123456789abcdef"


def presses(counter: Counter) -> list[Pressed]:
    return [body for body in counter.entries(Pressed) if isinstance(body, Pressed)]


def fill_the_disk(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise LedgerFull("database or disk is full")

    monkeypatch.setattr(counter.ledger, "append", full)


def test_a_press_is_recorded_and_thanked(counter: Counter) -> None:
    counter.press(4)
    assert [(one.level, one.levels, one.source, one.counted) for one in presses(counter)] == [
        (4, 4, PressSource.BUTTON, True)
    ]
    assert counter.lamp.is_on


def test_the_lamp_thanks_only_for_what_is_on_the_disk(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    lit: list[bool] = []
    together = counter.journal.together

    def watched(work: object) -> bool:
        lit.append(counter.lamp.is_on)
        return together(work)  # type: ignore[arg-type]

    monkeypatch.setattr(counter.journal, "together", watched)
    counter.press(1)
    assert lit == [False]
    assert counter.lamp.is_on


def test_the_lamp_goes_out_again(counter: Counter) -> None:
    counter.press(1)
    counter.run(2)
    assert not counter.lamp.is_on


def test_thanks_come_within_the_time_a_hand_waits(counter: Counter) -> None:
    counter.press(1)
    assert counter.desk.last_thanks_ms is not None
    assert counter.desk.last_thanks_ms <= 150


def test_a_full_disk_is_not_thanked_for(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(counter, monkeypatch)
    counter.press(1)
    assert not counter.lamp.is_on
    assert any(fault.startswith("press_not_kept") for fault in counter.faults.present())


def test_with_room_again_presses_count_and_the_fault_is_over(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as while_full:
        fill_the_disk(counter, while_full)
        counter.press(1)
    counter.press(1)
    assert [one.counted for one in presses(counter)] == [True]
    assert counter.faults.present() == ()


def test_a_touch_on_a_full_disk_is_answered_as_lost(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_the_disk(counter, monkeypatch)
    assert counter.touch(2, KEY) == ["lost"]


def test_a_press_within_the_interval_is_kept_and_thanked(counter: Counter) -> None:
    counter.press(4)
    counter.run(2)
    counter.press(1)
    assert [one.reason for one in presses(counter)] == [None, Uncounted.INTERVAL]
    assert counter.lamp.is_on


def test_a_button_held_for_an_hour_is_one_press_and_a_fault_while_it_lasts(counter: Counter) -> None:
    counter.down(2)
    counter.run(3_600)
    assert len(presses(counter)) == 1
    assert counter.faults.present() == ("button_stuck: 2",)
    counter.up(2)
    assert counter.faults.present() == ()
    assert len(counter.entries(Fault, Mended)) == 2


def test_a_button_found_down_at_the_start_is_no_press(counter: Counter) -> None:
    counter.down(3, at_boot=True)
    counter.run(60)
    assert presses(counter) == []
    assert counter.faults.present() == ("button_stuck: 3",)


def test_fifty_presses_a_second_are_all_kept(counter: Counter) -> None:
    for _ in range(50):
        counter.press(1, hold_s=0.01)
        counter.run(0.01)
    counter.run(1)
    kept = presses(counter)
    assert len(kept) == 50
    assert [one.counted for one in kept].count(True) == 1


def test_how_long_a_short_press_lasted_is_kept(counter: Counter) -> None:
    counter.press(1, hold_s=0.03)
    counter.run(1)
    assert [one.held_ms for one in presses(counter)] == [30]


def test_a_burst_is_not_thanked_for(counter: Counter) -> None:
    for _ in range(20):
        counter.press(1, hold_s=0.1)
    counter.run(5)
    counter.press(1)
    assert not counter.lamp.is_on


def test_a_touch_sent_twice_is_one_press_and_two_answers(counter: Counter) -> None:
    assert counter.touch(2, KEY) + counter.touch(2, KEY) == ["counted", "counted"]
    assert len(presses(counter)) == 1


def test_a_touch_sent_again_before_it_is_judged_is_answered(counter: Counter) -> None:
    answers: list[Answer] = []
    touch = Touched(2, KEY, counter.clock.monotonic(), counter.clock.now(), lambda _: None)
    counter.node.handle(touch)
    counter.node.handle(replace(touch, answer=answers.append))
    counter.run(0.1)
    assert answers == ["counted"]
    assert len(presses(counter)) == 1


def test_a_press_is_not_kept_where_the_sums_cannot_be_read(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise LedgerError("disk I/O error")

    monkeypatch.setattr(counter.ledger, "id", uuid4())
    with monkeypatch.context() as while_damaged:
        while_damaged.setattr(counter.ledger, "batch", damaged)
        assert counter.touch(2, KEY) == ["lost"]
    assert counter.touch(2, KEY) == ["counted"]


def test_a_touch_sent_again_after_the_plug_was_pulled_is_still_one(counter: Counter) -> None:
    counter.touch(2, KEY)
    counter.pull_the_plug()
    counter.boot()
    assert counter.touch(2, KEY) == ["counted"]
    assert len(presses(counter)) == 1


def test_a_level_that_is_not_set_up_is_kept_uncounted_and_not_thanked(counter: Counter) -> None:
    assert counter.touch(5, KEY) == ["kept"]
    assert [one.reason for one in presses(counter)] == [Uncounted.UNKNOWN_LEVEL]
    assert not counter.lamp.is_on


def test_a_lamp_that_cannot_be_switched_is_a_fault_and_the_press_is_kept(counter: Counter) -> None:
    counter.lamp.refuses = True
    counter.press(1)
    assert [one.counted for one in presses(counter)] == [True]
    assert any(fault.startswith("lamp") for fault in counter.faults.present())


def test_a_clock_that_is_not_trusted_closes_nothing(tmp_path: Path) -> None:
    counter = Counter(tmp_path, rules=Rules(open=(Span.parse("03:00-03:01"),))).boot()
    counter.clock.state = ClockState.UNTRUSTED
    counter.press(1)
    assert [one.counted for one in presses(counter)] == [True]
    counter.ledger.close()


def test_opening_hours_are_the_places_own(tmp_path: Path) -> None:
    counter = Counter(tmp_path, rules=Rules(open=(Span.parse("17:00-17:01"),))).boot()
    counter.press(1)  # 10:00 in UTC
    counter.run(60)
    counter.press(1)
    assert [one.reason for one in presses(counter)] == [None, Uncounted.CLOSED]
    counter.ledger.close()


def test_a_press_in_the_last_instant_is_kept_at_the_end(counter: Counter) -> None:
    counter.down(1)
    counter.node.end("SIGTERM")
    assert len(presses(counter)) == 1


def test_on_a_disk_that_fills_up_every_thanked_press_is_kept_and_no_other(tmp_path: Path) -> None:
    counter = Counter(tmp_path, max_bytes=100_000).boot()
    thanked = 0
    while counter.faults.present() == ():
        counter.lamp.is_on = False
        counter.press(1, hold_s=0.05)
        counter.run(60)
        thanked += counter.desk.last_thanks_ms is not None
        counter.desk.last_thanks_ms = None
        assert thanked < 10_000
    assert thanked > 50
    assert sum(counter.tally.totals().raw.values()) == thanked
    counter.hear("stored", make.stored(ledger=counter.ledger.id, seq=counter.ledger.last_seq()).encode())
    counter.press(1)
    assert counter.faults.present() == ()
    assert sum(counter.tally.totals().raw.values()) == thanked + 1
    counter.ledger.close()
