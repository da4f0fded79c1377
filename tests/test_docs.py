"""What the guides say exists: commands, variables, pins, pictures, faults. Both languages say the same."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.__main__ import _parser as _node_parser
from edge.config import AmplifierSettings
from edge.config_counter import CounterSettings
from hub.arguments import parse as parse_hub
from hub.demo import _parse as parse_demo
from hub.web.words_faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GUIDES = tuple(DOCS / f"{name}{end}.md" for name in ("technician", "hardware") for end in ("", ".vi"))
SETTINGS = tuple(DOCS / f"settings{end}.md" for end in ("", ".vi"))
TECHNICIAN = {"en": DOCS / "technician.md", "vi": DOCS / "technician.vi.md"}
HARDWARE = {"en": DOCS / "hardware.md", "vi": DOCS / "hardware.vi.md"}

# Places of the 40-pin header that are no signals, as the drawings name them.
RAILS = {"GND": {6, 9, 14, 20, 25, 30, 34, 39}, "5 V": {2, 4}, "3.3 V": {1, 17}, "3,3 V": {1, 17}}
# BCM number → place on the 40-pin header.
HEADER = {2: 3, 3: 5, 5: 29, 6: 31, 12: 32, 13: 33, 17: 11, 19: 35, 26: 37}

_PROGRAM = re.compile(r"^(?:sudo )?(\./loa (?:hub|node|deploy|demo|test)|loa-hub|loa-node)\b(.*)$")
_PREFIXES = ("base", "broker", "clock", "counter", "hub", "node", "program", "speaker")
_VARIABLE = re.compile(rf"`((?:{'|'.join(_PREFIXES)})_[a-z0-9_]+)(?::[^`]*)?`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r'<img src="([^"]+)"')


def spans(file: Path) -> Iterator[str]:
    """Each line of the code blocks of a guide, and each piece of code within its text."""
    text = file.read_text(encoding="utf-8")
    for number, part in enumerate(re.split(r"^```\w*$", text, flags=re.MULTILINE)):
        yield from part.strip().splitlines() if number % 2 else re.findall(r"`([^`\n]+)`", part)


def commands() -> list[tuple[str, str]]:
    """Each command line of ours in the guides and the README, with the file it stands in."""
    found = {
        (line.partition("  #")[0].strip(), file.name)
        for file in (*GUIDES, *SETTINGS, ROOT / "README.md")
        for line in spans(file)
        if _PROGRAM.match(line)
    }
    return sorted(found)


def arguments_of(command: str) -> tuple[str, list[str]]:
    """The program that a command line starts, and its arguments."""
    match = _PROGRAM.match(command)
    assert match is not None
    return match[1].replace("./loa ", "loa-"), shlex.split(match[2])


def understand(program: str, arguments: list[str]) -> None:
    """Have the program's own parser read the arguments: SystemExit for what it does not take."""
    if program == "loa-hub":
        parse_hub(arguments)
    elif program == "loa-node":
        _node_parser().parse_args(arguments)
    elif program == "loa-demo":
        parse_demo(arguments)
    elif program == "loa-deploy":
        assert {"-i", "--inventory"} & set(arguments)


@pytest.mark.parametrize(("command", "file"), commands())
def test_a_command_of_the_guides_is_understood(command: str, file: str) -> None:
    program, arguments = arguments_of(command)
    if "…" not in command and len(arguments) > 1:  # else it is the name of a command
        understand(program, arguments)


def test_the_judge_of_commands_is_not_blind() -> None:
    assert len(commands()) > 20
    for wrong in (
        "sudo loa-hub enrol to-1 --kind speaker",
        "loa-node check --confg x",
        "./loa deploy to-1 -v",
    ):
        with pytest.raises((SystemExit, AssertionError)):
            understand(*arguments_of(wrong))


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.name)
def test_a_variable_of_the_guides_is_one_of_the_roles(file: Path) -> None:
    known = {
        name
        for defaults in (ROOT / "deploy" / "ansible" / "roles").glob("*/defaults/main.yml")
        for name in re.findall(r"^([a-z]\w*):", defaults.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(_VARIABLE.findall(file.read_text(encoding="utf-8")))
    assert named
    assert named <= known


@pytest.mark.parametrize("file", [*GUIDES, *SETTINGS, DOCS / "decisions.md"], ids=lambda file: file.name)
def test_a_link_leads_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for target in (*_LINK.findall(text), *_PICTURE.findall(text)):
        path, _, part = target.partition("#")
        there = file.parent / path if path else file
        assert there.is_file(), target
        assert not part or part in anchors(there), target


def anchors(file: Path) -> set[str]:
    """The names by which the headings of a page are reached."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_fault_of_the_pages_is_in_the_guide(language: str) -> None:
    text = TECHNICIAN[language].read_text(encoding="utf-8")
    which = ("vi", "en").index(language)
    rows = {name: f"| {says[which]} | {do[which]}" for name, (says, do) in FAULTS.items()}
    missing = {name for name, row in rows.items() if row not in text}
    assert not missing


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_default_pins_of_the_guide_are_those_of_the_settings(language: str) -> None:
    rows = re.findall(r"^\| [^|]+ \|[^|]*\| (\d+) \| (\d+) \|", HARDWARE[language].read_text(), re.MULTILINE)
    assert [int(pin) for pin, _ in rows] == [AmplifierSettings().pin, *CounterSettings().button_pins]
    assert all(HEADER[int(pin)] == int(place) for pin, place in rows)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_guide_says_which_pins_have_no_default(language: str) -> None:
    assert (CounterSettings().lamp_pin, CounterSettings().sound_pin) == (None, None)
    text = HARDWARE[language].read_text(encoding="utf-8")
    rows = re.findall(r"`\[counter\] (?:lamp|sound)_pin` \| \D+ (\d+) \| (\d+) \|", text)
    assert [(int(pin), int(place)) for pin, place in rows] == [(26, 37), (12, 32)]


def test_the_pins_of_the_roles_are_those_of_the_settings() -> None:
    roles = ROOT / "deploy" / "ansible" / "roles"
    assert (
        f"speaker_amplifier_pin: {AmplifierSettings().pin}\n"
        in (roles / "speaker/defaults/main.yml").read_text()
    )
    pins = f"counter_button_pins: {list(CounterSettings().button_pins)}\n"
    assert pins in (roles / "counter/defaults/main.yml").read_text()


@pytest.mark.parametrize("name", ["wiring-speaker", "wiring-counter", "wiring-clock"])
@pytest.mark.parametrize(("language", "word"), [("vi", "chân"), ("en", "pin")])
def test_a_drawing_puts_each_pin_in_its_place(name: str, language: str, word: str) -> None:
    text = (DOCS / "images" / f"{name}.{language}.svg").read_text(encoding="utf-8")
    drawn = re.findall(rf"GPIO(\d+) · {word} (\d+)", text)
    assert drawn
    assert all(HEADER[int(pin)] == int(place) for pin, place in drawn)


@pytest.mark.parametrize(("language", "word"), [("vi", "chân"), ("en", "pin")])
def test_a_drawing_takes_power_and_ground_where_the_header_has_them(language: str, word: str) -> None:
    for name in ("wiring-speaker", "wiring-counter", "wiring-clock"):
        text = (DOCS / "images" / f"{name}.{language}.svg").read_text(encoding="utf-8")
        drawn = re.findall(rf">(GND|5 V|3[.,]3 V) · {word} (\d+)<", text)
        assert drawn
        assert all(int(place) in RAILS[rail] for rail, place in drawn), name


@pytest.mark.parametrize(("language", "word"), [("vi", "chân"), ("en", "pin")])
@pytest.mark.parametrize("name", ["wiring-speaker", "wiring-counter"])
def test_a_clock_fits_beside_what_else_is_wired(name: str, language: str, word: str) -> None:
    of_it, of_the_clock = (
        set(re.findall(rf"· {word} (\d+)", (DOCS / "images" / f"{each}.{language}.svg").read_text("utf-8")))
        for each in (name, "wiring-clock")
    )
    assert not of_it & of_the_clock


def test_the_drawings_show_the_default_pins() -> None:
    speaker = (DOCS / "images" / "wiring-speaker.en.svg").read_text(encoding="utf-8")
    counter = (DOCS / "images" / "wiring-counter.en.svg").read_text(encoding="utf-8")
    assert re.findall(r"GPIO(\d+)", speaker) == [str(AmplifierSettings().pin)]
    buttons = [str(pin) for pin in CounterSettings().button_pins]
    assert re.findall(r"GPIO(\d+)", counter)[: len(buttons)] == buttons


@pytest.mark.parametrize("name", ["technician", "hardware", "settings"])
def test_both_languages_say_the_same(name: str) -> None:
    english, vietnamese = ((DOCS / f"{name}{end}.md").read_text(encoding="utf-8") for end in ("", ".vi"))
    for mark in (r"^#+ ", r"^\| ", r"^```", r"^\d+\. ", r"^\* "):
        assert len(re.findall(mark, english, re.MULTILINE)) == len(
            re.findall(mark, vietnamese, re.MULTILINE)
        ), mark
    assert set(_VARIABLE.findall(english)) == set(_VARIABLE.findall(vietnamese))


def test_both_languages_give_the_same_commands() -> None:
    by_file: dict[str, set[str]] = {}
    for command, file in commands():
        by_file.setdefault(file, set()).add(command)
    assert by_file["technician.md"] == by_file["technician.vi.md"]


def test_every_decision_is_in_the_list_at_the_top() -> None:
    text = (DOCS / "decisions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\* \[(.*)\]\(#.*\)$", text, re.MULTILINE)
    assert listed == re.findall(r"^### (.*)$", text, re.MULTILINE)
