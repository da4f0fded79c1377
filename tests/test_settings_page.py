"""The page of every setting says what is declared: sections, keys, defaults, bounds; its examples hold."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from edge.config import NodeSettings
from edge.config import load_settings as load_node
from edge.config_local import LOCAL_SECTIONS
from hub.config import HubSettings
from hub.config import load_settings as load_hub
from tests.factories_settings import write

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"en": ROOT / "docs" / "settings.md", "vi": ROOT / "docs" / "settings.vi.md"}
REQUIRED = {"en": "required", "vi": "phải có"}
UNITS = {"_s": " s", "_ms": " ms", "_mb": " MB", "_minutes": " min"}
NOTHING = "—"
ENDLESS = 2**53 - 1  # the largest number of the wire: nothing that a person meets


@dataclass(frozen=True)
class Row:
    """A key of the page, with what stands in its row. `section` is written as in the file."""

    file: str
    section: str
    key: str
    takes: str
    default: str
    meaning: str
    variables: tuple[str, ...]


def rows(language: str) -> Iterator[Row]:
    """Every row of every section, in the order of the page."""
    file = section = ""
    for line in PAGES[language].read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"## (\w+\.toml)", line):
            file, section = heading[1], ""
        elif heading := re.fullmatch(r"### `(\[.+\])`", line):
            section = heading[1]
        elif section and (cells := re.fullmatch(r"\| `(\w+)` \| (.+) \|", line)):
            takes, default, meaning, *inventory = cells[2].split(" | ")
            names = tuple(re.findall(r"`([a-z]\w+)`", "".join(inventory)))
            yield Row(file, section, cells[1], takes, default, meaning, names)


def model_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section that a field holds, also where there may be none or several."""
    choices = [field.annotation, *get_args(field.annotation)]
    return next((each for each in choices if isinstance(each, type) and issubclass(each, BaseModel)), None)


def fields() -> Iterator[tuple[str, str, str, FieldInfo]]:
    """File, section, key and declaration of every setting, in the order of the declarations."""
    of_hub = [("hub.toml", *item) for item in HubSettings.model_fields.items()]
    of_node = [("node.toml", *item) for item in NodeSettings.model_fields.items()]
    for file, name, field in (*of_hub, *of_node):
        if (model := model_of(field)) is None:
            continue
        is_local = file == "node.toml" and name in LOCAL_SECTIONS
        section = f"[[{name}]]" if get_origin(field.annotation) is tuple else f"[{name}]"
        for key, each in model.model_fields.items():
            yield ("local.toml" if is_local else file), section, key, each


def choices_of(field: FieldInfo) -> list[Any]:
    """The values of a field that takes only some; empty for any other."""
    if field.annotation is bool:
        return [True, False]
    return list(get_args(field.annotation)) if get_origin(field.annotation) is Literal else []


def in_toml(value: Any) -> str:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return json.dumps(str(plain) if isinstance(plain, Path) else plain, ensure_ascii=False)


def bounds_of(field: FieldInfo) -> list[Any]:
    """The numbers that bound a field itself, or the members of its list."""
    members = [part for each in get_args(field.annotation) for part in getattr(each, "__metadata__", ())]
    found: list[Any] = []
    for each in (*field.metadata, *members):
        inner = each.metadata if isinstance(each, FieldInfo) else [each]
        for one in inner:
            if isinstance(one, annotated_types.Ge | annotated_types.Le):
                found.append(one.ge if isinstance(one, annotated_types.Ge) else one.le)
            elif isinstance(one, annotated_types.MaxLen):
                found.append(one.max_length)
    return [each for each in found if each < ENDLESS]


def range_of(key: str, field: FieldInfo) -> str | None:
    """How a page says what a bounded number takes; None for anything else."""
    ends = {type(each): each for each in field.metadata}
    least, most = ends.get(annotated_types.Ge), ends.get(annotated_types.Le)
    if least is None or most is None:
        return None
    unit = next((unit for end, unit in UNITS.items() if key.endswith(end)), "")
    return f"{least.ge}–{most.le}{unit}" if most.le < ENDLESS else f"≥ {least.ge}{unit}"


DECLARED = list(fields())
BY_PLACE = {(file, section, key): field for file, section, key, field in DECLARED}
ROWS = [(language, row) for language in PAGES for row in rows(language)]
each_row = pytest.mark.parametrize(
    ("language", "row"), ROWS, ids=[f"{language} {row.section} {row.key}" for language, row in ROWS]
)


@pytest.mark.parametrize("language", PAGES)
def test_every_setting_is_on_the_page_and_nothing_else(language: str) -> None:
    told = [(row.file, row.section, row.key) for row in rows(language)]
    assert sorted(told) == sorted(BY_PLACE)


@each_row
def test_the_page_says_what_counts_where_a_key_is_left_out(language: str, row: Row) -> None:
    field = BY_PLACE[row.file, row.section, row.key]
    if field.is_required():
        wanted = REQUIRED[language]
    else:
        wanted = NOTHING if field.default is None else f"`{in_toml(field.default)}`"
    assert row.default == wanted


@each_row
def test_the_page_says_what_a_key_takes(language: str, row: Row) -> None:
    field = BY_PLACE[row.file, row.section, row.key]
    if choices := choices_of(field):
        assert row.takes == ", ".join(f"`{in_toml(each)}`" for each in choices)
    elif wanted := range_of(row.key, field):
        assert row.takes == wanted
    else:
        assert {str(bound) for bound in bounds_of(field)} <= set(re.findall(r"\d+", row.takes))
    assert row.meaning


@pytest.mark.parametrize("language", PAGES)
def test_the_inventorys_variables_on_the_page_are_those_of_the_roles(language: str) -> None:
    known = {
        name
        for defaults in (ROOT / "deploy" / "ansible" / "roles").glob("*/defaults/main.yml")
        for name in re.findall(r"^([a-z]\w*):", defaults.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = {name for row in rows(language) for name in row.variables}
    assert len(named) > 30
    assert named <= known


def test_each_key_of_local_toml_has_a_variable_in_the_inventory() -> None:
    assert [row for row in rows("en") if row.file == "local.toml" and not row.variables] == []


def test_both_languages_name_the_same_variables() -> None:
    english, vietnamese = ([row.variables for row in rows(language)] for language in ("en", "vi"))
    assert english == vietnamese


@pytest.mark.parametrize(
    ("section", "key", "field"), [(section, key, field) for _, section, key, field in DECLARED]
)
def test_a_wrong_value_is_told_with_the_bounds_that_are_declared(
    section: str, key: str, field: FieldInfo
) -> None:
    assert field.description, "what is wanted is told from this"
    if range_of(key, field):
        bounds = [str(bound) for bound in bounds_of(field)]
        assert re.findall(r"\d+", field.description)[-len(bounds) :] == bounds


def examples(language: str) -> list[str]:
    """The files that stand on the page: hub.toml, node.toml, local.toml of a loudspeaker and of a counter."""
    return re.findall(r"^```toml\n(.*?)^```$", PAGES[language].read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("language", PAGES)
def test_the_examples_of_the_page_are_taken(language: str, tmp_path: Path) -> None:
    hub, node, of_a_speaker, of_a_counter = examples(language)
    assert load_hub(write(tmp_path / "hub.toml", hub)).tls is not None
    settings = write(tmp_path / "node.toml", node)
    write(tmp_path / "local.toml", of_a_speaker)
    assert load_node(settings).amplifier.warm_up_ms == tomllib.loads(of_a_speaker)["amplifier"]["warm_up_ms"]
    write(settings, node.replace('kind = "speaker"', 'kind = "counter"'))
    write(tmp_path / "local.toml", of_a_counter)
    assert len(load_node(settings).camera) == 1


def test_the_examples_are_the_same_in_both_languages() -> None:
    assert examples("en") == examples("vi")
