"""The rules of the house: which way imports point, who owns which outside library, how long code may be, and
that each test states something."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("audio", "edge", "hub")

# A package may import itself and what stands here.
MAY_IMPORT = {"audio": ("audio",), "edge": ("edge",), "hub": ("hub", "audio", "edge.wire")}

# An outside library is imported by its owner (a file or a folder) only.
OWNERS = {
    "argon2": ("hub/people/passwords.py",),
    "cryptography": (
        "edge/identity.py",
        "hub/authority_names.py",
        "hub/authority_request.py",
        "hub/authority_x509.py",
    ),
    "docx": ("hub/documents/docx.py",),
    "gi": ("hub/demo_rtsp.py",),
    "gpiozero": ("edge/pins.py",),
    "httpx": ("edge/door.py", "edge/enrolment.py", "edge/speaker/fetch.py"),
    "jinja2": ("hub/web/render.py",),
    "joserfc": ("edge/wire/signing.py",),
    "openpyxl": ("hub/documents/xlsx.py",),
    "paho": ("edge/wire/link.py",),
    "prometheus_client": ("hub/metrics.py",),
    "pydub": ("audio/edit.py",),
    "python_multipart": ("hub/web/multipart.py",),
    "schedule": ("hub/ticker.py",),
    "sounddevice": ("edge/speaker/device.py",),
    "soundfile": ("edge/speaker/decoder.py",),
    "sqlite3": ("edge/ledger_file.py", "hub/store/"),
    "sqlite_utils": ("hub/store/",),
    "subprocess": ("audio/ffmpeg.py", "edge/process.py", "hub/process.py"),
    "tomli_w": ("edge/papers.py", "hub/enroll.py"),
    "uvicorn": ("hub/serving.py",),
}

# Modules that decide: they read no clock, open no file, start no thread.
PURE = (
    "audio/loudness.py",
    "audio/meter.py",
    "audio/words.py",
    "edge/counter/presses.py",
    "edge/counter/verdicts.py",
    "edge/speaker/conductor.py",
    "edge/speaker/emergencies.py",
    "edge/speaker/outlook.py",
    "edge/speaker/situation.py",
    "edge/speaker/steering.py",
    "edge/speaker/timeline.py",
    "edge/speaker/standing.py",
    "edge/trust.py",
    "edge/wire/house_rules.py",
    "edge/wire/topics.py",
    "hub/authority_request.py",
    "hub/authority_x509.py",
    "hub/broker_knocks.py",
    "hub/documents/chart.py",
    "hub/documents/model.py",
    "hub/programme/",
    "hub/ratings/",
    "hub/tables.py",
    "hub/watch.py",
    "hub/web/charts.py",
)
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60
# What fails in a test's stead: pytest's own, a browser's, the API description's, a wait that has an end.
STATING = {"call_and_validate", "expect", "fail", "raises", "until", "warns"}
IMPURE_MODULES = {"os", "pathlib", "queue", "socket", "sqlite3", "subprocess", "threading", "time"}


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; name the package"
            module = node.module or ""
            found.update(f"{module}.{alias.name}" for alias in node.names)
            found.add(module)
    return found


def is_within(module: str, parents: tuple[str, ...]) -> bool:
    return any(module == parent or module.startswith(parent + ".") for parent in parents)


def is_at(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or (place.endswith("/") and name.startswith(place)) for place in places)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_the_allowed_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {module for module in imported_modules(path) if is_within(module, PACKAGES)}
    # `from edge import wire` yields both "edge" and "edge.wire": the bare parent is judged by its names.
    strays = {m for m in ours if not is_within(m, MAY_IMPORT[package]) and m != "edge"}
    assert not strays


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_an_outside_library_is_imported_by_its_owner_only(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    libraries = {module.split(".")[0] for module in imported_modules(path)}
    trespasses = {lib for lib in libraries if lib in OWNERS and not is_at(name, OWNERS[lib])}
    assert not trespasses


@pytest.mark.parametrize(
    "path",
    [path for path in sources() if is_at(str(path.relative_to(ROOT)), PURE)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_deciding_module_touches_nothing_outside(path: Path) -> None:
    assert not {module.split(".")[0] for module in imported_modules(path)} & IMPURE_MODULES


def all_code() -> list[Path]:
    return sorted(path for top in (*PACKAGES, "deploy", "tests") for path in (ROOT / top).rglob("*.py"))


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        each for each in ast.walk(tree_of(path)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_a_file_stays_readable_in_one_sitting() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in all_code()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_a_function_is_seen_at_one_glance() -> None:
    functions = [(path, each) for path in all_code() for each in functions_of(path)]
    lengths = {f"{path}:{each.name}": (each.end_lineno or 0) - each.lineno + 1 for path, each in functions}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION} == {}


def calls_of(function: ast.AST) -> set[str]:
    """The last names of what a function calls."""
    called = (each.func for each in ast.walk(function) if isinstance(each, ast.Call))
    return {ast.unparse(each).rpartition(".")[2] for each in called}


def silent_tests(path: Path) -> set[str]:
    """The tests of a file that neither assert nor call what asserts."""
    functions = functions_of(path)
    stating = {
        each.name for each in functions if any(isinstance(part, ast.Assert) for part in ast.walk(each))
    }
    while more := {f.name for f in functions if calls_of(f) & (stating | STATING)} - stating:
        stating |= more
    return {each.name for each in functions if each.name.startswith("test_")} - stating


def test_a_test_states_what_can_fail() -> None:
    paths = sorted((ROOT / "tests").rglob("test_*.py"))
    assert {f"{path}:{name}" for path in paths for name in silent_tests(path)} == set()
