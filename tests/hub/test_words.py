"""Sentences for codes: each code that the hub may raise has one, in both languages, with the same facts."""

import ast
import string
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import hub
from hub import words

HUB = Path(hub.__file__).parent
PAIRS = sorted((code, *pair) for table in words.TABLES for code, pair in table.items())


def codes_raised() -> set[str]:
    calls = (
        node
        for path in HUB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
    )
    first = (call.args[0] for call in calls if call.args)
    return {arg.value for arg in first if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", sorted(codes_raised()))
def test_a_code_that_is_raised_has_words(code: str) -> None:
    assert words.has(code)


def test_every_table_of_words_is_known() -> None:
    tables = {path.stem for path in HUB.glob("words_*.py")}
    assert len(tables) == len(words.TABLES)


def test_no_code_stands_twice() -> None:
    counted = Counter(code for table in words.TABLES for code in table)
    assert [code for code, times in counted.items() if times > 1] == []


@pytest.mark.parametrize(("code", "vietnamese", "english"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_both_languages_say_the_same_facts(code: str, vietnamese: str, english: str) -> None:
    assert vietnamese.strip()
    assert english.strip()
    assert facts_of(vietnamese) == facts_of(english)


def test_a_fact_that_is_a_code_is_said_in_words() -> None:
    said = words.say("role_needed", {"roles": ["clerk", "approver"]}, "vi")
    assert said == "Việc này cần vai trò: cán bộ phát thanh, người duyệt."


def test_an_instant_is_said_in_the_zone_it_came_in() -> None:
    at = datetime(2026, 11, 20, 17, 5, tzinfo=timezone(timedelta(hours=7)))
    assert "17:05 20/11/2026" in words.say("request_refused", {"found": at}, "en")


def test_a_missing_fact_shows_as_a_dash() -> None:
    assert words.say("user_unknown", {}, "en") == "There is no user “–”."


def test_braces_in_a_fact_stay_text() -> None:
    assert words.say("user_unknown", {"id": "{0.__class__}"}, "en") == "There is no user “{0.__class__}”."


def test_reasons_of_preparing_are_said_in_its_own_words() -> None:
    assert "not_audio" not in words.say("not_audio", {}, "vi")


def test_an_unknown_language_is_answered_in_vietnamese() -> None:
    assert words.say("user_unknown", {"id": "x"}, "fr") == "Không có người dùng “x”."
