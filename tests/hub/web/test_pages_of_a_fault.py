"""What befalls a loudspeaker, from its own ledger and readings to the words of the pages."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from edge.events import Trouble
from edge.speaker.output import FaultReason
from edge.wire.base import ClockState
from edge.wire.signing import SignedKind
from hub.web.words import WORDS
from tests import factories as make
from tests.factories_hub import Village
from tests.factories_pages import Browser, Seen
from tests.ward import LENGTH_S, Ward

SECOND, HOUR, DAY = 1, 3_600, 86_400
DUE_S = 60
MANY = 10_000
_PLAY = re.compile(r'<li class="play" id="play-to-2-loa-1">.*?</ul>', re.DOTALL)
_STEP = re.compile(r'<li class="(\w+)">([^<]+)<')

Says = Callable[[str], tuple[str, str]]


@pytest.fixture
def ward(village: Village, tmp_path: Path) -> Iterator[Ward]:
    ward = Ward(village, tmp_path / "node")
    yield ward
    ward.close()


@pytest.fixture
def says(clerk: Browser) -> Says:
    """Of an occurrence: the word at the end of the loudspeaker's steps, and the sentence under it."""

    def read(occurrence: str) -> tuple[str, str]:
        found = _PLAY.search(clerk.get(f"/occurrences/{occurrence}").html)
        assert found is not None
        look, word = _STEP.findall(found[0])[-1]
        why = re.search(r'<p class="row-why">.*?<span>([^<]+)</span>', found[0], re.DOTALL)
        return ("" if look == "todo" else word), (why[1] if why else "")

    return read


def words(outcome: str, reason: str = "") -> tuple[str, str]:
    return WORDS[f"outcome.{outcome}"][0], WORDS[f"reason.{reason}"][0] if reason else ""


def node_page(browser: Browser) -> Seen:
    return browser.get(f"/nodes/{make.NODE}")


def open_faults(seen: Seen) -> list[str]:
    """The sentences among the open faults of a device's page."""
    found = re.findall(r'icon-bad".*?<span>(.*?) <span class="quiet[^"]*">', seen.html, re.DOTALL)
    return [html.unescape(sentence) for sentence in found]


def fault(name: str, detail: str = "") -> str:
    return f"{WORDS[f'fault.is.{name}'][0]} {detail}".strip()


@pytest.mark.parametrize("step_s", [-DAY, -HOUR, -SECOND, SECOND])
def test_an_item_before_which_the_clock_was_set_and_put_right_is_shown_as_played(
    ward: Ward, says: Says, step_s: int
) -> None:
    item = ward.schedule(in_s=DUE_S)
    ward.run(DUE_S - 3)  # it is armed
    ward.node.clock.step(step_s)
    ward.run(1)
    ward.node.clock.step(-step_s)
    ward.run(30)
    ward.meet()
    assert says(item) == words("played")


@pytest.mark.parametrize("step_s", [HOUR, DAY])
def test_an_item_that_a_clock_set_forward_has_passed_is_shown_as_too_late(
    ward: Ward, says: Says, step_s: int
) -> None:
    item = ward.schedule(in_s=DUE_S)
    ward.run(30)
    ward.node.clock.step(step_s)
    ward.run(60)
    ward.meet()
    assert says(item) == words("skipped", "late")


@pytest.mark.parametrize("step_s", [-DAY, -HOUR, -SECOND, SECOND, HOUR, DAY])
def test_an_item_during_which_the_clock_was_set_is_shown_as_played(
    ward: Ward, says: Says, step_s: int
) -> None:
    item = ward.schedule(in_s=DUE_S)
    ward.run(DUE_S + 5)
    ward.node.clock.step(step_s)
    ward.run(LENGTH_S + 30)
    ward.meet()
    assert says(item) == words("played")


def boot_without_the_time(ward: Ward) -> None:
    ward.node.clock.state, ward.node.clock.bound_ms = ClockState.UNTRUSTED, None
    ward.without_power(1)


def test_a_loudspeaker_without_trusted_time_is_shown_as_such(ward: Ward, clerk: Browser) -> None:
    ward.schedule(in_s=DUE_S)
    boot_without_the_time(ward)
    ward.meet()
    page = node_page(clerk).text
    assert WORDS["clock.untrusted"][0] in page
    assert WORDS["unready.clock_untrusted"][0] in page


def test_what_was_due_without_trusted_time_is_shown_with_that_reason(ward: Ward, says: Says) -> None:
    item = ward.schedule(in_s=DUE_S)
    boot_without_the_time(ward)
    ward.run(DUE_S + 30)
    ward.meet()
    assert says(item) == ("", "")
    ward.node.clock.state, ward.node.clock.bound_ms = ClockState.SYNCED, 1.0
    ward.run(30)
    ward.meet()
    assert says(item) == words("skipped", "clock")


@pytest.mark.parametrize("reason", ["device_missing", "device_busy"])
def test_a_device_missing_or_busy_is_shown_at_the_item_and_among_the_faults(
    ward: Ward, clerk: Browser, says: Says, reason: FaultReason
) -> None:
    item = ward.schedule(in_s=DUE_S)
    ward.run(DUE_S - 2)
    ward.node.stage.acts[0].fault(reason)
    ward.run(10)
    ward.meet()
    assert says(item) == words("failed", "device")
    assert open_faults(node_page(clerk)) == [fault("sound", f"{reason}: as the test wants")]


def test_a_device_gone_while_playing_is_shown_until_it_sounds_again(
    ward: Ward, clerk: Browser, says: Says
) -> None:
    item, following = ward.schedule(in_s=DUE_S), ward.schedule(in_s=DUE_S + 60)
    ward.run(DUE_S + 5)
    ward.node.stage.acts[0].fault("device_lost")
    ward.run(5)
    ward.meet()
    assert says(item) == words("failed", "device")
    assert open_faults(node_page(clerk)) == [fault("sound", "device_lost: as the test wants")]
    ward.run(80)
    ward.meet()
    assert says(following) == words("played")
    assert open_faults(node_page(clerk)) == []


def test_a_device_missing_at_boot_is_shown_before_anything_is_due(ward: Ward, clerk: Browser) -> None:
    ward.node.tell(Trouble("sound", "wanted the output device 'hw:1', found none"))
    ward.meet()
    assert open_faults(node_page(clerk)) == [fault("sound", "wanted the output device 'hw:1', found none")]


def test_a_download_that_stays_torn_is_shown_before_the_item_and_at_it(
    ward: Ward, clerk: Browser, says: Says
) -> None:
    item = ward.schedule(in_s=DUE_S, is_held=False)
    ward.run(1)
    ward.meet()
    assert WORDS["unready.recordings_missing"][0] in node_page(clerk).text
    ward.run(DUE_S + 30)
    ward.meet()
    assert says(item) == words("failed", "not_cached")


@pytest.mark.parametrize(("name", "detail"), [("recordings", "the hub sent 1234"), ("disk", "no space left")])
def test_a_tampered_download_and_a_full_card_are_shown_among_the_faults(
    ward: Ward, clerk: Browser, name: str, detail: str
) -> None:
    ward.node.tell(Trouble(name, detail))
    ward.meet()
    assert open_faults(node_page(clerk)) == [fault(name, detail)]


def test_a_plan_of_ten_thousand_items_is_shown_with_their_number(ward: Ward, clerk: Browser) -> None:
    first, apart = make.NOW + timedelta(seconds=DUE_S), timedelta(minutes=5)
    items = tuple(make.occurrence(id=f"o-{n}", due_at=first + n * apart) for n in range(MANY))
    plan = make.plan(version=make.VERSION * 2, occurrences=items)
    ward.node.hear("plan", ward.node.signed(SignedKind.PLAN, plan))
    ward.meet()
    assert re.search(r"Nhận kế hoạch bản \d+: 10\.?000 lượt phát", node_page(clerk).text)


def test_a_ruined_ledger_is_shown_and_the_item_comes_again_from_the_hub(
    ward: Ward, clerk: Browser, says: Says
) -> None:
    item = ward.schedule(in_s=DUE_S)
    ward.node.pull_the_plug()
    file = ward.node.folder / "ledger.db"
    file.write_bytes(bytes(4_096) + file.read_bytes()[4_096:])
    ward.node.boot()
    ward.hold()
    ward.meet()
    [told] = open_faults(node_page(clerk))
    assert told.startswith(fault("ledger_rebuilt", "a damaged one is kept as ledger.db.damaged-"))
    ward.run(DUE_S + 30)
    ward.meet()
    assert says(item) == words("played")


@pytest.mark.parametrize(("after_s", "shown"), [(30, ("skipped", "power")), (65, ("cut", "power"))])
def test_an_item_over_which_the_power_failed_is_shown_with_that_reason(
    ward: Ward, says: Says, after_s: int, shown: tuple[str, str]
) -> None:
    item = ward.schedule(in_s=DUE_S)
    ward.run(after_s)
    ward.without_power(120)
    ward.meet()
    assert says(item) == words(*shown)
