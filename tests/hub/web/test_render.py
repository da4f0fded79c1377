"""Single facts of pages: what they name, hide, count and never send back."""

import re
from dataclasses import dataclass

import pytest
from jinja2 import UndefinedError

from hub.web import views
from hub.web.render import Renderer, wave
from tests.factories_views import PLAYS, RECORDING_DETAIL, TITLE, frame, occurrence, play

RENDERER = Renderer()


def test_a_stop_in_force_is_named_on_the_page() -> None:
    html = RENDERER.html(views.UsersPage(), frame=frame())
    assert "Đang dừng tất cả" in html
    assert "to-1-loa-1, to-2-loa-1" in html


def test_without_a_stop_the_strip_is_hidden() -> None:
    strip = RENDERER.html(views.StopFragment(), frame=frame(stop=None))
    assert re.search(r'id="stop"[^>]* hidden>', strip)


def test_who_may_not_stop_sees_no_button() -> None:
    nobody = views.Viewer(name="x", roles=())
    assert "/stop?next" not in RENDERER.html(views.UsersPage(), frame=frame(viewer=nobody))


def test_a_password_is_never_sent_back() -> None:
    typed = views.Form(values={"name": "clerk", "password": "a long secret"})
    assert "a long secret" not in RENDERER.html(views.LoginPage(form=typed), frame=frame())


def test_an_error_of_the_whole_form_leads_nowhere() -> None:
    wrong = views.Form(errors={"form": "Không lưu được"})
    html = RENDERER.html(views.LoginPage(form=wrong), frame=frame())
    assert "<li>Không lưu được</li>" in html


def test_what_was_typed_is_still_there() -> None:
    typed = views.Form(values={"name": "clerk"})
    assert 'value="clerk"' in RENDERER.html(views.LoginPage(form=typed), frame=frame())


def looks(row: views.PlayRow) -> list[str]:
    html = RENDERER.html(views.PlaysFragment(occurrence=occurrence(), rows=(row,)), frame=frame())
    return re.findall(r'<li class="(done|now|todo|failed|partly)">', html)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (play("n", "planned"), ["todo", "todo", "todo", "todo"]),
        (play("n", "armed"), ["done", "now", "todo", "todo"]),
        (play("n", "finished", outcome="played"), ["done", "done", "done", "done"]),
        (play("n", "finished", outcome="cut"), ["done", "done", "done", "partly"]),
        (play("n", "finished", outcome="skipped"), ["todo", "todo", "todo", "failed"]),
        (play("n", "finished", outcome="failed", reached="armed"), ["done", "done", "todo", "failed"]),
    ],
    ids=lambda value: getattr(value, "outcome", None) or getattr(value, "step", ""),
)
def test_the_steps_claim_only_what_is_known(row: views.PlayRow, shown: list[str]) -> None:
    assert looks(row) == shown


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((play("a", "armed"), play("b", "armed")), "Đủ 2/2 cụm loa sẵn sàng"),
        ((play("a", "playing"), play("b", "armed")), "Đang phát ở 1/2 cụm loa"),
        (
            (play("a", "finished", outcome="played"), play("b", "finished", outcome="cut")),
            "Đã phát 1/2 cụm loa",
        ),
        (
            (play("a", "finished", outcome="cut"), play("b", "armed", away=True)),
            "Đã phát 0/2 cụm loa",
        ),
    ],
    ids=["before", "during", "ended early", "ended but for one away"],
)
def test_the_summary_says_what_the_loudspeakers_say(rows: tuple[views.PlayRow, ...], said: str) -> None:
    shown = views.PlaysFragment(occurrence=occurrence(nodes=2, ready=2), rows=rows)
    assert said in RENDERER.html(shown, frame=frame())


def test_a_start_error_is_written_with_its_sign() -> None:
    assert "+0,8\N{NO-BREAK SPACE}ms" in RENDERER.html(PLAYS, frame=frame())


def test_a_wave_stays_within_its_box() -> None:
    assert wave((0.0, 0.5, 7.0)) == "M0.5 39.6V40.4M1.5 20.0V60.0M2.5 0.0V80.0"


def test_a_title_is_shown_as_it_was_typed() -> None:
    assert "&lt;ngõ 12&gt; &amp; lân cận" in RENDERER.html(
        views.RecordingPage(detail=RECORDING_DETAIL), frame=frame()
    )
    assert "<ngõ 12>" in TITLE


def test_a_missing_name_in_a_template_is_an_error() -> None:
    @dataclass(frozen=True)
    class WithoutDanger:
        template = "confirm.html"
        question = yes = action = back = "x"
        consequences = fields = ()

    with pytest.raises(UndefinedError, match="danger"):
        RENDERER.html(WithoutDanger(), frame=frame())  # type: ignore[arg-type]


def test_assets_change_their_address_with_their_content() -> None:
    html = RENDERER.html(views.UsersPage(), frame=frame())
    assert re.search(r'href="/static/css/base\.css\?v=[0-9a-f]{10}"', html)


def test_what_looks_alike_in_hundreds_of_rows_is_made_once_and_says_the_same() -> None:
    renderer = Renderer()
    calls: list[str] = []
    renderer._environment.globals["heard"] = calls.append
    macro = "{% macro chip(x) %}{{ heard(x) or '<' ~ x }}{% endmacro %}"
    source = macro + "{% for x in 'aab' %}{{ once(chip, x) }}{% endfor %}"
    text = renderer._environment.from_string(source).render(made={})
    assert (text, calls) == ("&lt;a&lt;a&lt;b", ["a", "b"])
