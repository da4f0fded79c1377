"""Every page, in both languages: safe, reachable by keyboard and screen reader, and light."""

import gzip
import json
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from hub.events import NAMES
from hub.web import views
from hub.web.render import HERE, Renderer, View
from tests.factories_every_page import FRAGMENTS, PAGES
from tests.factories_views import frame

RENDERER = Renderer()
STATIC = HERE / "static"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
FIRST_VISIT_KB = 250
LATER_VISIT_KB = 30
# Their errors are told as those of `areas` and `quiet`; a lone checkbox cannot be wrong.
NAMED_BY_THEIR_GROUP = {"nodes", "quiet_from", "quiet_to", "every_hour", "active", "again"}


@dataclass
class Page(HTMLParser):
    """What the tests ask of a document."""

    ids: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    inputs: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "label":
            self.labels.add(found.get("for", ""))
        if tag == "form":
            self.forms.append({"method": [found.get("method", "get")], "names": []})
        if tag in {"input", "select", "textarea"}:
            self.inputs.append({"tag": tag, **found})
            self.forms[-1]["names"].append(found.get("name", ""))
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.unbalanced.append(tag)


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


def name_of(view: View) -> str:
    return type(view).__name__


every_page = pytest.mark.parametrize("view", PAGES, ids=name_of)


@pytest.mark.parametrize("lang", ["vi", "en"])
@every_page
def test_a_page_renders_in_its_language(view: View, lang: str) -> None:
    assert f'<html lang="{lang}">' in RENDERER.html(view, frame=frame(lang))


@every_page
def test_tags_are_balanced(view: View) -> None:
    page = read(RENDERER.html(view, frame=frame()))
    assert (page.unbalanced, page.open_tags) == ([], [])


@every_page
def test_ids_are_unique(view: View) -> None:
    ids = read(RENDERER.html(view, frame=frame())).ids
    assert sorted(ids) == sorted(set(ids))


@every_page
def test_nothing_needs_a_looser_content_policy(view: View) -> None:
    page = read(RENDERER.html(view, frame=frame()))
    inline = [
        (tag, attrs)
        for tag, attrs in page.tags
        if tag == "style"
        or (tag == "script" and "src" not in attrs)
        or any(name == "style" or name.startswith("on") for name in attrs)
    ]
    assert inline == []


@every_page
def test_what_was_typed_or_named_is_escaped(view: View) -> None:
    html = RENDERER.html(view, frame=frame())
    assert "<ngõ 12>" not in html
    assert '"><u>' not in html


@every_page
def test_every_field_has_a_label(view: View) -> None:
    page = read(RENDERER.html(view, frame=frame()))
    shown = [each for each in page.inputs if each.get("type") != "hidden"]
    assert {each.get("id", "") for each in shown} <= page.labels


@every_page
def test_every_post_carries_the_csrf_token(view: View) -> None:
    page = read(RENDERER.html(view, frame=frame()))
    posts = [form for form in page.forms if form["method"] == ["post"]]
    assert all("csrf" in form["names"] for form in posts)


@every_page
def test_what_an_attribute_points_at_is_on_the_page(view: View) -> None:
    page = read(RENDERER.html(view, frame=frame()))
    pointed = {
        each
        for _, attrs in page.tags
        for name in ("aria-describedby", "aria-labelledby", "aria-controls")
        for each in attrs.get(name, "").split()
    }
    assert pointed <= set(page.ids)


@pytest.mark.parametrize("view", [view for view in PAGES if hasattr(view, "form")], ids=name_of)
def test_an_error_stands_beside_its_field_and_the_summary_leads_there(view: Any) -> None:
    shown = read(RENDERER.html(view, frame=frame())).inputs
    names = {each["name"] for each in shown if each.get("type") != "hidden"} - NAMED_BY_THEIR_GROUP
    wrong = replace(view, form=views.Form(errors=dict.fromkeys(names, "Sai")))
    page = read(RENDERER.html(wrong, frame=frame()))
    assert {f"{kind}-{name}" for name in names for kind in "ef"} <= set(page.ids)


@every_page
def test_icons_come_with_the_sprite(view: View) -> None:
    page = read(RENDERER.html(view, frame=frame()))
    wanted = {attrs["href"].split("#")[1] for tag, attrs in page.tags if tag == "use"}
    sprite = (STATIC / "vendor/lucide/icons.svg").read_text(encoding="utf-8")
    assert wanted <= set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))


@every_page
def test_a_later_visit_is_light(view: View) -> None:
    html = RENDERER.html(view, frame=frame()).encode()
    assert len(gzip.compress(html)) <= LATER_VISIT_KB * 1000


def test_a_first_visit_is_light() -> None:
    ours = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg", ".woff2"}]
    sent = sum(path.stat().st_size for path in ours if "swagger" not in str(path))
    assert sent <= (FIRST_VISIT_KB - LATER_VISIT_KB) * 1000


@pytest.mark.parametrize("view", FRAGMENTS, ids=name_of)
def test_a_fragment_fetches_itself_when_the_hub_speaks(view: View) -> None:
    root = next(attrs for _, attrs in read(RENDERER.html(view, frame=frame())).tags if "hx-get" in attrs)
    heard = set(re.findall(r"loa:(\w+) from:body", root["hx-trigger"])) - {"again"}
    assert heard
    assert heard <= set(NAMES)


def test_the_page_listens_to_every_event_of_the_hub() -> None:
    script = (STATIC / "js/live.js").read_text(encoding="utf-8")
    names = json.loads(re.search(r"const names = (\[.*?\]);", script, re.DOTALL)[1])  # type: ignore[index]
    assert set(names) == set(NAMES)


def test_every_page_has_a_template_and_every_template_a_use() -> None:
    named = {view.template for view in vars(views).values() if hasattr(view, "template")}
    files = {str(path.relative_to(HERE / "templates")) for path in (HERE / "templates").rglob("*.html")}
    shared = {
        "base.html",
        "macros.html",
        "charts.html",
        "choose_areas.html",
        "nav.html",
        "fragments/occurrence_row.html",
    }
    assert named == files - shared
