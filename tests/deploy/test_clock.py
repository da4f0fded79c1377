"""Whose time chrony takes and serves: never one that nobody knows."""

from pathlib import Path

import jinja2
import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "deploy/ansible/roles/clock/templates"


def settings(*, serves: bool, rtc: bool) -> list[str]:
    """The lines that chronyd reads."""
    environment = jinja2.Environment(trim_blocks=True, autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
    environment.filters["bool"] = bool
    text = environment.from_string((TEMPLATES / "chrony.conf.j2").read_text(encoding="utf-8")).render(
        ansible_managed="written by Ansible",
        clock_serves=serves,
        clock_rtc=rtc,
        clock_networks=["192.168.0.0/16"],
        clock_hub="192.168.50.10",
        clock_internet_pool="pool.example",
    )
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_a_hub_with_a_battery_serves_its_time_from_its_start() -> None:
    assert "local stratum 10" in settings(serves=True, rtc=True)


def test_a_hub_without_a_battery_does_not_serve_a_time_that_nobody_knows() -> None:
    assert [line for line in settings(serves=True, rtc=False) if line.startswith("local")] == []


@pytest.mark.parametrize("rtc", [True, False])
def test_a_node_serves_nobody(rtc: bool) -> None:
    lines = settings(serves=False, rtc=rtc)
    assert [line for line in lines if line.startswith(("local", "allow"))] == []


@pytest.mark.parametrize("serves", [True, False])
def test_a_clock_that_is_off_is_put_right_at_once_however_long_chrony_has_run(serves: bool) -> None:
    assert "makestep 1 -1" in settings(serves=serves, rtc=True)
