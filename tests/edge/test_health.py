from dataclasses import asdict
from pathlib import Path

import pytest

from edge.health import take_readings
from edge.wire.messages import Health
from tests import factories as make


def zone(thermal: Path, number: int, text: str) -> None:
    folder = thermal / f"thermal_zone{number}"
    folder.mkdir()
    (folder / "temp").write_text(text)


def test_readings_fit_the_wire(tmp_path: Path) -> None:
    told = make.health(**asdict(take_readings(tmp_path)))
    assert Health.decode(told.encode()) == told


def test_the_disk_is_the_one_of_the_data_folder(tmp_path: Path) -> None:
    assert (take_readings(tmp_path).disk_free or 0) > 0


def test_a_missing_folder_has_no_disk(tmp_path: Path) -> None:
    assert take_readings(tmp_path / "missing").disk_free is None


def test_memory_is_what_this_program_occupies(tmp_path: Path) -> None:
    assert 5_000_000 < (take_readings(tmp_path).memory or 0) < 10_000_000_000


@pytest.mark.parametrize("text", ["", "rubbish", "12"])
def test_unreadable_memory_is_none(tmp_path: Path, text: str) -> None:
    statm = tmp_path / "statm"
    statm.write_text(text)
    assert take_readings(tmp_path, statm=statm).memory is None


def test_the_hottest_sensor_counts(tmp_path: Path) -> None:
    zone(tmp_path, 0, "41250\n")
    zone(tmp_path, 1, "55000\n")
    assert take_readings(tmp_path, thermal=tmp_path).temperature_c == 55.0


def test_a_sensor_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    zone(tmp_path, 0, "")
    zone(tmp_path, 1, "41250\n")
    assert take_readings(tmp_path, thermal=tmp_path).temperature_c == 41.25


def test_a_machine_without_sensors_has_no_temperature(tmp_path: Path) -> None:
    assert take_readings(tmp_path, thermal=tmp_path).temperature_c is None


def test_uptime_grows(tmp_path: Path) -> None:
    first, second = take_readings(tmp_path), take_readings(tmp_path)
    assert 0 < first.uptime_s < second.uptime_s
