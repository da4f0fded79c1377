"""Recordings and the bulletins made of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import NOTHING_TYPED, Form, Newer, Text

__all__ = [
    "BulletinFormPage",
    "BulletinPage",
    "BulletinRow",
    "BulletinsPage",
    "RecordingChoice",
    "RecordingFragment",
    "RecordingPage",
    "RecordingRow",
    "RecordingsFragment",
    "RecordingsPage",
]


@dataclass(frozen=True, kw_only=True)
class RecordingRow:
    """state is `preparing` (with `progress` 0-100, None while it waits), `ready` or `refused` (with
    `reason`).
    """

    id: str
    title: str
    state: str
    language: str
    uploaded_at: datetime
    uploaded_by: str
    duration_ms: int | None = None
    progress: int | None = None
    reason: Text | None = None
    warnings: int = 0


@dataclass(frozen=True, kw_only=True)
class RecordingsFragment:
    """GET /recordings/live, on the event `recordings`."""

    template: ClassVar[str] = "fragments/recordings.html"
    rows: tuple[RecordingRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordingsPage:
    """GET /recordings. The form posts multipart to /recordings: `files` (several), `title`, `language`.

    Where `files` holds several, `title` may be empty: each takes its file's name.
    """

    template: ClassVar[str] = "recordings.html"
    list: RecordingsFragment = RecordingsFragment()
    form: Form = NOTHING_TYPED
    max_mb: int = 200
    max_minutes: int = 120


@dataclass(frozen=True, kw_only=True)
class RecordingFragment:
    """GET /recordings/{id}/live, on the event `recordings`.

    `peaks` are 0-1, evenly spaced in time (a few hundred read well). Loudness in LUFS, true peak in dBTP.
    `used`: bulletins are made of it, so it cannot be deleted.
    """

    template: ClassVar[str] = "fragments/recording.html"
    row: RecordingRow
    peaks: tuple[float, ...] = ()
    before_lufs: float | None = None
    after_lufs: float | None = None
    before_dbtp: float | None = None
    after_dbtp: float | None = None
    sound_url: str | None = None
    file_name: str = ""
    sha256: str = ""
    warnings: tuple[Text, ...] = ()
    used: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordingPage:
    """GET /recordings/{id}; `used_in` are (id, title) of bulletins made of it."""

    template: ClassVar[str] = "recording.html"
    detail: RecordingFragment
    used_in: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class BulletinRow:
    """state is `draft`, `submitted` or `approved`; priority `routine`, `priority` or `emergency`."""

    id: str
    title: str
    state: str
    priority: str
    language: str
    duration_ms: int
    made_at: datetime
    made_by: str


@dataclass(frozen=True, kw_only=True)
class BulletinsPage:
    """GET /bulletins?state=…; `state` is the filter in force, empty for all."""

    template: ClassVar[str] = "bulletins.html"
    rows: tuple[BulletinRow, ...] = ()
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordingChoice:
    """A recording that a bulletin may hold; `sound_url` once it is prepared."""

    id: str
    title: str
    duration_ms: int
    language: str = "vi"
    sound_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class BulletinFormPage:
    """GET /bulletins/new (POST /bulletins) or GET /bulletins/{id}/edit (POST /bulletins/{id}).

    Posts `title`, `priority`, `language` and `recordings`: one id per line of the order, empty ids to be
    dropped; for a draft the `revision` that it was opened at. `newer` is what another saved since (status
    409), which `revision` then is that of.
    """

    template: ClassVar[str] = "bulletin_form.html"
    choices: tuple[RecordingChoice, ...] = ()
    form: Form = NOTHING_TYPED
    id: str | None = None
    revision: int = 0
    newer: Newer | None = None


@dataclass(frozen=True, kw_only=True)
class BulletinPage:
    """GET /bulletins/{id}. Buttons post to …/submit and …/approve (`revision`: what was seen), …/return
    (`note`); the abilities decide which show.

    `own` marks that the viewer would approve their own work; `form` is that of the note; `returned` is the
    approver's note to the maker; `schedules` are (id, words) of where it is used.
    """

    template: ClassVar[str] = "bulletin.html"
    row: BulletinRow
    revision: int = 1
    recordings: tuple[RecordingChoice, ...] = ()
    submitted_by: str = ""
    submitted_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    own: bool = False
    approved_own: bool = False
    returned: str = ""
    form: Form = NOTHING_TYPED
    schedules: tuple[tuple[str, Text], ...] = ()
