"""The embedded mosquitto: who may do what, and what happens when it dies."""

import json
import os
import signal
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.wire.messages import Gone
from tests.system.clients import Stranger
from tests.system.village import NODES, Village, until

SITE = "xa-mau"


@pytest.fixture(scope="module")
def ghost(village: Village, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    """A node enrolled beside the running hub; nothing runs as it but these tests."""
    file = tmp_path_factory.mktemp("ghost") / "node.toml"
    assert village.hub("area", "add", "nowhere", "--name", "Không đâu").returncode == 0
    done = village.hub("enroll", "ghost", "--kind", "speaker", "--area", "nowhere", "-o", str(file))
    assert done.returncode == 0, done.stderr
    ghost = Stranger(village.broker_port(), "ghost", tomllib.loads(file.read_text())["broker"]["password"])
    until(
        "the broker lets it in",
        lambda: ghost.publish(f"loa/{SITE}/node/ghost/time", "?").returncode == 0,
        within_s=10,
    )
    yield ghost
    assert village.hub("remove", "ghost").returncode == 0


def plan_of(node: str) -> str:
    return f"loa/{SITE}/node/{node}/plan"


def test_a_node_enrolled_beside_a_running_hub_finds_its_plan(ghost: Stranger) -> None:
    until("its plan is kept by the broker", lambda: ghost.finds(plan_of("ghost")), within_s=10)


def test_a_node_hears_no_other_nodes_plan(ghost: Stranger) -> None:
    assert ghost.finds(plan_of(NODES[0])) == []


def test_a_node_cannot_speak_for_another_and_the_try_is_a_fault(village: Village, ghost: Stranger) -> None:
    gone = Gone(session="0" * 32).encode().decode()
    ghost.publish(f"loa/{SITE}/node/{NODES[0]}/state", gone)
    detail = until(
        "the hub raised a fault", lambda: village.open_faults().get("ghost:broker_denied"), within_s=5
    )
    assert f"node/{NODES[0]}/state" in detail
    assert village.node(NODES[0])["here"]


def test_a_wrong_password_is_refused_and_told(village: Village) -> None:
    liar = Stranger(village.broker_port(), NODES[0], "not-the-secret")
    assert liar.publish(f"loa/{SITE}/node/{NODES[0]}/state", "x").returncode != 0
    until("the hub raised a fault", lambda: village.open_faults().get("broker_login"), within_s=5)


def test_nobody_comes_in_without_a_name(village: Village) -> None:
    anonymous = Stranger(village.broker_port(), "", "")
    assert anonymous.publish("loa/x", "x").returncode != 0


def test_an_unreadable_message_is_kept_and_hurts_nothing(village: Village, ghost: Stranger) -> None:
    ghost.publish(topic := f"loa/{SITE}/node/ghost/state", "{half")
    until("the hub kept it", lambda: topic in village.unreadable(), within_s=10)
    assert village.is_whole()


def test_a_killed_broker_is_started_again_and_whole(village: Village, ghost: Stranger) -> None:
    killed = village.pid_of("mosquitto.conf")
    assert killed is not None
    killed_at = datetime.now(UTC)
    os.kill(killed, signal.SIGKILL)
    until("another runs", lambda: village.pid_of("mosquitto.conf") not in {None, killed}, within_s=10)
    until("the hub is well again", village.is_well, within_s=15)
    until("every loudspeaker is back", lambda: village.is_whole(since=killed_at), within_s=30)
    for leaf in ("plan", "standing"):
        topic = f"loa/{SITE}/node/ghost/{leaf}"
        until(f"the {leaf} is kept again", lambda topic=topic: ghost.finds(topic), within_s=10)
    until("the fault is mended", lambda: "broker_program" not in village.open_faults(), within_s=10)


def test_a_removed_node_is_shut_out(village: Village, tmp_path: Path) -> None:
    file = tmp_path / "node.toml"
    assert (
        village.hub("enroll", "gone", "--kind", "speaker", "--area", "thon-doai", "-o", str(file)).returncode
        == 0
    )
    node = Stranger(village.broker_port(), "gone", tomllib.loads(file.read_text())["broker"]["password"])
    topic = f"loa/{SITE}/node/gone/time"
    until("the broker lets it in", lambda: node.publish(topic, "?").returncode == 0, within_s=10)
    assert village.hub("remove", "gone").returncode == 0
    until("the broker refuses it", lambda: node.publish(topic, "?").returncode != 0, within_s=10)


def test_only_the_hub_may_read_what_it_wrote_for_the_broker(village: Village) -> None:
    modes = {file.name: file.stat().st_mode & 0o777 for file in (village.folder / "hub/broker").iterdir()}
    assert modes == {"mosquitto.conf": 0o600, "passwords": 0o600, "acl": 0o600}


def test_no_secret_stands_in_clear_on_the_hub(village: Village) -> None:
    secrets = [
        tomllib.loads((village.folder / "nodes" / node / "node.toml").read_text())["broker"]["password"]
        for node in NODES
    ]
    files = [file for file in (village.folder / "hub").rglob("*") if file.is_file()]
    for file in files:
        content = file.read_bytes()
        assert not any(secret.encode() in content for secret in secrets), file


def test_the_credentials_file_is_its_owners_only(village: Village) -> None:
    file = village.folder / "demo.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(file.read_text())) == {"url", "user", "password", "token"}
