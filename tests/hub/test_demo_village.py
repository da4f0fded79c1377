import socket
import tomllib
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.config import load_settings
from edge.wire.house_rules import HouseRules
from hub import demo_village
from hub.config import load_settings as load_hub_settings
from hub.demo_village import COUNTERS, HOST, NODES, SPEAKERS, Village
from hub.desk import open_desk
from hub.errors import Unavailable
from hub.store import site
from hub.store.site import KeptRules

PORT = 18_080


def ports_of(village: Village) -> list[int]:
    return [port for lines in village.lines().values() for line in lines for port in (line.port,)]


def test_every_loudspeaker_can_read_its_settings(tmp_path: Path) -> None:
    village = Village(tmp_path, port=PORT)
    for name in SPEAKERS:
        settings = load_settings(village.node_settings(name))
        assert settings.node.name == name
        assert settings.sound is not None
        assert settings.sound.output == "file"


def test_every_counter_has_mock_buttons_a_touch_page_and_a_camera(tmp_path: Path) -> None:
    village = Village(tmp_path, port=PORT)
    for name in COUNTERS:
        settings = load_settings(village.node_settings(name))
        assert settings.counter is not None
        assert (settings.counter.pins, settings.counter.levels) == ("mock", 4)
        assert village.touch_url(name) == f"http://{HOST}:{settings.counter.touch_port}/"
        (camera,) = settings.camera
        assert camera.source.get_secret_value().endswith(f":{village.camera_port(name)}/{name}")


def test_no_port_is_given_twice(tmp_path: Path) -> None:
    village = Village(tmp_path, port=PORT)
    ports = ports_of(village)
    assert len(set(ports)) == len(ports) == 2 * len(NODES)


def test_a_second_start_keeps_people_secrets_and_ports(tmp_path: Path) -> None:
    first = Village(tmp_path, port=PORT)
    secrets = [first.node_settings(name).read_text() for name in NODES]
    second = Village(tmp_path, port=PORT)
    assert (second.password, second.token) == (first.password, first.token)
    assert [second.node_settings(name).read_text() for name in NODES] == secrets


def test_a_start_tells_the_quiet_hours_that_were_set_meanwhile(tmp_path: Path) -> None:
    village = Village(tmp_path, port=PORT)
    assert village.quiet == []
    with open_desk(load_hub_settings(village.hub_settings)) as desk:
        desk.store.write(lambda db: site.keep_house_rules(db, KeptRules(HouseRules())))
    assert Village(tmp_path, port=PORT).quiet == [("22:00", "06:00")]


def test_every_folder_has_its_own_password(tmp_path: Path) -> None:
    passwords = {Village(tmp_path / name, port=PORT).password for name in ("a", "b")}
    assert len(passwords) == 2


def test_a_port_that_somebody_took_meanwhile_is_changed_everywhere(tmp_path: Path) -> None:
    taken = ports_of(Village(tmp_path, port=PORT))[0]
    with socket.create_server((HOST, taken)):
        village = Village(tmp_path, port=PORT)
    assert taken not in ports_of(village)
    settings = load_settings(village.node_settings(next(iter(NODES))))
    assert settings.broker.port == ports_of(village)[0]


def test_a_start_that_broke_half_way_is_made_whole(tmp_path: Path) -> None:
    Village(tmp_path, port=PORT)
    (tmp_path / "state.json").unlink()
    village = Village(tmp_path, port=PORT)
    assert village.password
    assert tomllib.loads(village.hub_settings.read_text())["hub"]["port"] == PORT


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(Unavailable, match="holds something else"):
        Village(tmp_path, port=PORT)


def test_without_a_free_port_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as held:
        taken = held.enter_context(socket.create_server((HOST, 0))).getsockname()[1]
        monkeypatch.setattr(demo_village, "_PORTS", range(taken, taken + 1))
        with pytest.raises(Unavailable, match="free"):
            Village(tmp_path, port=PORT)
