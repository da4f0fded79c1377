"""New keys after a hub or a backup was stolen."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge import papers as node
from edge.wire.papers import Papers
from hub.__main__ import main
from hub.backup.make import back_up
from hub.config import HubSettings, load_settings
from hub.desk import Desk, only_hub_on, open_desk
from hub.enroll import write_hub_settings
from hub.errors import Unavailable
from hub.new_node import NewNode
from hub.rekey import KEYS, finish, new_keys, put_in_place
from hub.store import audit
from tests.fakes_plug import Plug, PluggedOut

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


def rekey(settings: HubSettings) -> Path:
    return put_in_place(settings.data, new_keys(settings, now=NOW), now=NOW)


def keys(settings: HubSettings) -> dict[str, str]:
    """Site key and authority as the hub has them."""
    files = (settings.data / "site-key.json", settings.data / "authority" / "authority.pem")
    return {file.name: file.read_text() for file in files}


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
    rekey(settings)
    with open_desk(settings) as desk:
        assert before.isdisjoint({desk.key.key_id, desk.issuer and desk.issuer.certificate_pem})


def test_the_old_keys_are_kept_where_only_the_hub_reads(settings: HubSettings) -> None:
    kept = {name for name in KEYS if (settings.data / name).exists()}
    aside = rekey(settings)
    assert {each.name for each in aside.iterdir()} == kept
    assert aside.stat().st_mode & 0o077 == 0


def test_a_node_that_is_deployed_again_believes_the_new_keys(settings: HubSettings, tmp_path: Path) -> None:
    with open_desk(settings) as desk:
        first = deployed(desk, tmp_path / "node")
    rekey(settings)
    with open_desk(settings) as desk:
        again = deployed(desk, tmp_path / "node")
        assert again.is_new
        assert again.settings["keys"] != first.settings["keys"]
        assert not deployed(desk, tmp_path / "node").is_new


def test_wherever_the_plug_is_pulled_all_keys_are_old_or_all_are_new(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, made, plug, found = keys(settings), new_keys(settings, now=NOW), Plug(monkeypatch), list[bool]()
    for step in range(1, 200):
        plug.pull_at(step)
        try:
            aside = put_in_place(settings.data, made, now=NOW)
        except PluggedOut:
            plug.pull_at(None)
            finish(settings.data)  # as at every start
            found.append(keys(settings) == {Path(name).name: text for name, text in made.items()})
            assert found[-1] or keys(settings) == old
            if found[-1]:
                put_back(settings.data, next(settings.data.glob("keys-until-*")))
        else:
            break
    assert found == sorted(found)
    assert {False, True} == set(found)
    assert {each.name for each in aside.iterdir()} == {"authority", "site-key.json"}


def put_back(data: Path, aside: Path) -> None:
    """As it was before the keys were changed."""
    for kept in aside.iterdir():
        if (data / kept.name).is_dir():
            shutil.rmtree(data / kept.name)
        kept.replace(data / kept.name)
    aside.rmdir()


def cut_off(settings: HubSettings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Pull the plug when the new keys, which are given, have begun to take their places."""
    made = new_keys(settings, now=NOW)
    with monkeypatch.context() as at:
        plug = Plug(at)
        at.setattr("hub.rekey._sync", lambda *_: plug.pull_at(1))
        with pytest.raises(PluggedOut):
            put_in_place(settings.data, made, now=NOW)
    return {Path(name).name: text for name, text in made.items()}


def test_half_changed_keys_are_not_used(settings: HubSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(settings, monkeypatch)
    with pytest.raises(Unavailable, match="either finishes it"), open_desk(settings):
        pass
    assert not (settings.data / "site-key.json").exists()


def test_half_changed_keys_are_not_backed_up(
    settings: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(settings, monkeypatch)
    (settings.data / "site-key.json").touch()
    with pytest.raises(Unavailable, match="cut off"):
        back_up(settings, tmp_path / "backup.tar", now=NOW)


@pytest.mark.parametrize("name", ["authority", "site-key.json"])
def test_keys_that_a_command_under_way_made_meanwhile_are_set_aside_too(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    wanted = cut_off(settings, monkeypatch)
    aside = next(settings.data.glob("keys-until-*"))
    if (aside / name).is_dir():
        shutil.copytree(aside / name, settings.data / name)
    else:
        shutil.copy(aside / name, settings.data / name)
    assert finish(settings.data)
    assert keys(settings) == wanted
    assert (aside / f"{name}-meanwhile").exists()


@pytest.mark.parametrize("command", ["rekey", "serve"])
def test_over_a_restore_that_was_cut_off_no_keys_are_changed(
    settings: HubSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    cut_off(settings, monkeypatch)
    (settings.data / ".restore").mkdir()
    assert main([command, "--config", str(settings.file)]) == 1
    assert "a restore into it was cut off" in capsys.readouterr().err
    assert not (settings.data / "site-key.json").exists()


def test_the_command_finishes_what_was_cut_off(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = cut_off(settings, monkeypatch)
    assert main(["rekey", "--config", str(settings.file)]) == 0
    assert keys(settings) == wanted
    assert "finished" in capsys.readouterr().out


def test_a_hub_that_starts_finishes_what_was_cut_off(
    settings: HubSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = cut_off(settings, monkeypatch)
    monkeypatch.setattr("hub.serving.check_ports", lambda _settings: (_ for _ in ()).throw(OSError("enough")))
    assert main(["serve", "--config", str(settings.file)]) == 1
    assert keys(settings) == wanted


def test_two_changes_within_a_second_keep_both(settings: HubSettings) -> None:
    first, second = rekey(settings), rekey(settings)
    assert (first / "site-key.json").read_text() != (second / "site-key.json").read_text()


def test_beside_a_running_hub_it_is_refused(
    settings: HubSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_hub_on(settings.data):
        assert main(["rekey", "--config", str(settings.file)]) == 1
    assert "already running" in capsys.readouterr().err
    assert (settings.data / "site-key.json").exists()


def test_the_command_says_what_to_do_next(settings: HubSettings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rekey", "--config", str(settings.file)]) == 0
    said = capsys.readouterr().out
    assert "deploy every device again" in said
    assert "Make a backup then: those until now bring the old keys back" in said


def test_codes_that_may_be_stolen_let_nobody_in_under_new_keys(settings: HubSettings) -> None:
    with open_desk(settings) as desk:
        assert desk.certification is not None
        desk.certification.code(None, NODE)
    assert main(["rekey", "--config", str(settings.file)]) == 0
    with open_desk(settings) as desk:
        assert desk.store.read().execute("SELECT count(*) FROM codes").fetchone() == (0,)
        assert audit.entries(desk.store.read(), limit=1)[0].action == "site.rekey"


def test_a_folder_without_a_site_gets_no_keys(settings: HubSettings) -> None:
    (settings.data / "hub.db").unlink()
    with pytest.raises(Unavailable, match="no site here"):
        rekey(settings)
