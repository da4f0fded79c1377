"""Hệ thống: what a technician sees of the hub and of every device."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from hub.app import create_app
from hub.backup.places import LastRun
from hub.backup.settings import BackupSettings
from hub.condition import condition
from hub.config import KeepSettings, ServerSettings
from hub.parts import Parts
from hub.people.roles import Role
from hub.recovery import Recovery, keep
from hub.store import certificates
from hub.store.certificates import Certificate
from hub.web.pages.page import SYSTEM_READERS
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf

FILE = "loa-phuong-2026-11-20-021500.tar"


@pytest.fixture
def backup() -> BackupSettings | None:
    """The section [backup] of this hub."""
    return BackupSettings(keep=14, second="/mnt/usb")


@pytest.fixture
def file(parts: Parts) -> Path:
    """Where the settings of this hub were read."""
    return parts.settings.file


@pytest.fixture
def app(parts: Parts, backup: BackupSettings | None, file: Path) -> FastAPI:
    known = parts.settings
    changes = {"backup": backup, "file": file, "hub": ServerSettings(data=str(known.data))}
    object.__setattr__(parts, "settings", known.model_copy(update=changes))
    return create_app(parts)


@pytest.fixture
def technician(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.TECHNICIAN, login="tu")


def leave(parts: Parts, *, size: int | None = 48_300_000, **trouble: str) -> None:
    """Word of a backup made five hours ago, whose file has this size."""
    at, file = parts.now() - timedelta(hours=5), parts.settings.data / FILE
    if size is not None:
        file.write_bytes(b"")
        os.truncate(file, size)
    word = LastRun(tried_at=at, done_at=at, file=str(file), trouble=trouble)
    (parts.settings.data / "backup.json").write_text(word.model_dump_json())


def test_the_last_backup_stands_there_with_its_age_size_and_places(technician: Browser, parts: Parts) -> None:
    leave(parts)
    text = technician.get("/system").text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("04:00 hôm nay (5 giờ trước)", FILE, "(48 MB)", "giữ 14 bản", "/mnt/usb , đã chép"):
        assert words in text


def test_a_backup_that_is_not_there_any_more_is_said(technician: Browser, parts: Parts) -> None:
    leave(parts, size=None)
    assert f"{FILE} không còn ở đó" in technician.get("/system").text


def test_a_second_place_without_the_last_backup_is_said(technician: Browser, parts: Parts) -> None:
    leave(parts, backup_second="/mnt/usb")
    assert "/mnt/usb , chưa chép" in technician.get("/system").text


def test_a_run_that_failed_is_said_beside_the_backup_before_it(technician: Browser, parts: Parts) -> None:
    leave(parts, backup_no_room="/var/backups")
    assert "lần chạy 04:00 hôm nay không thành công" in technician.get("/system").text


def test_a_hub_without_any_backup_yet_is_said(technician: Browser) -> None:
    assert "chưa có bản nào" in technician.get("/system").text


@pytest.mark.parametrize("backup", [None])
@pytest.mark.parametrize(
    ("called", "file", "command"),
    [
        ("loa-hub", Path("/etc/loa/hub.toml"), "sudo loa-hub backup"),
        ("-m", Path("/home/xã/hub.toml"), "./loa hub backup --config '/home/xã/hub.toml'"),
    ],
)
def test_a_hub_that_makes_no_backups_says_how_to_make_one(
    technician: Browser, monkeypatch: pytest.MonkeyPatch, called: str, command: str
) -> None:
    monkeypatch.setattr("sys.argv", [called])
    text = technician.get("/system").text
    assert "không sao lưu hằng đêm" in text
    assert f"{command} Mọi thiết bị" in text


def test_a_site_without_a_recovery_key_is_told_how_to_make_one(technician: Browser, file: Path) -> None:
    text = technician.get("/system").text
    assert "Khóa khôi phục chưa có" in text
    assert f"loa hub recovery-key --config {file}" in text


def test_a_recovery_key_is_shown_by_number_and_day(technician: Browser, parts: Parts) -> None:
    made = Recovery(public="x", id="kPrK_qmxVWaYVA9w", number=1, made_at=parts.now())
    keep(parts.settings.data, made)
    assert "số kPrK_qmx, tạo ngày 20/11/2026" in technician.get("/system").text


def test_a_device_of_another_version_stands_out(technician: Browser, parts: Parts, village: Village) -> None:
    here = condition(parts.settings).software
    village.born("loa-1", software=f"loa {here}")
    village.born("loa-2", software="loa 0.0.1")
    text = technician.get("/system").text
    assert "loa 0.0.1 khác máy chủ" in text
    assert "1 thiết bị chạy phiên bản khác máy chủ" in text
    assert "1 thiết bị chưa từng báo về" in text


def test_devices_that_all_run_the_hubs_version_are_said_so(
    technician: Browser, parts: Parts, village: Village
) -> None:
    for node in ("loa-1", "loa-2", "loa-3"):
        village.born(node, software=f"loa {condition(parts.settings).software}")
    text = technician.get("/system").text
    assert "đều chạy đúng phiên bản của máy chủ" in text
    assert "khác máy chủ" not in text
    assert "chưa từng báo về" not in text


def test_a_certificate_that_nears_its_end_stands_out(technician: Browser, parts: Parts) -> None:
    assert parts.certification is not None
    at = parts.now()
    for node, days in (("loa-1", 30), ("loa-2", 300)):
        new = Certificate(
            serial=node[-1], node=node, key=node, pem="", issued_at=at, expires_at=at + timedelta(days=days)
        )
        parts.store.write(lambda db, new=new: certificates.add(db, new))
    text = technician.get("/system").text
    assert "20/12/2026 chưa gia hạn" in text
    assert "16/09/2027" in text
    assert text.count("chưa gia hạn") == 1


def test_what_a_device_reports_of_its_card_stands_beside_it(technician: Browser, village: Village) -> None:
    village.born("loa-1")
    village.health("loa-1", disk_free=23_400_000_000, temperature_c=47.34)
    text = technician.get("/system").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "23,4 GB 47,3 °C" in text


def test_it_is_said_for_how_long_data_is_kept(technician: Browser, parts: Parts) -> None:
    changed = parts.settings.model_copy(update={"keep": KeepSettings(entries_years=7)})
    object.__setattr__(parts, "settings", changed)
    said = technician.get("/system").text
    assert "dòng gốc của thiết bị giữ 7 năm, nhật ký thao tác giữ 5 năm" in said


def test_the_hubs_own_faults_stand_there_and_no_others(technician: Browser, parts: Parts) -> None:
    parts.faults.raise_(None, "code_refused", "192.0.2.7")
    parts.faults.raise_("loa-1", "amplifier", "pin 17")
    text = technician.get("/system").text
    assert "192.0.2.7" in text
    assert "pin 17" not in text


def test_a_lost_broker_is_said(technician: Browser, village: Village) -> None:
    assert "đang kết nối" in technician.get("/system").text
    village.line.linked = False
    assert "mất kết nối; xem sự cố" in technician.get("/system/live").text


@pytest.mark.parametrize("role", Role)
def test_the_way_there_is_shown_to_those_who_may_go(browser_of: BrowserOf, role: Role) -> None:
    browser = browser_of(role)
    may = role in SYSTEM_READERS
    assert ("/system" in browser.get("/").hrefs) is may
    assert browser.get("/system").status == (200 if may else 403)
