"""Both languages say the same things, and everything the templates ask for is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from hub.web import words
from hub.web.render import HERE
from hub.web.views import Message
from tests.factories_terms import TERMS

ASKED = {
    (str(path.relative_to(HERE)), key)
    for path in (HERE / "templates").rglob("*.html")
    for key in re.findall(r"""\bt\(["']([a-z0-9_.]+)["'](?! ~)""", path.read_text(encoding="utf-8"))
}


_ACTION = re.compile(r"(?:login|logout|login_failed|[a-z]+\.[a-z_]+)")


def actions(source: Path) -> Iterator[str]:
    """What a file writes into the audit log as done."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"record", "_record"}:
            given = (*node.args[:4], *(each.value for each in node.keywords if each.arg == "action"))
            names = (getattr(each, "value", None) for each in given)
            yield from (name for name in names if isinstance(name, str) and _ACTION.fullmatch(name))


ACTIONS = {action for file in HERE.parent.rglob("*.py") for action in actions(file)}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(words.WORDS))
def test_both_languages_fill_the_same_fields(key: str) -> None:
    vietnamese, english = words.WORDS[key]
    assert fields(vietnamese) == fields(english)


@pytest.mark.parametrize("key", sorted(words.WORDS))
def test_no_text_is_empty_or_padded(key: str) -> None:
    assert all(text and text == text.strip() for text in words.WORDS[key])


@pytest.mark.parametrize(("template", "key"), sorted(ASKED))
def test_what_a_template_says_has_words(template: str, key: str) -> None:
    assert key in words.WORDS, template


@pytest.mark.parametrize(("family", "code"), [(f, c) for f, codes in TERMS.items() for c in codes])
def test_every_known_code_has_words(family: str, code: str) -> None:
    assert f"{family}.{code}" in words.WORDS


def test_every_line_of_the_audit_log_has_words() -> None:
    assert {"login", "bulletin.approve", "node.remove", "user.edit"} <= ACTIONS
    assert {action for action in ACTIONS if f"audit.{action}" not in words.WORDS} == set()


def test_a_part_never_overwrites_a_key_of_another() -> None:
    assert sum(map(len, words.PARTS)) == len(words.WORDS)


def test_a_code_without_words_is_shown_bare() -> None:
    assert words.term("node_state", "hovering", "vi") == "hovering"


def test_a_plain_string_is_said_as_it_is() -> None:
    assert words.say("Bản tin {chiều}", "en") == "Bản tin {chiều}"


def test_a_message_inside_a_message_is_said_in_the_same_language() -> None:
    outer = Message("enrol.remove_question", {"name": Message("login.name")})
    assert words.say(outer, "en") == "Remove User name?"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.say(Message("no.such.key"), "vi")
