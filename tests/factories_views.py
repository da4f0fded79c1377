"""One of every page, filled as on a full day in a ward, for tests that look at all of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.web import views
from hub.web.charts import Block

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, 42, 7, tzinfo=UTC)
TITLE = "Thông báo lịch cắt điện <ngõ 12> & lân cận"
ABILITIES = frozenset(
    {"upload", "write", "approve", "stop", "resume", "orders", "emergency", "users", "settings", "audit"}
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
STOP = views.StopState(by="Lãnh đạo trực", since=NOW, unconfirmed=("to-1-loa-1", "to-2-loa-1"))
WRONG = views.Form(
    values={"title": '"><u>', "recordings": ["r1"], "areas": ["a1"], "nodes": ["n1"], "volume": "140"},
    errors={"title": views.Message("form.needed", {"field": "Tên"}), "volume": "0–100"},
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
        "notice": views.Notice(kind="done", text=views.Message("order.sent"), details=("một",)),
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
    changed_at=NOW,
    made_by="x",
)
CHOICES = (views.RecordingChoice(id="r1", title=TITLE, duration_ms=62_000),)
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
    recent=(views.RecentPlay(occurrence_id="o0", title=TITLE, started_at=NOW, heard=2, nodes=3),),
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

PAGES = (
    views.EmergenciesPage(
        bulletins=(
            views.EmergencyChoice(id="b1", title=TITLE, duration_ms=42_000, ready=38, nodes=41),
            views.EmergencyChoice(id="b2", title="Sơ tán", duration_ms=9_000, ready=41, nodes=41),
        ),
        areas=(views.AreaChoice(id="a1", name="Tổ 1"),),
        rows=(
            views.EmergencyRow(
                title=TITLE,
                by="Lãnh đạo trực",
                since=NOW,
                until=NOW,
                end=views.Message("emergency_end.over", {"who": None, "when": "17:00"}),
                running=False,
            ),
        ),
        form=WRONG,
    ),
    views.EmergenciesPage(),
    views.CountersPage(live=COUNTERS),
    views.CountersPage(),
    views.CountersPage(live=views.CountersFragment(choices=(("q1", "Quầy 1"),))),
    views.PressesPage(rows=(PRESS,), counter=TITLE, older="/counters/presses?a=1&b=2"),
    views.PressesPage(),
    views.CamerasPage(live=CAMERAS, previous=date(2026, 11, 19), following=date(2026, 11, 21)),
    views.CamerasPage(live=views.CamerasFragment(day=date(2026, 11, 20)), previous=date(2026, 11, 19)),
    views.CheckPage(
        ready=1,
        devices=2,
        speakers=(CHECK_ROW,),
        cameras=(CHECK_ROW,),
        faults=(FAULT,),
        done=CHECK,
        may_record=True,
        form=WRONG,
    ),
    views.CheckPage(linked=False),
    views.OverviewPage(
        live=views.OverviewFragment(
            has_counters=True, ratings=(SUM,), cameras=(CHECK_ROW,), check=CHECK, nodes=1
        )
    ),
    views.LoginPage(refused=True),
    views.LoginPage(throttled_s=75),
    views.LoginPage(expired=True, form=WRONG),
    views.ConfirmPage(question="?", action="/orders", fields=(("kind", "stop"),), yes="Vâng", danger=True),
    views.ErrorPage(status=404),
    views.ErrorPage(status=418, happened="Lạ", details=("một",), reference="7f3a"),
    views.OverviewPage(live=OVERVIEW),
    views.OverviewPage(first_steps=True),
    views.RecordingsPage(list=views.RecordingsFragment(rows=(RECORDING,)), form=WRONG),
    views.RecordingsPage(),
    views.RecordingPage(detail=RECORDING_DETAIL, used_in=(("b1", TITLE),)),
    views.BulletinsPage(rows=(BULLETIN,)),
    views.BulletinsPage(state="draft"),
    views.BulletinFormPage(choices=CHOICES, form=WRONG, id="b1"),
    views.BulletinFormPage(),
    views.BulletinPage(row=BULLETIN, recordings=CHOICES, own=True, schedules=(("s1", TITLE),)),
    views.SchedulesPage(
        days=(views.Day(date=date(2026, 11, 20), occurrences=(occurrence(),), note="Lễ", minutes=(12, 30)),),
        week="2026-W47",
        previous_week="2026-W46",
        next_week="2026-W48",
        this_week="2026-W48",
    ),
    SCHEDULE_FORM,
    views.ScheduleFormPage(),
    views.SchedulePage(
        id="s1",
        title=TITLE,
        bulletin_id="b1",
        priority="routine",
        areas=("Tổ 1",),
        recurs="daily",
        until=date(2026, 12, 1),
        misfire="late",
        late_min=5,
        volume=None,
        made_by="x",
        made_at=NOW,
        occurrences=(occurrence(),),
        can_cancel=True,
    ),
    views.OccurrencePage(live=PLAYS),
    views.OccurrencePage(live=views.PlaysFragment(occurrence=occurrence(nodes=0, ready=0))),
    views.NodesPage(list=views.NodesFragment(areas=(views.AreaNodes(name="Tổ 1", nodes=(NODE,)),))),
    views.NodesPage(),
    views.NodePage(
        detail=views.NodeFragment(
            row=NODE,
            area="Tổ 1",
            muted=True,
            confirmed=False,
            clock_bound_ms=1.5,
            plan_version=7,
            plan_until=NOW,
            facts=(("Phiên bản", "0.1.0"),),
            faults=(FAULT,),
            ledger=(views.LedgerRow(seq=1, at=NOW, kind="booted", words="Khởi động", clock="holdover"),),
        )
    ),
    views.UsersPage(rows=(views.UserRow(id="u1", name="clerk", full_name="Cán bộ", roles=("clerk",)),)),
    views.UserFormPage(form=WRONG),
    views.UserFormPage(id="u1"),
    views.AuditPage(
        rows=(views.AuditRow(at=NOW, who="x", what="bulletin.approve", about=TITLE, own_work=True),),
        older="/audit?before=1",
    ),
    views.SettingsPage(
        rules=views.HouseRulesView(quiet=(("22:00", "06:00"),), changed_at=NOW),
        exceptions=(
            views.ExceptionRow(
                schedule_id="s1",
                title=TITLE,
                starts_at=NOW,
                ends_at=NOW,
                reason="Giao thừa",
                allowed_by="x",
            ),
        ),
        form=WRONG,
    ),
    views.ReportsPage(
        year=2026,
        office=TITLE,
        groups=(
            views.ReportGroup(
                name="quarters",
                rows=tuple(
                    views.ReportRow(kind="quarter", number=number, state=state, docx="/a?b=1&c=2", xlsx="/x")
                    for number, state in ((3, "over"), (4, "running"))
                ),
            ),
        ),
        before=2025,
        after=2027,
    ),
)

FRAGMENTS = (
    views.EmergencyFragment(),
    COUNTERS,
    CAMERAS,
    views.StopFragment(),
    OVERVIEW,
    PLAYS,
    views.RecordingsFragment(rows=(RECORDING,)),
    RECORDING_DETAIL,
    views.NodesFragment(areas=(views.AreaNodes(name="Tổ 1", nodes=(NODE,)),)),
)
