"""The page of what was measured says what the benchmarks said."""

from datetime import UTC, datetime

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
    assert "| `cpu_s_per_min` | 1.28 | s | 6 | ≤ 0.5 of the peer |  |  |  |" in page(FIGURE)


def test_the_goal_holds_for_each_size_that_was_tried() -> None:
    figure = {"name": "to_sound_p99_1000", "value": 123.4, "unit": "ms", "n": 50}
    assert "| `to_sound_p99_1000` | 123 | ms | 50 | ≤ 300 |" in page(figure, name="emergency")


def test_machine_and_day_are_said() -> None:
    assert "on 2026-11-21, on a board, 4 cores." in page(FIGURE)


def test_what_could_not_run_says_why() -> None:
    assert "## sync --load\n\nCould not run: no snapserver" in page_of(
        [Found("sync", ("--load",), why_not="no snapserver")], at=AT
    )
