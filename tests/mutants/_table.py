"""What stands in a table of breakages, and what makes an entry stale.

A table is `tests/mutants/NAME.toml`, a list of:

    [[mutant]]
    name = "torn download: what is half there is held as whole"   # the fault or stranger, in plain words
    file = "edge/speaker/clips.py"      # of the product
    find = '''exact text that stands there once'''
    replace = '''what a mistaken hand would have written'''
    tests = ["tests/edge/speaker/test_clips.py::test_x"]    # files, or pytest's ids of tests
    limit_s = 240                       # optional: how long its tests may take when broken
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Mutant", "broken", "faults_of", "read_tables"]

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 180.0


@dataclass(frozen=True, kw_only=True)
class Mutant:
    table: str
    name: str
    file: str
    find: str
    replace: str
    tests: list[str]
    limit_s: float = LIMIT_S


def read_tables(folder: Path = ROOT / "tests" / "mutants") -> list[Mutant]:
    """Every entry of every table. TypeError names a key that is wanted or unknown."""
    return [
        Mutant(table=file.stem, **entry)
        for file in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["mutant"]
    ]


def broken(mutant: Mutant, root: Path = ROOT) -> str:
    """The text of the file with the breakage in it. ValueError if it does not fit there."""
    text = (root / mutant.file).read_text(encoding="utf-8")
    if (times := text.count(mutant.find)) != 1:
        raise ValueError(f"{mutant.file}: wanted this text once, found it {times} times: {mutant.find!r}")
    return text.replace(mutant.find, mutant.replace)


def faults_of(mutant: Mutant, root: Path = ROOT) -> Iterator[str]:
    """What keeps an entry from being tried: empty for a good one."""
    try:
        text = broken(mutant, root)
        if mutant.file.endswith(".py"):
            compile(text, mutant.file, "exec")
    except (OSError, ValueError, SyntaxError) as error:
        yield str(error)
    if mutant.find == mutant.replace:
        yield "replace is the same as find"
    if not mutant.tests:
        yield "no test is named"
    yield from (f"there is no test {test}" for test in mutant.tests if not _exists(test, root))


def _exists(test: str, root: Path) -> bool:
    path, _, name = test.partition("[")[0].partition("::")
    file = root / path
    if not file.is_file():
        return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = {
        node.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, functions)
    }
    return not name or name.split("::")[-1] in names
