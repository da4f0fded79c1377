"""The port of this machine, and the Unix socket behind the web server."""

import socket
from pathlib import Path

import pytest

from hub.config import HubSettings, load_settings
from hub.errors import Unavailable
from hub.listening import check_ports, listening


def settings(folder: Path, *, more: str = "") -> HubSettings:
    file = folder / "hub.toml"
    file.write_text(f'[site]\nid = "xa"\nname = "Xã"\n[hub]\nsocket = "{folder}/http.sock"\n{more}')
    return load_settings(file)


def test_an_answer_does_not_wait_for_the_one_before_to_be_acknowledged(tmp_path: Path) -> None:
    wanted = settings(tmp_path)
    on_port = wanted.hub.model_copy(update={"socket": None, "port": 0})
    with (
        listening(wanted.model_copy(update={"hub": on_port})) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_its_group_may_use_the_socket_and_nobody_else(tmp_path: Path) -> None:
    with listening(settings(tmp_path)):
        assert (tmp_path / "http.sock").stat().st_mode & 0o777 == 0o660


def test_it_is_gone_afterwards(tmp_path: Path) -> None:
    with listening(settings(tmp_path)):
        pass
    assert not (tmp_path / "http.sock").exists()


def test_the_socket_of_a_killed_hub_is_taken_over(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / "http.sock"))
    with listening(settings(tmp_path)) as listener:
        assert listener.family == socket.AF_UNIX


def test_the_socket_of_a_running_program_is_left(tmp_path: Path) -> None:
    with (
        listening(settings(tmp_path)),
        pytest.raises(Unavailable, match="another program's"),
        listening(settings(tmp_path)),
    ):
        pass


def test_a_file_that_is_no_socket_is_left(tmp_path: Path) -> None:
    (tmp_path / "http.sock").write_text("precious")
    with pytest.raises(Unavailable, match="another kind"), listening(settings(tmp_path)):
        pass
    assert (tmp_path / "http.sock").read_text() == "precious"


def test_a_folder_that_is_missing_is_said_so(tmp_path: Path) -> None:
    wanted = settings(tmp_path)
    away = wanted.hub.model_copy(update={"socket": str(tmp_path / "run" / "http.sock")})
    with (
        pytest.raises(Unavailable, match="cannot be made: No such file"),
        listening(wanted.model_copy(update={"hub": away})),
    ):
        pass


def test_the_door_that_another_program_has_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.listening._PATIENCE_S", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        tls = f'[tls]\nnames = ["a"]\nbroker_host = "127.0.0.1"\nbroker_port = {port}\n'
        with pytest.raises(Unavailable, match=r"\[tls\] broker_port"):
            check_ports(settings(tmp_path, more=f"[broker]\nport = {other}\n{tls}"))
