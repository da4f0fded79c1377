"""The demo's folder: a made-up commune with three loudspeakers and a counter, kept between starts.

Everything that was made is kept in `state.json` (mode 0600); what a broken start left half is made whole.
"""

import contextlib
import json
import random
import socket
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from edge.wire.house_rules import HouseRules
from hub.config import HubSettings, load_settings
from hub.desk import Desk, open_desk
from hub.enroll import NewNode, Reach, equip, readdress, write_hub_settings
from hub.errors import Unavailable
from hub.files import write_private
from hub.people.roles import Actor, Person, Role
from hub.relay import Line
from hub.store import areas, nodes, site
from hub.store.site import KeptRules

__all__ = ["COUNTERS", "HOST", "NODES", "SPEAKERS", "Village"]

HOST = "127.0.0.1"

_PORTS = range(20_000, 32_000)
_PROBE_EVERY_S = 5
_RANDOM = random.SystemRandom()

_SITE = {"id": "xa-mau", "name": "Xã mẫu"}
_AREAS = {"to-2": "Tổ dân phố 2", "thon-doai": "Thôn Đoài", "mot-cua": "Bộ phận một cửa"}
_LOGIN, _NAME = "demo", "Cán bộ dùng thử"
_ROLES = (Role.CLERK, Role.APPROVER, Role.TECHNICIAN, Role.ADMINISTRATOR)

SPEAKERS = {
    name: NewNode(id=name, kind="speaker", area=area, title=title, output="file", clock="assume", pins="mock")
    for name, area, title in (
        ("to-2-loa-1", "to-2", "Tổ 2, loa 1"),
        ("to-2-loa-2", "to-2", "Tổ 2, loa 2"),
        ("thon-doai-loa-1", "thon-doai", "Thôn Đoài, loa 1"),
    )
}
"""The loudspeakers, by name."""

COUNTERS = {
    name: NewNode(id=name, kind="counter", area="mot-cua", title=title, clock="assume", pins="mock")
    for name, title in (("counter-1", "Quầy 1"),)
}
"""The counters, by name."""

NODES = {**SPEAKERS, **COUNTERS}
"""Every node."""


@dataclass(frozen=True)
class _State:
    password: str = ""
    token: str = ""
    broker_port: int = 0
    node_ports: tuple[tuple[str, int, int], ...] = ()
    counter_ports: tuple[tuple[str, int, int], ...] = ()


class Village:
    """A folder ready to be started: settings of the hub and of each node are written.

    `port` is the hub's; `quiet` are the quiet hours in force as it starts.
    Raises OSError, and `Unavailable` for a folder that holds something else.
    """

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder = folder
        self.url = f"http://{HOST}:{port}"
        self.user = _LOGIN
        self.port = port
        self.quiet: list[tuple[str, str]] = []
        self._state_file = folder / "state.json"
        _must_be_ours(folder)
        self._state = _with_free_ports(self._kept_state())
        self.hub_settings = folder / "hub.toml"
        with open_desk(self._written_settings()) as desk:
            self._settle(desk)

    @property
    def password(self) -> str:
        """The generated password of `user`."""
        return self._state.password

    @property
    def token(self) -> str:
        """The bearer token of `user`."""
        return self._state.token

    def touch_url(self, name: str) -> str:
        """The touch page of a counter."""
        return f"http://{HOST}:{self._counter_ports()[name][0]}/"

    def camera_port(self, name: str) -> int:
        """Where the camera of a counter listens."""
        return self._counter_ports()[name][1]

    def lines(self) -> dict[str, tuple[Line, ...]]:
        """Each node's way to broker and hub."""
        return {
            name: (Line(broker, self._state.broker_port), Line(web, self.port))
            for name, broker, web in self._state.node_ports
        }

    def node_settings(self, name: str) -> Path:
        """Where a node's settings are."""
        return self.folder / "nodes" / name / "node.toml"

    def _kept_state(self) -> _State:
        try:
            kept = json.loads(self._state_file.read_text(encoding="utf-8"))
            ports = tuple((str(name), int(broker), int(web)) for name, broker, web in kept["node_ports"])
            counters = tuple(
                (str(name), int(touch), int(rtsp)) for name, touch, rtsp in kept["counter_ports"]
            )
            return _State(kept["password"], kept["token"], kept["broker_port"], ports, counters)
        except (OSError, ValueError, KeyError, TypeError):
            return _State()

    def _written_settings(self) -> HubSettings:
        content = {
            "site": _SITE,
            "hub": {"data": "hub", "host": HOST, "port": self.port},
            "broker": {"host": HOST, "port": self._state.broker_port},
        }
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_hub_settings(self.hub_settings, content)
        return load_settings(self.hub_settings)

    def _settle(self, desk: Desk) -> None:
        """Make what is missing; a village that stands is left as it is, but for its addresses."""
        _settle_site(desk)
        kept = site.house_rules(desk.store.read())
        self.quiet = [(hours.start, hours.end) for hours in kept.rules.quiet] if kept else []
        if not (self._state.password and self._state.token):
            password, token = _new_credentials(desk)
            self._state = replace(self._state, password=password, token=token)
        for name, broker, web in self._state.node_ports:
            self._settle_node(desk, NODES[name], broker_port=broker, web_port=web)
        for name in COUNTERS:
            self._equip(name)
        write_private(self._state_file, json.dumps(asdict(self._state)))

    def _settle_node(self, desk: Desk, new: NewNode, *, broker_port: int, web_port: int) -> None:
        reach = Reach(broker_host=HOST, broker_port=broker_port, url=f"http://{HOST}:{web_port}")
        file = self.node_settings(new.id)
        if file.exists() and nodes.node(desk.store.read(), new.id) is not None:
            readdress(file, reach)
            return
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        desk.enrolment.enroll(None, new, reach=reach, file=file, again=True)

    def _equip(self, name: str) -> None:
        """The counter's own sections, as on the day it is put up."""
        touch, _ = self._counter_ports()[name]
        source = f"rtsp://{HOST}:{self.camera_port(name)}/{name}"
        counter = {"title": NODES[name].title, "pins": "mock", "lamp_pin": 26, "touch_port": touch}
        camera = {"name": "camera-1", "source": source, "every_s": _PROBE_EVERY_S}
        equip(self.node_settings(name), {"counter": counter, "camera": [camera]})

    def _counter_ports(self) -> dict[str, tuple[int, int]]:
        return {name: (touch, rtsp) for name, touch, rtsp in self._state.counter_ports}


def _must_be_ours(folder: Path) -> None:
    names = {each.name for each in folder.iterdir()} - {"demo.lock"} if folder.exists() else set()
    if names and "hub.toml" not in names:
        raise Unavailable(f"{folder} holds something else; give the demo an empty folder with --data")


def _settle_site(desk: Desk) -> None:
    db = desk.store.read()
    if site.house_rules(db) is None:
        every_hour = KeptRules(HouseRules(quiet=()), changed_by=_NAME)
        desk.store.write(lambda db: site.keep_house_rules(db, every_hour))
    for area, name in _AREAS.items():
        if areas.area(db, area) is None:
            desk.enrolment.add_area(None, id_=area, name=name)


def _new_credentials(desk: Desk) -> tuple[str, str]:
    person = desk.people.person(_LOGIN)
    if person is None:
        created = desk.people.create(None, login=_LOGIN, name=_NAME, roles=_ROLES)
        person, password = created.person, created.password
    else:
        password = desk.people.reset_password(None, person.id)
    return password or "", _new_token(desk, person)


def _new_token(desk: Desk, person: Person) -> str:
    _, token = desk.people.tokens.create(Actor(person, HOST), title="demo.json")
    return token


def _with_free_ports(state: _State) -> _State:
    """The ports of last time where they are free; each is held until all are chosen: none is twice."""
    known = {name: (broker, web) for name, broker, web in state.node_ports}
    with ExitStack() as held:
        broker_port = _hold(held, state.broker_port)
        ports = []
        for name in NODES:
            broker, web = known.get(name, (0, 0))
            ports.append((name, _hold(held, broker), _hold(held, web)))
        own = {name: (touch, rtsp) for name, touch, rtsp in state.counter_ports}
        counters = []
        for name in COUNTERS:
            touch, rtsp = own.get(name, (0, 0))
            counters.append((name, _hold(held, touch), _hold(held, rtsp)))
    return replace(state, broker_port=broker_port, node_ports=tuple(ports), counter_ports=tuple(counters))


def _hold(held: ExitStack, kept: int) -> int:
    """`kept` if it is free, or another port below those that the system gives to outgoing connections."""
    candidates = _RANDOM.sample(_PORTS, len(_PORTS))
    for port in [kept, *candidates] if kept else candidates:
        with contextlib.suppress(OSError):
            held.enter_context(socket.create_server((HOST, port)))
            return port
    raise Unavailable(f"no port from {_PORTS[0]} to {_PORTS[-1]} is free")
