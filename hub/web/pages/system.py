"""Hệ thống: the hub itself and what runs on every device, for the technician."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from shlex import quote

from fastapi import APIRouter
from starlette.responses import Response

from hub.backup.places import FAILED, NO_ROOM, SECOND
from hub.command_name import command_name, usual_settings
from hub.condition import BackupState, condition, runs_as
from hub.expiry import is_ending
from hub.fleet import NodeState
from hub.web.pages.page import SYSTEM_READERS, Page, PageOf
from hub.web.pages.rows import fault_row
from hub.web.views import BackupView, DeviceRow, SystemFragment, SystemPage

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/system")
def system(page: PageOf) -> Response:
    """The whole page."""
    return page.show(SystemPage(live=_live(page)))


@router.get("/system/live")
def live(page: PageOf) -> Response:
    """The part of it that changes."""
    return page.show(_live(page))


def _live(page: Page) -> SystemFragment:
    page.actor.must(*SYSTEM_READERS)
    parts, certification = page.parts, page.parts.certification
    found = condition(parts.settings)
    ends = certification.ends() if certification else {}
    devices = tuple(_device(page, state, ends, found.software) for state in parts.fleet.nodes())
    said = [device.current for device in devices]
    return SystemFragment(
        linked=parts.is_linked(),
        software=found.software,
        disk_free_bytes=found.disk.free,
        disk_bytes=found.disk.whole,
        disk_full=parts.store.is_disk_full,
        file_bytes=parts.store.size_bytes,
        entries_years=parts.settings.keep.entries_years,
        audit_years=parts.settings.keep.audit_years,
        backup=_backup(found.backup) if found.backup else None,
        backup_command=_command(parts.settings.file, "backup"),
        certified=certification is not None,
        doors_end=found.doors_end,
        recovery_made=found.recovery.made_at if found.recovery else None,
        recovery_id=found.recovery.short_id if found.recovery else "",
        recovery_command=_command(parts.settings.file, "recovery-key"),
        faults=tuple(fault_row(each, {}) for each in parts.faults.open() if each.node is None),
        devices=devices,
        current=said.count(True),
        other=said.count(False),
        silent=said.count(None),
    )


def _command(file: Path, command: str) -> str:
    """What to type on the hub: an installed program knows its settings."""
    if file == usual_settings():
        return f"sudo {command_name()} {command}"
    return f"{command_name()} {command} --config {quote(str(file))}"


def _backup(found: BackupState) -> BackupView:
    last, second = found.last, found.settings.second
    view = BackupView(folder=str(found.folder), keep=found.settings.keep, second=second)
    if last is None:
        return view
    has_failed, file = bool({FAILED, NO_ROOM} & last.trouble.keys()), Path(last.file)
    return replace(
        view,
        folder=str(file.parent) if last.file else view.folder,
        done_at=last.done_at,
        failed_at=last.tried_at if has_failed else None,
        file=file.name,
        bytes=found.bytes,
        second_ok=last.done_at is not None and not has_failed and SECOND not in last.trouble,
    )


def _device(page: Page, state: NodeState, ends: Mapping[str, datetime], software: str) -> DeviceRow:
    report, ends_at = state.report, ends.get(state.node.id)
    health = report.health if report else {}
    return DeviceRow(
        id=state.node.id,
        name=state.node.name,
        where=state.area.name,
        state=state.state,
        software=report.software if report else "",
        current=runs_as(report.software, software) if report else None,
        disk_free_bytes=health.get("disk_free"),
        temperature_c=health.get("temperature_c"),
        certificate_ends=ends_at,
        ends_soon=ends_at is not None and is_ending(ends_at, now=page.parts.now()),
    )
