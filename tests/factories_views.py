"""What pages are filled with in tests: rows, charts, forms, as on a full day in a ward."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.web import views
from hub.web.charts import Block

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, 42, 7, tzinfo=UTC)
TITLE = "Thông báo lịch cắt điện <ngõ 12> & lân cận"
ABILITIES = frozenset(
    {
        "upload",
        "write",
        "approve",
        "stop",
        "resume",
        "orders",
        "emergency",
        "users",
        "settings",
        "audit",
        "enrol",
        "system",
    }
)
VIEWER = views.Viewer(name="Cán bộ trực", roles=("clerk", "approver"), may=ABILITIES)
BAND = views.EmergencyBand(
    id="e1",
    title=TITLE,
    by="Lãnh đạo trực",
    since=NOW,
    until=NOW + timedelta(hours=1),
    repeat=views.Message("emergency.every", {"minutes": 2}),
    nodes=41,
    heard=32,
    waiting=1,
    silent=tuple(views.Silent(node=f"to-{n}-loa-1", why=views.Term("coverage", "away")) for n in range(8)),
)
COURSE = views.EmergencyCourseFragment(
    id="e1",
    running=True,
    until=NOW + timedelta(hours=1),
    end="",
    times=14,
    reached=1,
    repetitions=(
        views.RepetitionRow(
            number=14,
            due_at=NOW,
            heard=1,
            nodes=2,
            sounding=1,
            missed=(views.MissedAt(why=TITLE, count=9, nodes=(TITLE,) * 9),),
        ),
    ),
    nodes=(
        views.EmergencyAt(node_id="n1", node=TITLE, area=TITLE, heard=14, state="heard", now=TITLE),
        views.EmergencyAt(
            node_id="n2",
            node="to-1-loa-2",
            area="Tổ 1",
            heard=0,
            state="away",
            now=views.Term("coverage", "away"),
            confirmed=False,
            missed=(views.MissedAt(why=views.Term("missed", "away"), count=14),),
        ),
    ),
)
STOP = views.StopState(by="Lãnh đạo trực", since=NOW, unconfirmed=("to-1-loa-1", "to-2-loa-1"))
WRONG = views.Form(
    values={"title": '"><u>', "recordings": ["r1"], "areas": ["a1"], "nodes": ["n1"], "volume": "140"},
    errors={"title": TITLE, "volume": "0–100"},
)


def frame(lang: str = "vi", **changes: object) -> views.Frame:
    known: dict[str, object] = {
        "lang": lang,
        "site": "Phường Mẫu",
        "zone": ZONE,
        "now": NOW,
        "path": "/nodes?x=1",
        "clock": "synced",
        "viewer": VIEWER,
        "csrf": "a-csrf-token",
        "stop": STOP,
        "emergencies": (BAND,),
        "every_hour": True,
        "disk_full": True,
        "notice": views.Notice(kind="done", text=views.Message("done.order"), details=("một",)),
    }
    return views.Frame(**{**known, **changes})  # type: ignore[arg-type]


def occurrence(**changes: object) -> views.OccurrenceRow:
    known: dict[str, object] = {
        "id": "o1",
        "schedule_id": "s1",
        "title": TITLE,
        "priority": "routine",
        "starts_at": NOW + timedelta(hours=1),
        "duration_ms": 185_000,
        "areas": ("Tổ 1", "Tổ 2"),
        "nodes": 3,
        "ready": 2,
    }
    return views.OccurrenceRow(**{**known, **changes})  # type: ignore[arg-type]


def play(node: str, step: str, **changes: object) -> views.PlayRow:
    known: dict[str, object] = {"node_id": node, "node": node, "area": "Tổ 1", "step": step}
    return views.PlayRow(**{**known, **changes})  # type: ignore[arg-type]


FAULT = views.Fault(what="Không có dòng điện", since=NOW, node_id="n1", node="to-1-loa-1")
NODE = views.NodeRow(id="n1", name="to-1-loa-1", state="ready", clock="synced", last_heard=NOW, next_at=NOW)
RECORDING = views.RecordingRow(
    id="r1",
    title=TITLE,
    state="ready",
    language="vi",
    uploaded_at=NOW,
    uploaded_by="Cán bộ trực",
    duration_ms=62_000,
)
BULLETIN = views.BulletinRow(
    id="b1",
    title=TITLE,
    state="submitted",
    priority="emergency",
    language="vi",
    duration_ms=1,
    made_at=NOW,
    made_by="x",
)
CHOICES = (views.RecordingChoice(id="r1", title=TITLE, duration_ms=62_000),)
NEWER = views.Newer(
    by="Cán bộ khác",
    at=NOW,
    facts=(
        views.NewerFact(label=views.Message("bulletins.title"), says=(TITLE,), differs=True),
        views.NewerFact(label=TITLE, says=(TITLE,), differs=True, ordered=True),
    ),
    keep="/bulletins/b1",
)
AREAS = (
    views.AreaChoice(
        id="a0",
        name="Toàn phường",
        areas=(views.AreaChoice(id="a1", name="Tổ 1", nodes=(views.NodeChoice(id="n1", name="Loa 1"),)),),
    ),
)
PLAYS = views.PlaysFragment(
    occurrence=occurrence(heard=1),
    rows=(
        play("n1", "planned", away=True),
        play("n2", "armed"),
        play(
            "n3", "finished", outcome="played", started_at=NOW, start_error_ms=0.8, sound_url="/plays/1/sound"
        ),
        play("n4", "finished", outcome="skipped", reason=views.Term("reason", "late"), reached="cached"),
        play("n5", "finished", outcome="cut", started_at=NOW, start_error_ms=-0.3, clock_bound_ms=1.5),
    ),
)
OVERVIEW = views.OverviewFragment(
    next_24_h=(occurrence(), occurrence(id="o2", cancelled=True)),
    unready=(views.Unready(node_id="n1", node="to-1-loa-1", area="Tổ 1", why="Chưa tải xong", due_at=NOW),),
    faults=(FAULT, views.Fault(what="Đĩa gần đầy", since=NOW)),
    recent=(
        views.RecentPlay(
            address="/occurrences/o0", emergency=True, title=TITLE, started_at=NOW, heard=2, nodes=3
        ),
    ),
    nodes=3,
    nodes_ready=2,
)
RECORDING_DETAIL = views.RecordingFragment(
    row=RECORDING,
    peaks=(0.0, 0.5, 1.0, 7.0),
    before_lufs=-27.4,
    after_lufs=-16.0,
    before_dbtp=-0.1,
    after_dbtp=-1.2,
    sound_url="/recordings/r1/sound",
    file_name="a.mp3",
    sha256="9f" * 32,
    warnings=("Vỡ tiếng ở 0:12",),
)
SCHEDULE_FORM = views.ScheduleFormPage(
    bulletins=(("b1", TITLE, 62_000),),
    areas=AREAS,
    form=WRONG,
    house_rules=("Yên tĩnh 22:00–06:00",),
    refusal=views.Refusal(
        clashes=(views.Clash(occurrence_id="o2", title=TITLE, starts_at=NOW, ends_at=NOW, areas=("Tổ 1",)),),
        broken=("Trong giờ yên tĩnh",),
        approvers=("Lãnh đạo trực",),
    ),
)

LEVEL = views.LevelRow(
    name=views.Term("rating_level", "4.1"), tone="best", count=3, share=0.75, block=Block(0, 750)
)
SUM = views.RatingSum(levels=(LEVEL,), total=4, share=0.75, uncounted=2)
CHART = views.Chart(
    paths=(("best", "M0 0h1z"),),
    width=720,
    height=160,
    top=10,
    labels=((12.0, "20/11"),),
    rows=(("20/11", (3,), 3),),
)
PRESS = views.PressRow(
    at=NOW,
    counter=TITLE,
    level=views.Term("rating_level", "4.4"),
    tone="bad",
    source=views.Term("press_source", "button"),
    why=views.Term("uncounted", "burst"),
    dossier=TITLE,
    clock="untrusted",
    late=True,
)
COUNTERS = views.CountersFragment(
    counter="q&1",
    choices=(("q&1", TITLE), ("q2", "Quầy 2")),
    scales=tuple(views.Scale(levels=n, today=SUM, month=SUM, days=CHART, hours=CHART) for n in (3, 4)),
    counters=(
        views.CounterRow(
            id="q1",
            name=TITLE,
            state="away",
            last_heard=NOW,
            today=(3, 0.5),
            month=(0, None),
            checked_at=NOW,
            difference="counted 4: 2 ≠ 1",
        ),
        views.CounterRow(id="q2", name="Quầy 2", state="", last_heard=None, today=(0, None), month=(0, None)),
    ),
    presses=(PRESS,),
    may_see_presses=True,
    span=(date(2026, 10, 22), date(2026, 11, 20)),
)
CAMERAS = views.CamerasFragment(
    day=date(2026, 11, 20),
    rows=(
        views.CameraRow(
            id="q1-cong",
            name=TITLE,
            counter_id="q1",
            counter=TITLE,
            counter_state="away",
            verdict="unknown",
            since=NOW,
            why=views.Message("cameras.why_counter_away"),
            said_at=NOW,
            facts=((views.Message("cameras.fact_detail"), TITLE),),
            spans=(views.SpanRow(start=NOW, end=NOW, verdict="dark", block=Block(0, 1)),),
            available=0.5,
            unknown_ms=60_000,
        ),
    ),
)
CHECK_ROW = views.CheckRow(
    name=TITLE, where="Tổ 1", address="/nodes/n1", family="verdict", state="frozen", since=NOW, why="x"
)
CHECK = views.DayCheckDone(at=NOW, by=TITLE, ready=3, devices=4, note=TITLE)
SYSTEM_PAGE = views.SystemPage(
    live=views.SystemFragment(
        disk_full=True,
        file_bytes=461_000_000,
        backup=views.BackupView(
            folder="/var/backups/loa", keep=14, done_at=NOW, failed_at=NOW, file="/a/b.tar", second="/mnt/usb"
        ),
        certified=True,
        doors_end=NOW,
        faults=(FAULT,),
        devices=(
            views.DeviceRow(id="n1", name=TITLE, where="Tổ 1", state="ready"),
            views.DeviceRow(
                id="n2",
                name="Quầy 1",
                where="Xã",
                state="fault",
                software="loa 1",
                current=False,
                disk_free_bytes=1e9,
                temperature_c=80.5,
                certificate_ends=NOW,
                ends_soon=True,
            ),
        ),
        other=1,
        silent=1,
    )
)
