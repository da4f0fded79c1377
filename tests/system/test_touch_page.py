"""The touch page in a real browser."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.config_counter import CounterSettings
from edge.counter.events import Answer, Touched
from edge.counter.kiosk import Kiosk
from edge.counter.page import make_assets
from tests.fakes import FakeClock
from tests.system.village import until

NOON = datetime(2026, 2, 17, 12, 0, tzinfo=UTC)


class FakeNode:
    """Takes every touch, and answers as told."""

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.says: Answer = "counted"

    def post(self, event: object) -> None:
        if isinstance(event, Touched):
            self.levels.append(event.level)
            event.answer(self.says)


@pytest.fixture
def node() -> FakeNode:
    return FakeNode()


@pytest.fixture
def kiosk(node: FakeNode) -> Iterator[Kiosk]:
    assets = make_assets(CounterSettings(title="Quầy số 1", levels=5))
    kiosk = Kiosk(assets, host="127.0.0.1", port=0, post=node.post, clock=FakeClock())
    kiosk.step()
    yield kiosk
    kiosk.stop()


@pytest.fixture
def page(browser: Browser, kiosk: Kiosk) -> Iterator[Page]:
    page = browser.new_page()
    page.clock.install(time=NOON)
    page.goto(f"http://127.0.0.1:{kiosk.port}/")
    page.clock.pause_at(NOON + timedelta(hours=1))  # from here on its time is the test's
    yield page
    page.close()


def test_a_touch_is_thanked_and_the_faces_return(page: Page, node: FakeNode) -> None:
    page.get_by_role("button", name="Không hài lòng", exact=True).click()
    expect(page.get_by_text("Cảm ơn ông/bà!")).to_be_visible()
    page.clock.run_for(3_100)
    expect(page.get_by_text("Cảm ơn ông/bà!")).to_be_hidden()
    assert node.levels == [4]


def test_two_quick_taps_are_one_press(page: Page, node: FakeNode) -> None:
    page.get_by_role("button", name="Hài lòng", exact=True).dblclick()
    expect(page.get_by_text("Cảm ơn ông/bà!")).to_be_visible()
    assert node.levels == [2]


def test_what_was_not_kept_is_not_thanked_for(page: Page, node: FakeNode) -> None:
    node.says = "lost"
    page.get_by_role("button", name="Bình thường").click()
    sorry, thanks = page.get_by_text("Chưa ghi được"), page.get_by_text("Cảm ơn ông/bà!")

    def is_said() -> bool:
        page.clock.run_for(200)
        assert not thanks.is_visible()
        return sorry.is_visible()

    until("it says so", is_said, within_s=30)
    assert node.levels == [3] * 3


def test_english_is_a_touch_away_and_goes_by_itself(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Very satisfied")).to_be_visible()
    page.clock.run_for(31_000)
    expect(page.get_by_role("button", name="Rất hài lòng")).to_be_visible()


def test_a_device_that_is_away_says_so(page: Page, kiosk: Kiosk) -> None:
    kiosk.stop()
    page.clock.run_for(9_000)
    expect(page.get_by_text("Thiết bị chưa sẵn sàng.")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280), (390, 844), (1024, 600)])
def test_every_face_is_on_the_screen_without_scrolling(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for face in page.locator(".face").all():
        box = face.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
        assert box["x"] + box["width"] <= width
