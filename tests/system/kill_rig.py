"""A hub with its broker and nodes of a demo's village, each a process that can be killed and starts again."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from sqlite3 import connect
from typing import Any

import httpx

from hub.demo_village import SPEAKERS
from hub.demo_village import Village as Made
from hub.relay import Relays
from tests.system.programs import START_S, Programs
from tests.system.village import Village, free_port, until

__all__ = ["KillRig", "running"]


class KillRig:
    """Everything runs as in a ward; a killed program is started again at once. `village` asks the hub."""

    def __init__(self, folder: Path, made: Made, relays: Relays, nodes: Sequence[str]) -> None:
        self.folder = folder
        self.relays = relays
        self._made = made
        self._nodes = nodes
        commands = {
            "hub": ["hub", "serve", "--config", str(made.hub_settings)],
            **{node: ["edge", "speaker", "--config", str(made.node_settings(node))] for node in nodes},
        }
        self._programs = Programs(folder, commands)
        known = {"url": made.url, "user": made.user, "password": made.password, "token": made.token}
        (folder / "demo.json").write_text(json.dumps(known))
        self.village = Village(folder, process=None)
        self._browser: httpx.Client | None = None

    def start(self) -> None:
        """Returns when every node is here."""
        self._programs.start()
        self.wait_for_hub()
        until(
            "the nodes are here",
            lambda: all(self.village.node(node)["here"] for node in self._nodes),
            within_s=START_S,
        )

    def wait_for_hub(self) -> None:
        """Returns when it answers."""
        until("the hub answers", self._answers, within_s=START_S)

    def stop(self) -> None:
        self._programs.stop()
        if self._browser is not None:
            self._browser.close()
        self.village.api.close()

    def kill(self, name: str) -> None:
        """SIGKILL to `hub`, `broker` or a node."""
        self._programs.kill(name)

    def page(self, path: str) -> str:
        """A page as the demo's person sees it."""
        answer = self._logged_in().get(path)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def press(self, kind: str) -> None:
        """An order to all, from the page."""
        token = re.search('name="csrf" value="([^"]+)"', self.page("/"))
        assert token is not None
        answer = self._logged_in().post("/orders", data={"csrf": token[1], "kind": kind, "all": "yes"})
        assert answer.status_code == 200, answer.text

    def health(self) -> Any:
        """What the hub says of itself; empty while it does not answer."""
        try:
            return self.village.api.get(f"{self.village.url}/healthz").json()
        except httpx.TransportError:
            return {}

    def entries(self, kind: str) -> list[tuple[str, str]]:
        """Node and occurrence of every such entry that the hub has."""
        with closing(connect(f"file:{self.folder / 'hub' / 'hub.db'}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT node, json_extract(body, '$.occurrence') FROM entries WHERE kind = ?", [kind]
            )
            return [(str(node), str(occurrence)) for node, occurrence in rows]

    def _logged_in(self) -> httpx.Client:
        if self._browser is None:
            self._browser = httpx.Client(base_url=self.village.url, follow_redirects=True, timeout=30)
            who = {"name": self.village.user, "password": self.village.password}
            self._browser.post("/login", data=who)
        return self._browser

    def _answers(self) -> bool:
        try:
            return bool(self.village.api.get(f"{self.village.url}/healthz").status_code == 200)
        except httpx.TransportError:
            return False


@contextmanager
def running(folder: Path, *nodes: str) -> Iterator[KillRig]:
    """Start hub, broker and these loudspeakers on `folder`; end them."""
    assert set(nodes) <= set(SPEAKERS)
    with ExitStack() as stack:
        made = Made(folder, port=free_port())
        relays = Relays(made.lines())
        stack.callback(relays.stop)
        relays.start()
        rig = KillRig(folder, made, relays, nodes)
        stack.callback(rig.stop)
        rig.start()
        yield rig
