"""Every fault that a part may begin has words, and tells who does what about it next."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.clock_keeper import _FAULTS as CLOCK
from hub.alarms import _PASSING, BROKER_LOST, BROKER_PROGRAM
from hub.backup.restore import RESTORED
from hub.backup.watch import _NAMES as BACKUP
from hub.people.roles import Role
from hub.web import words
from hub.web.pages.rows import fault_row, fault_words
from hub.web.views import Message
from hub.web.words_faults import FAULTS
from tests.factories_hub import Village
from tests.factories_pages import BrowserOf

ROOT = Path(__file__).resolve().parents[3]
BEGIN = {"begin", "Trouble", "raise_", "raise_fault", "passing", "_note_trouble"}
TABLES = {*CLOCK, *_PASSING, BROKER_LOST, BROKER_PROGRAM, RESTORED, *BACKUP}
ACTS = {
    "vi": ("Kỹ thuật viên", "kỹ thuật viên", "Cán bộ", "cán bộ", "Làm lại"),
    "en": ("echnician", "clerk", "Do again"),
}


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def begun(source: Path) -> Iterator[str]:
    """The names that a file begins faults with, written out or as a constant of the file."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) not in BEGIN:
            continue
        for given in (*node.args[:2], *(each.value for each in node.keywords if each.arg == "name")):
            name = constants.get(given.id) if isinstance(given, ast.Name) else getattr(given, "value", None)
            if isinstance(name, str) and name.isidentifier():
                yield name


NAMES = TABLES | {
    name for package in ("edge", "hub") for file in (ROOT / package).rglob("*.py") for name in begun(file)
}


def test_every_fault_that_begins_has_its_words() -> None:
    assert set(FAULTS) - {"refused"} == NAMES


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_says_who_does_what_in_a_sentence(name: str, language: str) -> None:
    do = words.say(Message(f"fault.do.{name}"), language)
    assert do.endswith(".")
    assert any(each in do for each in ACTS[language])


@pytest.mark.parametrize(("name", "told"), [("refused_plan", "refused"), ("from_the_future", "other")])
def test_a_fault_of_many_kinds_or_of_none_tells_what_to_do_too(
    village: Village, name: str, told: str
) -> None:
    village.faults.raise_(None, name, "bad_signature")
    [fault] = village.faults.open()
    assert fault_row(fault, {}).do == Message(f"fault.do.{told}")


@pytest.mark.parametrize("address", ["/", "/check", "/nodes/loa-1", "/system"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_that_names_a_fault_says_what_to_do(
    browser_of: BrowserOf, village: Village, address: str, language: str
) -> None:
    technician = browser_of(Role.TECHNICIAN)
    technician.get(f"/language?to={language}")
    village.faults.raise_(None if address == "/system" else "loa-1", "amplifier")
    label, do = (words.say(Message(f"fault.{key}"), language) for key in ("to_do", "do.amplifier"))
    assert f"{label} {do}" in technician.get(address).text


@pytest.mark.parametrize(
    ("detail", "language", "said"),
    [
        ("+2.4 s", "vi", "Thiết bị nhanh hơn 2,4 giây."),
        ("-61.0 s", "vi", "Thiết bị chậm hơn 61,0 giây."),
        ("-61.0 s", "en", "It is behind by 61.0 s."),
        ("2.4 seconds", "vi", "2.4 seconds"),
    ],
)
def test_by_how_much_a_clock_is_off_is_said_as_people_read_numbers(
    detail: str, language: str, said: str
) -> None:
    assert words.say(fault_words("clock_disputed", detail), language).endswith(said)
