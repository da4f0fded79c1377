"""A newcomer at a real browser: from a file on the phone to what three loudspeakers played, and a stop."""

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import Window, said, spoken_mp3, window
from tests.system.village import NODES, Village, until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AHEAD_S = 12
PLAYED_WITHIN_MS = 90_000  # it only ends a test that hangs
SPEECH = "Kính mời bà con tổ hai ra nhà văn hóa lúc bảy giờ tối nay. Xin cảm ơn."
PHONE = {"width": 390, "height": 844}

# Notes, for each loudspeaker, every step at which its stepper stood.
RECORDER = """() => {
  window.stays = true;
  window.seen = {};
  const look = () => document.querySelectorAll("li.play").forEach((play) => {
    const steps = [...play.querySelectorAll(".stepper > li")];
    const at = steps.findIndex((step) => step.classList.contains("now"));
    const number = at >= 0 ? at + 1 : steps.at(-1).classList.contains("done") ? 4 : 0;
    const known = (window.seen[play.id] ??= []);
    if (known.at(-1) !== number) known.push(number);
  });
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true});
  look();
}"""


@dataclass
class FilledIn:
    """What “+30 seconds” filled in, when it was pressed, at the latest, and what was read back of `due`."""

    soon: tuple[str, str]
    pressed_at: tuple[datetime, datetime]
    due: datetime
    readback: str


@dataclass
class Story:
    """What happened on the way, for each test to look at."""

    progress: str
    filled_in: FilledIn
    steps: dict[str, list[int]]
    stayed: bool
    errors_ms: list[str]
    sounds: list[bytes]
    lengths_s: list[float]
    addresses: dict[str, str]
    complaints: list[str]
    login: Any


@pytest.fixture(scope="module")
def story(browser: Browser, village: Village, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The whole way, gone once."""
    mp3 = spoken_mp3(tmp_path_factory.mktemp("phone"), SPEECH)
    with window(browser, village, viewport={"width": 1280, "height": 900}) as seen:
        page, addresses = seen.page, {}
        seen.open("/")
        seen.log_in()
        progress = upload(seen, mp3)
        page.wait_for_url("**/recordings/*")
        addresses["recording"] = page.url
        expect(page.locator("svg.wave path")).to_be_visible()
        make_bulletin(seen)
        addresses["bulletin"] = page.url
        filled_in = fill_in_schedule(seen)
        seen.press(said("schedules.save"))
        page.wait_for_url("**/occurrences/*")
        addresses["occurrence"] = page.url
        page.evaluate(RECORDER)
        expect(page.locator("li.play audio.play-sound")).to_have_count(len(NODES), timeout=PLAYED_WITHIN_MS)
        found = Story(
            progress=progress,
            filled_in=filled_in,
            steps=page.evaluate("window.seen"),
            stayed=page.evaluate("window.stays === true"),
            errors_ms=[play.inner_text() for play in page.locator("li.play .play-facts").all()],
            sounds=sounds_of(page),
            lengths_s=[length_s(player) for player in page.locator("audio.play-sound").all()],
            addresses=addresses,
            complaints=seen.complaints,
            login=page.context.storage_state(),
        )
        page.get_by_role("link", name=said("occurrence.schedule")).click()
        addresses["schedule"] = page.url
        return found


def upload(seen: Window, file: Path) -> str:
    """Send a file over a slow line; what the page said while it went."""
    page = seen.page
    seen.open("/recordings")
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 8_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.set_input_files("#f-files", file)
    page.fill("#f-title", "Mời họp tổ hai")
    page.locator("form[data-upload] button[type=submit]").click()
    words = page.locator("[data-progress-words]")
    expect(words).to_contain_text("%")
    said_then = words.inner_text()
    line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    line.detach()
    return said_then


def make_bulletin(seen: Window) -> None:
    for words in ("recordings.make_bulletin", "bulletins.save", "bulletins.submit", "bulletins.approve"):
        seen.press(said(words))
    expect(seen.page.get_by_text(said("done.bulletin_approved"))).to_be_visible()


def fill_in_schedule(seen: Window) -> FilledIn:
    """Everywhere, in a moment."""
    page = seen.page
    seen.press(said("bulletins.schedule"))
    for area in ("Tổ dân phố 2", "Thôn Đoài"):
        page.get_by_label(area, exact=True).check()
    before = datetime.now(ZONE)
    page.get_by_role("button", name=said("schedules.soon_30")).click()
    pressed_at = before, datetime.now(ZONE)
    soon = (page.input_value("#f-date"), page.input_value("#f-time"))
    due = datetime.now(ZONE) + timedelta(seconds=AHEAD_S)
    page.fill("#f-date", f"{due:%Y-%m-%d}")
    page.fill("#f-time", f"{due:%H:%M:%S}")
    return FilledIn(soon, pressed_at, due, page.locator("[data-readback]").inner_text())


def sounds_of(page: Page) -> list[bytes]:
    addresses = [player.get_attribute("src") for player in page.locator("audio.play-sound").all()]
    return [page.request.get(f"{address}").body() for address in addresses]


def length_s(player: Any) -> float:
    """How long the browser itself finds a sound."""
    return float(
        player.evaluate(
            """(audio) => new Promise((done, failed) => {
              audio.onloadedmetadata = () => done(audio.duration);
              audio.onerror = () => failed(new Error(audio.error.message));
              audio.preload = "metadata";
              audio.load();
            })"""
        )
    )


def test_an_upload_tells_how_far_it_is(story: Story) -> None:
    assert said("recordings.sending") in story.progress


def test_in_thirty_seconds_is_by_the_sites_clock(story: Story) -> None:
    day, hour = story.filled_in.soon
    soon = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE)
    earliest, latest = story.filled_in.pressed_at
    assert earliest + timedelta(seconds=28) < soon < latest + timedelta(seconds=32)


def test_the_chosen_instant_is_read_back(story: Story) -> None:
    assert f"{story.filled_in.due:%H:%M:%S}" in story.filled_in.readback


def test_every_loudspeaker_is_followed_to_its_end_without_a_reload(story: Story) -> None:
    assert story.stayed
    assert set(story.steps) == {f"play-{node}" for node in NODES}
    for node, steps in story.steps.items():
        assert steps[-1] == 4, (node, steps)
        assert steps == sorted(steps), (node, steps)
        assert {2, 3} <= set(steps), (node, steps)


def test_every_loudspeaker_says_how_far_from_the_instant_it_began(story: Story) -> None:
    assert len(story.errors_ms) == len(NODES)
    assert all(" ms" in words.replace("\xa0", " ") for words in story.errors_ms)


def test_what_was_played_can_be_heard(story: Story) -> None:
    assert len(story.sounds) == len(NODES)
    for sound in story.sounds:
        with wave.open(io.BytesIO(sound)) as heard:
            samples = np.frombuffer(heard.readframes(heard.getnframes()), "<i2")
            assert heard.getnframes() > heard.getframerate() * 2
        assert np.abs(samples.astype(int)).max() > 3000


def test_the_browser_itself_can_play_it(story: Story) -> None:
    assert all(length > 2 for length in story.lengths_s)


def test_nothing_was_complained_of_on_the_way(story: Story) -> None:
    assert story.complaints == []


@pytest.fixture
def here(browser: Browser, village: Village, story: Story) -> Iterator[Window]:
    """A window of somebody logged in; every test that uses it also wants no complaint."""
    with window(browser, village, viewport=PHONE, storage_state=story.login) as seen:
        yield seen
        assert seen.complaints == []


def test_a_stop_takes_one_press_and_one_confirmation_and_is_lifted(here: Window, village: Village) -> None:
    page = here.page
    here.open("/bulletins")
    page.get_by_role("link", name=said("stop.button")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(said("stop.question"))
    dialog.get_by_role("button", name=said("stop.button")).click()
    strip = page.locator(".stop-strip")
    try:
        expect(strip).to_contain_text(said("stop.in_force"))
        expect(strip).to_contain_text("Cán bộ dùng thử")
        expect(strip).to_contain_text(said("stop.all_silent"))  # comes by itself, as each confirms
        with page.expect_response("**/stop/live"):
            page.evaluate("document.body.dispatchEvent(new CustomEvent('loa:again'))")
        page.get_by_role("link", name=said("stop.resume")).click()
        page.get_by_role("button", name=said("stop.resume")).click()
        page.wait_for_url("**/bulletins")
        expect(strip).to_be_hidden()
    finally:
        village.post("/orders", {"kind": "resume", "all": True})
    until(
        "every loudspeaker may sound", lambda: not any(village.node(n)["stopped"] for n in NODES), within_s=10
    )


def test_a_stop_that_is_thought_better_of_does_nothing(here: Window, village: Village) -> None:
    here.open("/")
    here.page.get_by_role("link", name=said("stop.button")).click()
    here.page.get_by_role("dialog").get_by_role("button", name=said("stop.no")).click()
    expect(here.page.get_by_role("dialog")).to_have_count(0)
    assert village.get("/orders/current")["stop"] is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_is_wider_than_a_phone(here: Window, story: Story, language: str) -> None:
    here.open(f"/language?to={language}&next=/")
    plain = ["/", "/schedules", "/schedules/new", "/bulletins", "/bulletins/new", "/recordings", "/nodes"]
    plain += [f"/nodes/{NODES[0]}", "/users", "/users/new", "/audit", "/settings", "/system", "/emergencies"]
    plain += ["/enrol", "/stop", "/resume", "/none"]
    for address in (*plain, *story.addresses.values()):
        here.open(address)
        width = here.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address
        assert here.page.locator("html").get_attribute("lang") == language
        expect(here.page.get_by_role("link", name=said("stop.button", language))).to_be_in_viewport()
    # The browser itself notes the page that is not there; nothing else may be noted.
    here.complaints[:] = [each for each in here.complaints if "404" not in each]


def test_on_a_phone_the_menu_opens_and_leads_on(here: Window) -> None:
    here.open("/")
    menu = here.page.locator("#nav")
    expect(menu).to_be_hidden()
    here.page.get_by_role("button", name=said("frame.menu")).click()
    expect(menu).to_be_visible()
    menu.get_by_role("link", name=said("nav.nodes")).click()
    expect(here.page.get_by_role("heading", level=1)).to_have_text(said("nav.nodes"))


def test_the_language_is_switched_where_one_stands(here: Window) -> None:
    here.open("/bulletins?state=draft")
    here.page.get_by_role("link", name="English").click()
    expect(here.page.locator("html")).to_have_attribute("lang", "en")
    assert here.page.url.endswith("/bulletins?state=draft")
    expect(here.page.get_by_role("heading", level=1)).to_have_text(said("nav.bulletins", "en"))


def test_a_wrong_upload_keeps_the_page_and_says_why(here: Window, tmp_path: Path) -> None:
    empty = tmp_path / "rỗng.mp3"
    empty.touch()
    here.open("/recordings")
    here.page.fill("#f-title", "Giữ lại tôi")
    here.page.set_input_files("#f-files", empty)
    here.page.locator("form[data-upload] button[type=submit]").click()
    expect(here.page.locator(".problems")).to_contain_text("rỗng.mp3")
    assert here.page.input_value("#f-title") == "Giữ lại tôi"
    here.complaints[:] = [each for each in here.complaints if "422" not in each]
