"""What a service asks before it starts: is the partition mounted that /etc/fstab has for its data?"""

import os
import stat
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/ansible/roles/base/templates/loa-partition.j2"


class Machine:
    """One with an fstab of its own. Its systemd mounts nothing, and notes what it was to mount."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.data = folder / "data"
        (folder / "fstab").write_text("/dev/mmcblk0p2 / ext4 defaults 0 1\n")
        asked = folder / "systemctl"
        asked.write_text(f'#!/bin/sh\necho "$@" >>{folder}/asked\nexit 1\n')
        asked.chmod(0o755)

    def has(self, line: str) -> None:
        with (self._folder / "fstab").open("a") as fstab:
            fstab.write(f"{line}\n")

    def starts(self, data: Path | None = None, user: str = "daemon") -> "subprocess.CompletedProcess[str]":
        path = f"{self._folder}:{os.environ['PATH']}"
        return subprocess.run(
            ["sh", str(SCRIPT), str(data or self.data), user],
            env={"PATH": path, "LIBMOUNT_FSTAB": str(self._folder / "fstab")},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def asked(self) -> str:
        file = self._folder / "asked"
        return file.read_text().strip() if file.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_data_on_the_card_waits_for_nothing(machine: Machine) -> None:
    assert machine.starts().returncode == 0
    assert machine.asked == ""


@pytest.mark.parametrize("above", [False, True])
def test_a_partition_that_is_not_there_is_tried_told_of_and_not_written_beside(
    machine: Machine, above: bool
) -> None:
    at = machine.data.parent if above else machine.data
    machine.has(f"/dev/disk/by-label/loa-data {at} ext4 defaults,nofail 0 2")
    ran = machine.starts()
    assert ran.returncode == 1
    assert machine.asked.splitlines()[0] == f"start {at}"
    assert f"Wanted the partition /dev/disk/by-label/loa-data at {at}" in ran.stderr
    assert not machine.data.exists()


@pytest.mark.parametrize(
    ("user", "says"), [("loa-node", "take base_data_device out"), ("loa-hub", "restore the newest backup")]
)
def test_only_a_node_is_told_to_go_on_without_it(machine: Machine, user: str, says: str) -> None:
    machine.has(f"/dev/disk/by-label/loa-data {machine.data} ext4 defaults,nofail 0 2")
    said = machine.starts(user=user).stderr
    assert [
        words for words in ("take base_data_device out", "restore the newest backup") if words in said
    ] == [says]


def test_a_partition_that_is_mounted_is_the_services_own(machine: Machine, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives folders away")
    machine.has(f"tmpfs {tmp_path / 'mounted'} tmpfs defaults 0 0")
    (tmp_path / "mounted").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tmp_path / "mounted"], check=True, timeout=30)
    try:
        assert machine.starts(tmp_path / "mounted").returncode == 0
        folder = (tmp_path / "mounted").stat()
        assert ((tmp_path / "mounted").owner(), stat.S_IMODE(folder.st_mode)) == ("daemon", 0o700)
        assert machine.asked == ""
    finally:
        subprocess.run(["umount", tmp_path / "mounted"], check=True, timeout=30)
