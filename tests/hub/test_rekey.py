"""New keys after a hub or a backup was stolen."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge import papers as node
from edge.wire.papers import Papers
from hub.__main__ import main
from hub.config import HubSettings, load_settings
from hub.desk import Desk, only_hub_on, open_desk
from hub.enroll import write_hub_settings
from hub.errors import Unavailable
from hub.new_node import NewNode
from hub.rekey import KEYS, set_aside

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NODE = NewNode(id="to-1-loa-1", kind="speaker", area="to-1")

pytestmark = pytest.mark.usefixtures("umask")


@pytest.fixture
def settings(tmp_path: Path) -> HubSettings:
    """A site with doors to the network, an area and keys."""
    file = tmp_path / "hub" / "hub.toml"
    file.parent.mkdir()
    content = {
        "site": {"id": "xa-mau", "name": "Xã mẫu"},
        "hub": {"socket": str(tmp_path / "http.sock")},
        "tls": {"names": ["loa.lan"]},
    }
    write_hub_settings(file, content)
    read = load_settings(file)
    with open_desk(read) as desk:
        desk.enrolment.add_area(None, id_="to-1", name="Tổ 1")
    return read


def deployed(desk: Desk, folder: Path) -> Papers:
    """Enrol the node in `folder` as a run of the playbooks does, however often."""
    assert desk.certification is not None
    asked = node.request(folder).request
    given = desk.certification.papers(None, NODE, request=asked)
    node.install(folder, given)
    return given


def test_site_and_authority_have_other_keys_afterwards(settings: HubSettings) -> None:
    with open_desk(settings) as desk:
        before = {desk.key.key_id, desk.issuer and desk.issuer.certificate_pem}
    set_aside(settings, now=NOW)
    with open_desk(settings) as desk:
        assert before.isdisjoint({desk.key.key_id, desk.issuer and desk.issuer.certificate_pem})


def test_the_old_keys_are_kept_where_only_the_hub_reads(settings: HubSettings) -> None:
    kept = {name for name in KEYS if (settings.data / name).exists()}
    aside = set_aside(settings, now=NOW)
    assert {each.name for each in aside.iterdir()} == kept
    assert aside.stat().st_mode & 0o077 == 0


def test_a_node_that_is_deployed_again_believes_the_new_keys(settings: HubSettings, tmp_path: Path) -> None:
    with open_desk(settings) as desk:
        first = deployed(desk, tmp_path / "node")
    set_aside(settings, now=NOW)
    with open_desk(settings) as desk:
        again = deployed(desk, tmp_path / "node")
        assert again.is_new
        assert again.settings["keys"] != first.settings["keys"]
        assert not deployed(desk, tmp_path / "node").is_new


def test_cut_off_in_the_middle_it_is_run_again(settings: HubSettings) -> None:
    (settings.data / "site-key.json").unlink()
    with open_desk(settings):
        pass
    aside = set_aside(settings, now=NOW)
    assert (aside / "site-key.json").exists()


def test_beside_a_running_hub_it_is_refused(
    settings: HubSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_hub_on(settings.data):
        assert main(["rekey", "--config", str(settings.file)]) == 1
    assert "already running" in capsys.readouterr().err
    assert (settings.data / "site-key.json").exists()


def test_the_command_says_what_to_do_next(settings: HubSettings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rekey", "--config", str(settings.file)]) == 0
    assert "deploy every device again" in capsys.readouterr().out


def test_a_folder_without_a_site_gets_no_keys(settings: HubSettings) -> None:
    (settings.data / "hub.db").unlink()
    with pytest.raises(Unavailable, match="no site here"):
        set_aside(settings, now=NOW)
