"""What is aimed at by each benchmark, and whether a figure misses it. Pure."""

from collections.abc import Mapping
from typing import Any

__all__ = ["GOALS", "goal_of", "is_missed"]

GOALS: Mapping[tuple[str, str], str] = {
    ("sync", "pair_skew_p99"): "≤ 1 and ≤ the peer",
    ("sync", "start_error_p99"): "≤ 5",
    ("emergency", "to_sound_p99"): "≤ 300",
    ("ingest", "stored_per_s"): "≥ 10,000",
    ("ingest", "lost"): "0",
    ("ingest", "doubled"): "0",
    ("fanout", "all_current"): "≤ 3",
    ("prepare", "cpu_s_per_min"): "≤ 0.5 of the peer",
    ("prepare", "loudness_error_max"): "≤ 0.5",
    ("prepare", "true_peak_max"): "≤ −1",
    ("prepare", "peak_rss"): "≤ 300",
    ("node", "idle_rss"): "≤ 80",
    ("node", "idle_cpu"): "≤ 1",
    ("powercut", "cuts"): "≥ 500",
    ("powercut", "lost"): "0",
    ("powercut", "doubled"): "0",
    ("pages", "server_p95"): "≤ 100",
    ("pages", "first_visit"): "≤ 250",
    ("pages", "later_visit"): "≤ 30",
}
"""What is aimed at, by benchmark and by how the figure's name begins."""


def goal_of(bench: str, figure: str) -> str:
    """The goal in words, that of the longest name that fits; "" where there is none."""
    fitting = [
        (len(name), goal) for (of, name), goal in GOALS.items() if of == bench and figure.startswith(name)
    ]
    return max(fitting, default=(0, ""))[1]


def is_missed(goal: str, figure: Mapping[str, Any]) -> bool:
    """Whether any part of a goal ("≤ 1 and ≤ the peer", "≥ 500", "0", or none) does not hold.

    A goal that needs the peer's value is missed where there is none.
    """
    return any(not _holds(part, figure) for part in goal.split(" and ")) if goal else False


def _holds(part: str, figure: Mapping[str, Any]) -> bool:
    value, limit = float(figure["value"]), _limit(part.lstrip("≤≥ "), figure.get("peer_value"))
    if limit is None:
        return False
    return value <= limit if part[0] == "≤" else value >= limit if part[0] == "≥" else value == limit


def _limit(words: str, peer_value: float | None) -> float | None:
    number = words.removesuffix("the peer").removesuffix(" of ").replace(",", "").replace("−", "-")
    if not words.endswith("the peer"):
        return float(number)
    return None if peer_value is None else float(number or 1) * peer_value
