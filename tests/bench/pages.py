"""How long a hub with 300 nodes and a year behind it takes for its pages, and what a phone has to fetch.

The hub is the real program over real HTTP, its file filled through its own services. `server_p95` is of the
slowest page; a request's time is taken where it is made, on the same machine. `crowd_p95` is of all pages,
while eight people ask for one after the other without a pause. The weights are what Chromium says it
received, headers included: on a first visit with nothing kept, and on the next one.
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, sync_playwright

from hub.config import load_settings
from hub.desk import open_desk
from hub.enroll import write_hub_settings
from hub.people.roles import Actor, Role
from tests.bench._bench import CannotRun, Figure, main, need
from tests.bench._site import serving
from tests.bench._year import Year, make_year, say_all_are_here
from tests.system.browser import ARGUMENTS, PROGRAM
from tests.system.village import free_port

HOST, SITE = "127.0.0.1", "bench"
LOGIN, PASSWORD = "do", "của riêng phép đo này"
HERE_AGAIN_S = 60.0
CROWD = 8


def run(arguments: argparse.Namespace) -> list[Figure]:
    if not Path(PROGRAM).exists():
        raise CannotRun("chromium is not installed (apt-get install chromium)")
    need("mosquitto")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-bench-")))
        settings, url = _settings(folder)
        began_s = time.monotonic()
        year = _year(settings, arguments)
        print(f"{year.entries:,} ledger entries in {time.monotonic() - began_s:.0f} s", flush=True)
        stack.enter_context(serving(settings, folder / "hub.log", url))
        stack.enter_context(here := _Here(settings, year))
        times = _times(url, year, here, arguments.requests)
        crowd = _crowd_times(url, year, here)
        first, later = _weights(url, year, here)
    _tell(times, first, later)
    slowest = max(times, key=lambda path: _p95(times[path]))
    count = len(times[slowest])
    return [
        Figure(name="server_p95", value=_p95(times[slowest]), unit="ms", n=count),
        Figure(
            name="server_p50_of_all",
            value=_quantile([t for each in times.values() for t in each], 0.5),
            unit="ms",
            n=count * len(times),
        ),
        Figure(name="crowd_p50", value=_quantile(crowd, 0.5), unit="ms", n=len(crowd)),
        Figure(name="crowd_p95", value=_p95(crowd), unit="ms", n=len(crowd)),
        Figure(name="first_visit", value=max(first.values()), unit="kB", n=len(first)),
        Figure(name="later_visit", value=max(later.values()), unit="kB", n=len(later)),
    ]


def pages_of(year: Year) -> tuple[str, ...]:
    """Every page that a person opens from the menu, and one of each kind behind them."""
    node, counter = year.speakers[0], year.counters[0]
    return (
        "/",
        "/schedules",
        "/schedules/new",
        f"/schedules/{year.schedule}",
        f"/occurrences/{year.occurrence_over}",
        f"/occurrences/{year.occurrence_to_come}",
        "/bulletins",
        f"/bulletins/{year.bulletin}",
        "/recordings",
        f"/recordings/{year.recording}",
        "/nodes",
        f"/nodes/{node}",
        f"/nodes/{counter}",
        "/counters",
        "/counters/presses",
        "/cameras",
        "/check",
        "/reports",
        "/users",
        "/audit",
        "/settings",
        "/system",
        "/stop",
    )


def _settings(folder: Path) -> tuple[Path, str]:
    port = free_port()
    file = folder / "hub.toml"
    content: dict[str, Any] = {
        "site": {"id": SITE, "name": "Phường đo"},
        "hub": {"data": "hub", "host": HOST, "port": port},
        "broker": {"host": HOST, "port": free_port()},
    }
    write_hub_settings(file, content)
    return file, f"http://{HOST}:{port}"


def _year(settings: Path, arguments: argparse.Namespace) -> Year:
    with open_desk(load_settings(settings)) as desk:
        made = desk.people.create(
            None, login=LOGIN, name="Đo", roles=[role.value for role in Role], password=PASSWORD
        )
        actor = Actor(made.person, HOST)
        return make_year(desk, SITE, actor, count=arguments.nodes, days=arguments.days)


class _Here:
    """Has the running hub believe that its nodes are here, for as long as the block lasts."""

    def __init__(self, settings: Path, year: Year) -> None:
        self._settings, self._year = settings, year
        self._said_s = -HERE_AGAIN_S

    def __enter__(self) -> "_Here":
        self._desk = open_desk(load_settings(self._settings))
        self._store = self._desk.__enter__().store
        return self

    def __exit__(self, *failure: Any) -> None:
        self._desk.__exit__(*failure)

    def again(self) -> None:
        """Say it again when it is time."""
        if time.monotonic() - self._said_s >= HERE_AGAIN_S:
            say_all_are_here(self._store, self._year)
            self._said_s = time.monotonic()


@contextmanager
def _logged_in(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"Accept-Encoding": "gzip"}, timeout=30) as client:
        client.post("/login", data={"name": LOGIN, "password": PASSWORD})
        yield client


def _times(url: str, year: Year, here: _Here, requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request, page after page in rounds, so that what else runs hits all alike."""
    times: dict[str, list[float]] = {path: [] for path in pages_of(year)}
    with _logged_in(url) as client:
        for number in range(requests + 1):
            here.again()
            for path, found in times.items():
                took_ms = _took_ms(client, path)
                if number:
                    found.append(took_ms)
    return times


def _crowd_times(url: str, year: Year, here: _Here) -> list[float]:
    """Milliseconds of every request of `CROWD` people at once, each of whom begins at another page."""
    here.again()
    paths = pages_of(year)
    rounds = [paths[number * 3 :] + paths[: number * 3] for number in range(CROWD)]
    with _logged_in(url) as client, ThreadPoolExecutor(CROWD) as crowd:
        found = crowd.map(lambda each: [_took_ms(client, path) for path in each], rounds)
        return [took_ms for each in found for took_ms in each]


def _took_ms(client: httpx.Client, path: str) -> float:
    began_s = time.perf_counter()
    answer = client.get(path)
    took_s = time.perf_counter() - began_s
    if answer.status_code != 200:
        raise CannotRun(f"{path} answered {answer.status_code}")
    return took_s * 1000


def _weights(url: str, year: Year, here: _Here) -> tuple[dict[str, float], dict[str, float]]:
    """Kilobytes received for each page: by a browser that has nothing yet, and again right after."""
    first: dict[str, float] = {}
    later: dict[str, float] = {}
    with _logged_in(url) as client, sync_playwright() as playwright:
        session = {"name": "loa_session", "value": client.cookies["loa_session"], "url": url}
        chromium = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        for path in pages_of(year):
            here.again()
            context = chromium.new_context(base_url=url, locale="vi-VN")
            context.add_cookies([session])  # type: ignore[list-item]
            first[path] = _visit(context, path)
            later[path] = _visit(context, path)
            context.close()
        chromium.close()
    return first, later


def _visit(context: BrowserContext, path: str) -> float:
    """Kilobytes that the browser received until the page was whole; its stream of events goes on."""
    page = context.new_page()
    received: list[float] = []
    devtools = context.new_cdp_session(page)
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    devtools.send("Network.enable")
    page.goto(path, wait_until="load")
    page.wait_for_timeout(300)  # a font or an icon that the style asked for last
    page.close()
    return sum(received) / 1000


def _tell(times: dict[str, list[float]], first: dict[str, float], later: dict[str, float]) -> None:
    print(f"{'page':44} {'p50':>6} {'p95':>6} ms {'first':>7} {'later':>7} kB")
    for path, found in times.items():
        p50 = _quantile(found, 0.5)
        print(f"{path[:44]:44} {p50:6.0f} {_p95(found):6.0f}    {first[path]:7.0f} {later[path]:7.1f}")


def _p95(values: list[float]) -> float:
    return _quantile(values, 0.95)


def _quantile(values: list[float], share: float) -> float:
    """The smallest of `values` that at least `share` of them do not exceed."""
    return sorted(values)[math.ceil(len(values) * share) - 1]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench pages", description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=300, help="default: 300")
    parser.add_argument("--days", type=int, default=365, help="that lie behind the hub; default: 365")
    parser.add_argument("--requests", type=int, default=40, help="of each page; default: 40")
    return parser


if __name__ == "__main__":
    sys.exit(main("pages", _arguments(), run))
