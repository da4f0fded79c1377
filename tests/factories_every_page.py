"""One of every page and of every part of a page that fetches itself, filled as on a full day in a ward."""

from dataclasses import replace
from datetime import date

from hub.web import views
from tests.factories_views import (
    BULLETIN,
    CAMERAS,
    CHECK,
    CHECK_ROW,
    CHOICES,
    COUNTERS,
    COURSE,
    FAULT,
    NEWER,
    NODE,
    NOW,
    OVERVIEW,
    PLAYS,
    PRESS,
    RECORDING,
    RECORDING_DETAIL,
    SCHEDULE_FORM,
    SUM,
    SYSTEM_PAGE,
    TITLE,
    WRONG,
    occurrence,
)

PAGES = (
    views.EmergenciesPage(
        bulletins=(
            views.EmergencyChoice(id="b1", title=TITLE, duration_ms=42_000, ready=38, nodes=41),
            views.EmergencyChoice(id="b2", title="Sơ tán", duration_ms=9_000, ready=41, nodes=41),
        ),
        areas=(views.AreaChoice(id="a1", name="Tổ 1"),),
        rows=(
            views.EmergencyRow(
                id="e1",
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
    views.EmergencyPage(
        id="e1",
        title=TITLE,
        bulletin_id="b1",
        by=TITLE,
        since=NOW,
        until=NOW,
        repeat=views.Message("emergency.once"),
        duration_ms=42_000,
        live=COURSE,
    ),
    views.RemovedNodePage(id="n1", name=TITLE, kind="speaker", area="Tổ 1", at=NOW, by=TITLE, can_enrol=True),
    views.RemovedNodePage(id="n1", name=TITLE, kind="counter", area="Tổ 1", at=NOW),
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
    views.OverviewPage(first_steps=views.FirstSteps(title=TITLE, steps=(("/recordings", TITLE),))),
    views.RecordingsPage(list=views.RecordingsFragment(rows=(RECORDING,)), form=WRONG),
    views.RecordingsPage(),
    views.RecordingPage(detail=RECORDING_DETAIL, used_in=(("b1", TITLE),)),
    views.BulletinsPage(rows=(BULLETIN,)),
    views.BulletinsPage(state="draft"),
    views.BulletinFormPage(choices=CHOICES, form=WRONG, id="b1"),
    views.BulletinFormPage(choices=CHOICES, id="b1", revision=3, newer=NEWER),
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
            plan="bản mới nhất",
            facts=(("Phiên bản", "0.1.0"),),
            faults=(FAULT,),
            notes=(FAULT,),
            ledger=(views.LedgerRow(seq=1, at=NOW, kind="booted", words="Khởi động", clock="holdover"),),
        )
    ),
    views.UsersPage(rows=(views.UserRow(id="u1", name="clerk", full_name="Cán bộ", roles=("clerk",)),)),
    views.UserFormPage(form=WRONG),
    views.UserFormPage(id="u1"),
    views.AuditPage(
        rows=(
            views.AuditRow(
                at=NOW, who="x", what="bulletin.approve", about=TITLE, href="/emergencies/e1", own_work=True
            ),
        ),
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
    SYSTEM_PAGE,
    views.SystemPage(),
    views.EnrolPage(areas=(("to-1", "Tổ 1"), ("to-2", "Tổ 2")), form=WRONG),
    views.EnrolPage(
        known=views.KnownNode(id="loa-1", name=TITLE, area="Tổ 1"), form=views.Form(values={"id": "loa-1"})
    ),
    views.EnrolPage(),
    views.CodePage(
        id="to-2-cot-15",
        title=TITLE,
        area="Tổ 1",
        code="ABCD-EFGH-JKMN-PQRS-TUVW",
        commands=("sudo loa-node enroll https://192.168.50.10:8443 ABCD-EFGH-JKMN-PQRS-TUVW", "sudo loa"),
        until=NOW,
        arrival=views.ArrivalFragment(id="to-2-cot-15", since_ms=1),
    ),
    *(
        views.CodePage(
            id="n1",
            title=TITLE,
            area="Tổ 1",
            code="ABCD",
            commands=("sudo loa",),
            until=NOW,
            arrival=views.ArrivalFragment(id="n1", since_ms=1, state=state, at=NOW),
        )
        for state in ("here", "over")
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
    *(views.ArrivalFragment(id="n1", since_ms=1, state=state, at=NOW) for state in ("waiting", "enrolled")),
    views.EmergencyFragment(),
    COURSE,
    replace(COURSE, running=False, cancelled=True, times=0, repetitions=()),
    COUNTERS,
    CAMERAS,
    views.StopFragment(),
    SYSTEM_PAGE.live,
    OVERVIEW,
    PLAYS,
    views.RecordingsFragment(rows=(RECORDING,)),
    RECORDING_DETAIL,
    views.NodesFragment(areas=(views.AreaNodes(name="Tổ 1", nodes=(NODE,)),)),
)
