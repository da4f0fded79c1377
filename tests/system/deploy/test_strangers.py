"""Strangers at the installed hub's doors: turned away, and the hub says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.deploy import strangers
from tests.system.deploy.site_rig import HUB, SPEAKER, Site
from tests.system.deploy.strangers import Knocker
from tests.system.village import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

TOLD_S = 20.0
ENDED_S = 20.0


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strangers")


@pytest.fixture(scope="session")
def known(site: Site, folder: Path) -> Knocker:
    return strangers.enrolled(site, folder, "to-1-loa-8")


@pytest.fixture(scope="session")
def revoked(site: Site, folder: Path) -> Knocker:
    stolen = strangers.enrolled(site, folder, "to-1-loa-9")
    with stolen.at_broker() as way:
        assert way.recv(4) == strangers.CAME_IN
        _remove(site, "to-1-loa-9")
        way.settimeout(ENDED_S)
        _is_ended(way.recv)
    return stolen


def _is_ended(receive: Callable[[int], bytes]) -> None:
    """The broker must break the connection off; TimeoutError where it does not."""
    try:
        assert receive(1) == b""
    except TimeoutError:
        raise
    except OSError:
        return


def _remove(site: Site, name: str) -> None:
    site.machines[HUB].told("loa-hub", "remove", name, "--config", "/etc/loa/hub.toml")


@pytest.fixture(params=["no certificate", "expired", "revoked", "another site's"])
def stranger(request: pytest.FixtureRequest, site: Site, folder: Path) -> Knocker:
    match request.param:
        case "no certificate":
            return strangers.without_certificate(site)
        case "expired":
            return strangers.expired(site, folder)
        case "revoked":
            revoked: Knocker = request.getfixturevalue("revoked")
            return revoked
    return strangers.of_another_site(site, folder)


def test_a_node_that_is_known_comes_in(known: Knocker) -> None:
    assert known.comes_in()
    assert known.asks_for_recording() == 404


def test_a_stranger_does_not_get_into_the_broker(stranger: Knocker) -> None:
    assert not stranger.comes_in()


def test_a_stranger_gets_nothing_at_the_devices_door(stranger: Knocker) -> None:
    assert stranger.asks_for_recording() == 401


def test_the_hub_says_that_a_stranger_was_at_the_broker(site: Site) -> None:
    stranger = strangers.without_certificate(site)

    def is_told() -> bool:
        assert not stranger.comes_in()  # nor hears a broker that another test has just begun anew
        return ":broker_stranger" in site.open_faults()

    until("the hub says so", is_told, within_s=TOLD_S)


@pytest.mark.parametrize(
    ("kind", "word"), [("expired", "expired"), ("revoked", "revoked"), ("other", "FAILED")]
)
def test_the_hub_says_who_was_turned_away_at_the_devices_door(
    site: Site, folder: Path, revoked: Knocker, kind: str, word: str
) -> None:
    knockers = {"expired": strangers.expired, "other": strangers.of_another_site}
    knocker = knockers[kind](site, folder) if kind in knockers else revoked
    knocker.asks_for_recording()
    until(
        f"the hub says {word}",
        lambda: f"certificate_refused: {site.network.ours}: " in _log(site) and word in _log(site),
        within_s=TOLD_S,
    )
    assert ":certificate_refused" in site.open_faults()


def test_people_read_of_strangers_on_the_first_page(site: Site, folder: Path) -> None:
    strangers.of_another_site(site, folder).asks_for_recording()
    until("the hub says so", lambda: ":certificate_refused" in site.open_faults(), within_s=TOLD_S)
    assert site.network.ours in site.page("/")


def test_another_nodes_certificate_says_nothing_in_its_name(site: Site, known: Knocker) -> None:
    def tries_and_is_told_of() -> bool:
        known.say(f"loa/xa-thu/node/{SPEAKER}/state", b"{}")
        return "to-1-loa-8:broker_denied" in site.open_faults()

    # Said once, it might come before the broker has heard of the enrolment, and be a stranger's.
    until("the hub says so", tries_and_is_told_of, within_s=TOLD_S)


def test_headers_of_the_web_server_are_not_believed_from_outside(known: Knocker) -> None:
    assert known.forges_headers() == 401


def _log(site: Site) -> str:
    return "\n".join(
        line for line in site.machines[HUB].journal("loa-hub").splitlines() if "certificate_refused" in line
    )
