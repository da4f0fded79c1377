"""Other keys of the site: when a node looks for them, whom it believes, and how it comes back."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.errors import HubNotReached, HubRefused
from edge.events import Quit
from edge.files import finish_writing
from edge.papers import install
from edge.wire.link import Connected, Lost
from edge.wire.papers import Papers
from edge.wire.signing import SignedKind, SigningKey
from tests import factories as make
from tests.certificates import TestAuthority
from tests.edge.succession_rig import NEW_KEY, RECOVERY, STRANGER, Node
from tests.fakes_plug import Plug, PluggedOut


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path / "loa")


def test_a_linked_node_asks_nobody(node: Node) -> None:
    node.succeeding.hear(Connected())
    assert node.succeeding.step() >= 3_600
    assert node.asked == []


def test_before_the_link_is_tried_nobody_is_asked(node: Node) -> None:
    assert node.succeeding.step() >= 3_600
    assert node.asked == []


def test_losing_the_link_wakes_it_and_it_waits_apart_from_the_others(node: Node) -> None:
    node.succeeding.hear(Lost(reason="gone"))
    assert node.succeeding.nudged.is_set()
    assert 0 < node.succeeding.step() <= 15
    assert node.asked == []


def test_a_hub_that_is_vouched_for_is_not_asked_for_other_keys(node: Node) -> None:
    node.knocked = None
    node.look()
    assert node.asked == ["knock"]
    assert node.wrong() == ""


def test_a_hub_that_is_not_reached_is_no_stranger(node: Node) -> None:
    node.knocked = HubNotReached("no answer")
    node.look()
    assert node.asked == ["knock"]
    assert node.told == []


def test_it_asks_less_and_less_often(node: Node) -> None:
    node.offered = HubRefused("404")
    node.look()
    waits = [node.succeeding.step() for _ in range(8)]
    assert waits == sorted(waits)
    assert waits[-1] <= 600


def test_what_the_recovery_key_vouches_for_is_pinned_and_the_program_starts_anew(node: Node) -> None:
    node.look()
    assert node.has_new_keys()
    assert node.told[0] == Quit("the site has new keys")


def test_what_was_pinned_is_kept_beside(node: Node) -> None:
    before = (node.folder / "node.toml").read_text()
    node.look()
    assert (node.folder / "node.toml.before-8").read_text() == before
    assert (node.folder / "authority.crt.before-8").read_text() == node.authority.pem
    assert (node.folder / "node.toml.before-8").stat().st_mode & 0o077 == 0


def test_all_else_in_the_settings_stays(node: Node) -> None:
    before = node.settings()
    node.look()
    assert {**node.settings(), "keys": None} == {**before, "keys": None}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"by": make.signing_key()}, "unknown_key"),
        ({"by": SigningKey.generate()}, "unknown_key"),
        ({"kind": SignedKind.ORDER}, "wrong_kind"),
        ({"site": "tan-phu"}, "wrong_site"),
        ({"number": 6}, "replayed"),
        ({"number": 7}, "those that are pinned"),
    ],
)
def test_what_is_not_believed_changes_nothing(node: Node, changes: dict[str, Any], reason: str) -> None:
    node.offered = node.token(**changes)
    node.look()
    assert node.is_the_old_one()
    assert str(STRANGER) in node.wrong()
    assert reason in node.wrong()
    assert not any(isinstance(each, Quit) for each in node.told)


def test_an_altered_byte_changes_nothing(node: Node) -> None:
    for place in range(0, len(token := node.token()), 7):
        altered = bytearray(token)
        altered[place] ^= 1
        node.offered = bytes(altered)
        node.look()
        assert node.is_the_old_one()


@pytest.mark.parametrize("offered", [b"", b"{}", b"\xff" * 100, b"a.b.c", b"." * 1000])
def test_what_is_no_succession_changes_nothing(node: Node, offered: bytes) -> None:
    node.offered = offered
    node.look()
    assert node.is_the_old_one()
    assert "not believed: malformed" in node.wrong()


def test_an_authority_that_is_none_is_not_pinned(node: Node) -> None:
    node.offered = node.token(
        authority=f"-----BEGIN CERTIFICATE-----\n{'A' * 64}\n-----END CERTIFICATE-----\n"
    )
    node.look()
    assert node.is_the_old_one()
    assert "could not be put in their place" in node.wrong()


def test_without_a_recovery_key_nobody_is_asked_and_it_says_what_to_do(tmp_path: Path) -> None:
    node = Node(tmp_path / "loa", recovery=None)
    node.look()
    assert node.asked == ["knock"]
    assert "deploy it again" in node.wrong()


def test_a_stranger_without_a_succession_is_told_of(node: Node) -> None:
    node.offered = HubRefused("404")
    node.look()
    assert "no word of new keys" in node.wrong()


def test_once_linked_the_fault_is_over(node: Node) -> None:
    node.offered = HubRefused("404")
    node.look()
    node.succeeding.hear(Connected())
    node.succeeding.step()
    assert node.wrong() == ""


def test_with_new_keys_its_certificate_is_signed_anew_for_the_same_key(node: Node) -> None:
    key = (node.folder / "node.key").read_bytes()
    node.look()
    node.start()
    node.succeeding.step()
    assert node.asked[-1] == "readmit"
    assert node.is_certified()
    assert (node.folder / "node.key").read_bytes() == key


def test_a_hub_that_does_not_take_it_is_told_of(node: Node) -> None:
    node.readmitted = HubRefused("401: the node is not taken")
    node.look()
    node.start()
    node.succeeding.step()
    assert "signs no certificate for this node: 401" in node.wrong()


def test_a_hub_that_is_not_reached_is_asked_again(node: Node) -> None:
    node.readmitted = HubNotReached("busy")
    node.look()
    node.start()
    node.succeeding.step()
    node.readmitted = None
    node.succeeding.step()
    assert node.is_certified()


@pytest.mark.parametrize("wrong", ["another name", "another authority"])
def test_a_certificate_that_is_not_its_own_is_not_taken(node: Node, wrong: str) -> None:
    node.look()
    node.start()
    before = (node.folder / "node.crt").read_bytes()
    if wrong == "another name":
        node.name = "to-2-loa-9"
    else:
        node.successor = TestAuthority()
    node.succeeding.step()
    assert (node.folder / "node.crt").read_bytes() == before
    assert "signs no certificate" in node.wrong()


def test_keys_that_were_replaced_once_more_meanwhile_are_taken(node: Node) -> None:
    node.look()
    node.start()
    node.readmitted = STRANGER
    newest = SigningKey.generate()
    node.offered = node.token(number=9, key=newest.public())
    node.succeeding.step()
    assert (node.read().keys.site, node.read().keys.number) == (newest.public(), 9)


def test_an_older_succession_never_brings_stolen_keys_back(node: Node) -> None:
    first = node.offered
    node.offered = node.token(number=9, key=SigningKey.generate().public())
    node.look()
    node.start()
    node.readmitted, node.offered = STRANGER, first
    node.succeeding.step()
    assert node.read().keys.number == 9
    assert "replayed" in node.wrong()


def test_wherever_the_plug_is_pulled_it_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, plug = list[bool](), Plug(monkeypatch)
    for step in range(1, 200):
        node = Node(tmp_path / str(step))
        plug.pull_at(step)
        try:
            come_back(node)
        except PluggedOut:
            plug.pull_at(None)
            finish_writing(node.folder)
            found.append(node.has_new_keys())
            assert found[-1] or node.is_the_old_one()
            come_back(node)
            assert node.has_new_keys()
            assert node.is_certified()
        else:
            plug.pull_at(None)
            break
        plug.pull_at(None)
    assert found == sorted(found)
    assert {False, True} == set(found)


def come_back(node: Node) -> None:
    node.start()
    node.look()
    node.start()
    node.succeeding.step()


def test_papers_of_the_new_hub_change_nothing_of_what_was_taken(node: Node) -> None:
    come_back(node)
    keys = {"site": NEW_KEY.public(), "recovery": RECOVERY.public(), "number": 8}
    given: Papers = node.papers(keys=keys).model_copy(
        update={"certificate": (node.folder / "node.crt").read_text(), "authority": node.successor.pem}
    )
    assert not install(node.folder, given).changed
    assert json.loads(json.dumps(node.settings()["keys"])) == keys
