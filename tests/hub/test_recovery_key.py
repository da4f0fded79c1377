"""The key that alone may replace the site's: made, printed once, and its public half handed out."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edge.wire.papers import Papers
from edge.wire.signing import Keyring, SignedKind
from edge.wire.succession import Succession
from hub.__main__ import main
from hub.backup.make import back_up
from hub.backup.restore import restore
from hub.config import HubSettings, load_settings
from hub.desk import open_desk
from hub.enroll import write_hub_settings
from hub.new_node import NewNode
from hub.paper_key import PaperKey
from hub.recovery import FILE, Recovery, kept
from hub.rekey import new_keys, put_in_place
from hub.store import audit, certificates
from hub.succession import succession
from tests.factories_tls import node_key, request_of

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NODE = NewNode(id="to-1-loa-1", kind="speaker", area="to-1")
TYPED = re.compile(r"^ {4}((?:[A-Z2-9]{5} +){3}[A-Z2-9]{5})$", re.MULTILINE)

pytestmark = pytest.mark.usefixtures("umask")


@pytest.fixture
def blank(tmp_path: Path) -> HubSettings:
    """A site with doors to the network, and no device."""
    file = tmp_path / "hub" / "hub.toml"
    file.parent.mkdir()
    content: dict[str, Any] = {
        "site": {"id": "xa-mau", "name": "Xã mẫu"},
        "hub": {"socket": str(tmp_path / "http.sock")},
        "tls": {"names": ["loa.lan"]},
    }
    write_hub_settings(file, content)
    with open_desk(load_settings(file)) as desk:
        desk.enrolment.add_area(None, id_="to-1", name="Tổ 1")
    return load_settings(file)


@pytest.fixture
def settings(blank: HubSettings) -> HubSettings:
    """A site with doors to the network, and a device."""
    enrolled(blank)
    return blank


@pytest.fixture
def printed(settings: HubSettings, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command printed when it made the key."""
    assert main(["recovery-key", "--config", str(settings.file)]) == 0
    return capsys.readouterr().out


def paper_in(text: str) -> PaperKey:
    return PaperKey.read(" ".join(TYPED.findall(text)))


def held(settings: HubSettings) -> Recovery:
    found = kept(settings.data)
    assert found is not None
    return found


def enrolled(settings: HubSettings) -> Papers:
    with open_desk(settings) as desk:
        assert desk.certification is not None
        return desk.certification.papers(None, NODE, request=request_of(node_key()), new_card=True)


def test_the_paper_is_the_key_whose_public_half_is_kept(settings: HubSettings, printed: str) -> None:
    key = paper_in(printed).signing_key()
    assert (held(settings).public, held(settings).id) == (key.public(), key.key_id)
    assert held(settings).short_id in printed


def test_the_private_half_is_nowhere_in_the_folder(settings: HubSettings, printed: str) -> None:
    paper = paper_in(printed)
    wanted = [paper.secret.encode(), str(paper).encode(), paper.secret[:8].encode()]
    wanted.append(paper.signing_key().to_json().split('"d": "')[1][:43].encode())
    files = [path for path in settings.data.rglob("*") if path.is_file()]
    assert settings.data / FILE in files
    assert not [path for path in files for secret in wanted if secret in path.read_bytes()]


def test_a_second_call_refuses_and_keeps_the_first(
    settings: HubSettings, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(settings)
    assert main(["recovery-key", "--config", str(settings.file)]) == 1
    assert before.short_id in capsys.readouterr().err
    assert held(settings) == before


def test_told_so_it_makes_another_with_a_higher_number(settings: HubSettings, printed: str) -> None:
    before = held(settings)
    assert main(["recovery-key", "--again", "--config", str(settings.file)]) == 0
    assert held(settings).public != before.public
    assert held(settings).number > before.number


def test_it_stands_in_the_audit_log_without_the_key(settings: HubSettings, printed: str) -> None:
    with open_desk(settings) as desk:
        entry = audit.entries(desk.store.read(), limit=1)[0]
    assert entry.action == "site.recovery_key"
    assert entry.what == f"site:xa-mau {held(settings).short_id}"


def test_a_hub_that_is_not_open_to_the_network_makes_none(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recovery-key", *site]) == 1
    assert "[tls]" in capsys.readouterr().err
    assert not (tmp_path / "site" / FILE).exists()


def test_papers_hand_it_out(settings: HubSettings, printed: str) -> None:
    keys = enrolled(settings).settings["keys"]
    assert keys["recovery"] == held(settings).public
    assert keys["number"] == held(settings).number


def test_papers_of_a_site_without_one_pin_none(settings: HubSettings) -> None:
    assert set(enrolled(settings).settings["keys"]) == {"site"}


def test_a_hub_that_runs_hands_out_what_was_made_meanwhile(blank: HubSettings) -> None:
    with open_desk(blank) as desk:
        assert main(["recovery-key", "--config", str(blank.file)]) == 0
        assert desk.certification is not None
        papers = desk.certification.papers(None, NODE, request=request_of(node_key()))
    assert papers.settings["keys"]["recovery"] == held(blank).public


def test_a_backup_holds_its_public_half(settings: HubSettings, printed: str, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "site.tar", now=NOW)
    (tmp_path / "new").mkdir()
    restore(tmp_path / "site.tar", tmp_path / "new", now=NOW)
    assert kept(tmp_path / "new") == held(settings)


def test_other_keys_of_the_site_have_a_higher_number(settings: HubSettings, printed: str) -> None:
    before = held(settings)
    put_in_place(settings.data, new_keys(settings, now=NOW), now=NOW)
    assert held(settings).number > before.number
    assert replace(held(settings), number=before.number) == before


def rekey(settings: HubSettings, monkeypatch: pytest.MonkeyPatch, typed: str, *options: str) -> int:
    """Type this when the command asks for the paper key."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    return main(["rekey", "--recovery", *options, "--config", str(settings.file)])


def told(settings: HubSettings, public: str) -> Succession:
    token = succession(settings.data)
    assert token is not None
    return Succession.decode(Keyring(public).open(SignedKind.SUCCESSION, token))


def test_the_paper_vouches_for_new_keys(
    settings: HubSettings, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(settings)
    assert rekey(settings, monkeypatch, str(paper_in(printed))) == 0
    found = told(settings, before.public)
    with open_desk(settings) as desk:
        assert desk.issuer is not None
        assert (found.key, found.authority) == (desk.key.public(), desk.issuer.certificate_pem)
    assert (found.site, found.number) == ("xa-mau", held(settings).number)
    assert found.number > before.number
    assert replace(held(settings), number=before.number) == before


@pytest.mark.parametrize("between", ["\n", "\r\n", " - "])
def test_it_may_be_typed_on_as_many_lines_as_on_the_paper(
    settings: HubSettings, printed: str, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    assert rekey(settings, monkeypatch, between.join(str(paper_in(printed)).split())) == 0


def test_new_papers_have_the_number_of_the_succession(
    settings: HubSettings, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey(settings, monkeypatch, str(paper_in(printed)))
    keys = enrolled(settings).settings["keys"]
    assert keys["number"] == told(settings, keys["recovery"]).number


def test_a_hub_that_replaces_a_lost_one_takes_the_paper_over(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = PaperKey.generate()
    assert rekey(settings, monkeypatch, str(paper)) == 0
    assert held(settings).public == paper.signing_key().public()
    assert told(settings, held(settings).public).number == held(settings).number


def test_a_paper_newer_than_the_backup_counts_when_told_so(
    settings: HubSettings, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, newer = held(settings), PaperKey.generate()
    assert rekey(settings, monkeypatch, str(newer)) == 1
    assert "rekey --recovery --other-paper" in capsys.readouterr().err
    assert rekey(settings, monkeypatch, str(newer), "--other-paper") == 0
    assert held(settings).public == newer.signing_key().public()
    assert held(settings).made_at > before.made_at
    assert told(settings, newer.signing_key().public()).number > before.number


def test_a_hub_that_knows_no_device_tells_none_to_take_keys_and_fall_silent(
    blank: HubSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = PaperKey.generate()
    assert rekey(blank, monkeypatch, str(paper)) == 0
    assert succession(blank.data) is None
    assert held(blank).public == paper.signing_key().public()
    assert "It knows no device" in capsys.readouterr().out


def test_a_device_that_was_removed_is_not_one_that_comes_back(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_desk(settings) as desk:
        desk.store.write(lambda db: certificates.revoke(db, NODE.id, at=NOW, reason="removed"))
    rekey(settings, monkeypatch, str(PaperKey.generate()))
    assert succession(settings.data) is None


def test_before_the_paper_is_typed_it_says_how_many_devices_come_back(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rekey(settings, monkeypatch, "")
    assert "come back by themselves: 1." in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["", "ABCDE", "ABCDE\n\nABCDE", str(PaperKey.generate())])
def test_what_is_not_its_paper_changes_nothing(
    settings: HubSettings,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
) -> None:
    before = {path: path.read_bytes() for path in settings.data.glob("*.json")}
    assert rekey(settings, monkeypatch, typed) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in settings.data.glob("*.json")} == before
    assert succession(settings.data) is None


def test_new_keys_without_the_paper_leave_no_older_succession(
    settings: HubSettings, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rekey(settings, monkeypatch, str(paper_in(printed)))
    before = held(settings)
    assert main(["rekey", "--config", str(settings.file)]) == 0
    assert "deploy every device again" in capsys.readouterr().out.replace("\n          ", " ")
    assert succession(settings.data) is None
    assert held(settings).number > before.number


def test_a_backup_holds_the_succession(
    settings: HubSettings, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey(settings, monkeypatch, str(paper_in(printed)))
    back_up(settings, tmp_path / "site.tar", now=NOW)
    (tmp_path / "new").mkdir()
    restore(tmp_path / "site.tar", tmp_path / "new", now=NOW)
    assert succession(tmp_path / "new") == succession(settings.data)


def test_a_hub_that_is_not_open_to_the_network_asks_for_no_paper(
    site: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rekey", "--recovery", *site]) == 1
    assert "[tls]" in capsys.readouterr().err
