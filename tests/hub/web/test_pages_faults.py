"""What the pages say when a node reports trouble: a sentence in both languages, never a bare code."""

import pytest

from edge.wire.entries import Fault, Refused
from hub.people.roles import Role
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf

# What `edge` begins faults with, and what its trust and wire refuse with.
FAULTS = (
    "amplifier",
    "clock_disputed",
    "clock_source",
    "disk",
    "ledger",
    "ledger_rebuilt",
    "recordings",
    "sound",
)
WHATS = ("plan", "standing", "order", "time")
REASONS = (
    "bad_signature",
    "expired",
    "malformed",
    "not_kept",
    "replayed",
    "too_large",
    "unknown_key",
    "unknown_version",
    "unproven",
    "unreadable",
    "wrong_kind",
    "wrong_node",
    "wrong_nonce",
    "wrong_site",
)


@pytest.fixture(params=["vi", "en"])
def technician(request: pytest.FixtureRequest, browser_of: BrowserOf, village: Village) -> Browser:
    browser = browser_of(Role.TECHNICIAN)
    browser.get(f"/language?to={request.param}")
    village.born("loa-1")
    return browser


def node_page(browser: Browser) -> str:
    return browser.get("/nodes/loa-1").text


def test_a_fault_is_said_in_words(technician: Browser, village: Village) -> None:
    village.wrote("loa-1", [Fault(name=name, detail=f"Detail of {name}") for name in FAULTS])
    page = node_page(technician)
    for name in FAULTS:
        assert page.count(f"Detail of {name}") >= 2, "among the faults and in the ledger"
        assert f"{name} Detail" not in page
        assert f"“{name}”" not in page


@pytest.mark.parametrize("reason", REASONS)
def test_a_refusal_is_said_in_words(technician: Browser, village: Village, reason: str) -> None:
    village.wrote("loa-1", [Refused(what=what, reason=reason, detail="Detail 7") for what in WHATS])
    page = node_page(technician)
    assert page.count("Detail 7") >= len(WHATS)
    assert f"{reason} Detail" not in page
    assert f": {reason}." not in page
    assert "refused_" not in page


def test_a_node_that_cannot_write_its_ledger_is_a_fault_while_it_lasts(
    technician: Browser, village: Village
) -> None:
    village.health("loa-1", faults=("ledger: no room left",))
    assert "no room left" in node_page(technician)
    assert [fault.name for fault in village.faults.open("loa-1")] == ["ledger"]
    village.health("loa-1")
    assert village.faults.open("loa-1") == []
