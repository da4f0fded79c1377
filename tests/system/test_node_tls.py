"""A node from a blank folder to its first heartbeat over mutual TLS: the programs as they are typed, beside a
real hub, its mosquitto, and a web server in front of it."""

from collections.abc import Iterator

import pytest

from tests.system.site_rig import WITHIN_S, Site
from tests.system.village import until


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    with site.running():
        yield site


def test_a_code_is_all_that_a_blank_machine_needs(site: Site) -> None:
    settings = site.enrolled("to-2-loa-1")
    told = until("all is well", lambda: _well(site.findings(settings)), within_s=WITHIN_S)
    assert told["hub"].endswith("answers and knows this node")
    assert told["broker"].endswith("logged in as to-2-loa-1")


def test_what_happens_at_the_node_reaches_the_hub(site: Site) -> None:
    settings = site.enrolled("to-2-loa-2")
    with site.program("edge", "speaker", "--config", settings):
        until("the hub heard of it", lambda: "booted" in site.kinds("to-2-loa-2"), within_s=WITHIN_S)


def test_a_stolen_node_is_told_by_both_doors_that_it_is_out(site: Site) -> None:
    settings = site.enrolled("stolen")
    until("it is in", lambda: _well(site.findings(settings)), within_s=WITHIN_S)
    site.hub("remove", "stolen")
    revoked = "this node's certificate was revoked"  # while the broker starts anew it only resets
    told = until(
        "the broker says so",
        lambda: found if revoked in (found := site.findings(settings))["broker"] else None,
        within_s=WITHIN_S,
    )
    assert "does not take this node" in told["hub"]


def _well(findings: dict[str, str]) -> dict[str, str]:
    return {} if any(line.startswith("WRONG") for line in findings.values()) else findings
