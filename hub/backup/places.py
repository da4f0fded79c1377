"""Where backups are kept: a folder, a second place on another disk, and how many of them; and what the hub is
told of the last run."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hub.backup.disk import Full, check_room, explaining_full, sync_folder
from hub.backup.make import Made, Tell, back_up
from hub.backup.settings import BackupSettings
from hub.config import HubSettings
from hub.errors import HubError, Unavailable
from hub.files import held, sync, write_private

__all__ = [
    "DAMAGED",
    "FAILED",
    "NO_ROOM",
    "SECOND",
    "LastRun",
    "are_on_one_disk",
    "file_name",
    "last_run",
    "newest",
    "nightly",
    "only_one",
]

FAILED: Final = "backup_failed"
NO_ROOM: Final = "backup_no_room"
SECOND: Final = "backup_second"
DAMAGED: Final = "recording_damaged"

_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before that is behind


class LastRun(BaseModel):
    """What became of the last run. `trouble` gives what was wrong as faults of the hub, with their detail."""

    model_config = ConfigDict(frozen=True)

    tried_at: datetime
    done_at: datetime | None = None
    file: str = ""
    trouble: dict[str, str] = Field(default_factory=dict)


def last_run(data: Path) -> LastRun | None:
    """What the last run left word of; None before the first."""
    try:
        return LastRun.model_validate_json((data / "backup.json").read_bytes())
    except (OSError, ValidationError):
        return None


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """One backup at a time. Raises `Unavailable`, OSError."""
    with held(data / "backup.lock", Unavailable(f"{data}: a backup is being made already")):
        yield


def file_name(settings: HubSettings, at: datetime) -> str:
    """The name of a backup made now; the later it was made, the later in the alphabet."""
    local = at.astimezone(ZoneInfo(settings.site.timezone))
    return f"loa-{settings.site.id}-{local:%Y-%m-%d-%H%M%S}.tar"


def newest(settings: HubSettings, *, now: datetime) -> Path | None:
    """The youngest backup of this site in the places of the settings, by its name; one from the future, made
    while the clock was wrong, only where there is no other."""
    backup = settings.backup or BackupSettings()
    pattern = re.compile(rf"loa-{re.escape(settings.site.id)}-\d{{4}}-\d\d-\d\d-\d{{6}}\.tar")
    folders = [settings.data / backup.folder, *([Path(backup.second)] if backup.second else [])]
    found = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    tomorrow = file_name(settings, now + timedelta(days=1))
    return max(
        (path for path in found if pattern.fullmatch(path.name)),
        key=lambda path: (path.name < tomorrow, path.name),
        default=None,
    )


def are_on_one_disk(one: Path, other: Path) -> bool:
    """Whether two folders are on the same file system."""
    return one.stat().st_dev == other.stat().st_dev


def nightly(
    settings: HubSettings,
    *,
    now: Callable[[], datetime],
    tell: Tell,
    on_one_disk: Callable[[Path, Path], bool] = are_on_one_disk,
) -> Made:
    """Make a backup in the folder of the settings, copy it to the second place, drop the oldest of each.

    Raises HubError or OSError; however it ends, word is left for the hub.
    """
    at, backup, data = now(), settings.backup or BackupSettings(), settings.data
    word = (last_run(data) or LastRun(tried_at=at)).model_copy(update={"tried_at": at})
    try:
        made = _make(settings, data / backup.folder, at, tell, keep=backup.keep)
    except (HubError, OSError) as error:
        _leave(data, word, _trouble(error, FAILED, str(error)))
        raise
    word = word.model_copy(update={"done_at": at, "file": str(made.file)})
    trouble = {DAMAGED: ", ".join(made.damaged[:5])} if made.damaged else {}
    try:
        if backup.second:
            _copy(made.file, Path(backup.second), at, on_one_disk, keep=backup.keep)
    except (HubError, OSError) as error:
        _leave(data, word, trouble | _trouble(error, SECOND, backup.second))
        raise
    _leave(data, word, trouble)
    return made


def _make(settings: HubSettings, folder: Path, at: datetime, tell: Tell, *, keep: int) -> Made:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = file_name(settings, at)
    _sweep(folder, name)
    made = back_up(settings, folder / name, now=at, tell=tell)
    _drop_oldest(folder, name, at, keep=keep)
    return made


def _copy(
    file: Path, second: Path, at: datetime, on_one_disk: Callable[[Path, Path], bool], *, keep: int
) -> None:
    if not second.is_dir():
        raise Unavailable(f"{second}: the second place is not there; mount it, or correct [backup] second")
    if on_one_disk(file.parent, second):
        raise Unavailable(f"{second} is on the same disk as {file.parent}; is the second place mounted?")
    with explaining_full(second):
        _sweep(second, file.name)
        check_room(second, file.stat().st_size)
        beside = second / f".{file.name}.part"
        try:
            shutil.copyfile(file, beside)
            with suppress(OSError):  # FAT knows no modes
                beside.chmod(0o600)
            sync(beside)
            beside.replace(second / file.name)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(second)
    _drop_oldest(second, file.name, at, keep=keep)


def _drop_oldest(folder: Path, newest: str, at: datetime, *, keep: int) -> None:
    """Keep `keep` backups of this site; the one just made stays, whatever the clock said.

    Those from the future give way first, unless it is the clock of now that is behind: named as the youngest
    they would stay for ever, and every later one would go.
    """
    others = sorted(
        (path for path in folder.iterdir() if _is_sister(path.name, newest) and path.name != newest),
        key=lambda path: (at > _BEGINNING and path.name < newest, path.name),
    )
    for path in others[: max(0, len(others) - (keep - 1))]:
        path.unlink(missing_ok=True)


def _sweep(folder: Path, name: str) -> None:
    """Clear what a power cut left of runs before."""
    for path in folder.iterdir():
        hidden = re.fullmatch(r"\.(.+\.tar)\.(part|db|db-journal)", path.name)
        if hidden and _is_sister(hidden[1], name):
            path.unlink(missing_ok=True)


def _is_sister(name: str, of: str) -> bool:
    """Whether this is the name of a backup of the same site."""
    return re.sub(r"\d", "0", name[-21:]) == re.sub(r"\d", "0", of[-21:]) and name[:-21] == of[:-21]


def _trouble(error: Exception, name: str, detail: str) -> dict[str, str]:
    """The fault as which pages show an error. The sentence is theirs, so the detail is bare fact."""
    return {NO_ROOM: str(error.folder)} if isinstance(error, Full) else {name: detail}


def _leave(data: Path, word: LastRun, trouble: dict[str, str]) -> None:
    """A disk that takes no word leaves the last one, which grows old."""
    with suppress(OSError):
        write_private(data / "backup.json", word.model_copy(update={"trouble": trouble}).model_dump_json())
