"""A real browser, and what it complains of: console errors, broken policies, requests to anybody else."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from hub.web import words
from hub.web.views import Message
from tests.system.village import Village

__all__ = ["Window", "browser", "said", "spoken_mp3", "window"]

PROGRAM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WITHIN_MS = 60_000  # it only ends a test that hangs


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the run."""
    expect.set_options(timeout=WITHIN_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Window:
    """One person's window on a village."""

    village: Village
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(path)

    def log_in(self) -> None:
        """From the page that asks for it."""
        self.page.fill("#f-name", self.village.user)
        self.page.fill("#f-password", self.village.password)
        self.page.click("form[action='/login'] button[type=submit]")
        self.page.wait_for_selector("[data-events]")

    def press(self, words_on_it: str) -> None:
        """A button or link by its words, among what the page is about."""
        main = self.page.locator("main")
        button = main.get_by_role("button", name=words_on_it, exact=True)
        button.or_(main.get_by_role("link", name=words_on_it, exact=True)).first.click()

    def watch(self) -> None:
        """Note everything that a page of ours must not do."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} at {self.page.url}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.village.url + "/", "data:", f"blob:{self.village.url}/")):
            self.complaints.append(f"request to {url}")


@contextmanager
def window(browser: Browser, village: Village, **look: Any) -> Iterator[Window]:
    """A window of its own, as wide as `viewport` says; `storage_state` may carry a log-in over."""
    context: BrowserContext = browser.new_context(base_url=village.url, locale="vi-VN", **look)
    try:
        context.set_default_timeout(WITHIN_MS)
        opened = Window(village, context.new_page())
        opened.watch()
        yield opened
    finally:
        context.close()


def said(key: str, language: str = "vi", **fields: object) -> str:
    """The words of a page."""
    return words.say(Message(key, fields), language)


def spoken_mp3(folder: Path, text: str) -> Path:
    """Someone says `text`, as the MP3 that a phone would send."""
    wav, mp3 = folder / "loi-noi.wav", folder / "Lời nói.mp3"
    for command in (
        ["espeak-ng", "-v", "vi", "-w", str(wav), text],
        ["ffmpeg", "-v", "error", "-y", "-i", str(wav), "-b:a", "96k", str(mp3)],
    ):
        subprocess.run(command, check=True, timeout=30, capture_output=True)
    return mp3
