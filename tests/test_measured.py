"""The page of what was measured says what the benchmarks said."""

from datetime import UTC, datetime

import pytest

from tests.bench._goals import GOALS, goal_of, is_missed
from tests.bench._measured import Found, page_of

AT = datetime(2026, 11, 21, tzinfo=UTC)
FIGURE = {"name": "cpu_s_per_min", "value": 1.279, "unit": "s", "n": 6}
PEER = {"peer": "ffmpeg-normalize 1.43.0", "peer_value": 2.819, "ratio": 0.454}


def page(*figures: dict[str, object], name: str = "prepare") -> str:
    said = {"bench": name, "machine": "a board, 4 cores", "figures": list(figures)}
    return page_of([Found(name, said=said)], at=AT)


def test_a_figure_stands_with_its_goal_its_peer_and_the_ratio() -> None:
    row = "| `cpu_s_per_min` | 1.28 | s | 6 | ≤ 0.5 of the peer | ffmpeg-normalize 1.43.0 | 2.82 | 0.45 |"
    assert row in page(FIGURE | PEER)


def test_a_figure_without_a_peer_leaves_its_columns_empty() -> None:
    assert "| `cpu_s_per_min` | 1.28 | s | 6 | ≤ 0.5 of the peer **missed** |  |  |  |" in page(FIGURE)


def test_the_goal_holds_for_each_size_that_was_tried() -> None:
    figure = {"name": "to_sound_p99_1000", "value": 123.4, "unit": "ms", "n": 50}
    assert "| `to_sound_p99_1000` | 123 | ms | 50 | ≤ 300 |" in page(figure, name="emergency")


def test_machine_and_day_are_said() -> None:
    assert "on 2026-11-21, on a board, 4 cores." in page(FIGURE)


def test_what_could_not_run_says_why() -> None:
    assert "## sync --load\n\nCould not run: no snapserver" in page_of(
        [Found("sync", ("--load",), why_not="no snapserver")], at=AT
    )


@pytest.mark.parametrize(
    ("goal", "value", "peer_value", "missed"),
    [
        ("≤ 0.5", 0.5, None, False),
        ("≤ 0.5", 1.2, None, True),
        ("≤ −1", -1.05, None, False),
        ("≤ −1", -0.9, None, True),
        ("≥ 10,000", 9_999.0, None, True),
        ("≥ 10,000", 25_601.0, 1_467_828.0, False),
        ("0", 0.0, None, False),
        ("0", 1.0, None, True),
        ("≤ 0.5 of the peer", 1.0, 2.0, False),
        ("≤ 0.5 of the peer", 1.1, 2.0, True),
        ("≤ 0.5 of the peer", 1.1, None, True),
        ("≤ 1 and ≤ the peer", 0.36, 0.10, True),
        ("≤ 1 and ≤ the peer", 1.1, 2.0, True),
        ("≤ 1 and ≤ the peer", 0.79, 0.96, False),
        ("", 1e9, None, False),
    ],
)
def test_a_goal_is_missed_when_any_part_of_it_does_not_hold(
    goal: str, value: float, peer_value: float | None, missed: bool
) -> None:
    assert is_missed(goal, {"value": value, "peer_value": peer_value}) is missed


@pytest.mark.parametrize(("bench", "name"), GOALS)
def test_every_goal_can_be_judged(bench: str, name: str) -> None:
    assert is_missed(goal_of(bench, name), {"value": 1, "peer_value": 1}) in {True, False}


def test_a_missed_goal_is_marked_in_its_row_and_named_at_the_top() -> None:
    said = page({"name": "loudness_error_max", "value": 1.2, "unit": "LU", "n": 6})
    assert "| `loudness_error_max` | 1.20 | LU | 6 | ≤ 0.5 **missed** |" in said
    assert "Goals missed: `prepare` loudness_error_max." in said


def test_where_all_goals_are_met_the_page_says_so() -> None:
    said = page(FIGURE | PEER)
    assert "No goal is missed." in said
    assert "**missed**" not in said


def test_a_missed_goal_is_named_with_the_way_the_benchmark_was_called() -> None:
    figure = {"name": "start_error_p99", "value": 6.0, "unit": "ms", "n": 9}
    said = {"bench": "sync", "machine": "a board", "figures": [figure]}
    assert "Goals missed: `sync --load` start_error_p99." in page_of(
        [Found("sync", ("--load",), said=said)], at=AT
    )
