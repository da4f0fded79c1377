"""The breakages that tests must notice: each entry can still be tried, and the judge is not blind."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants._table import Mutant, faults_of, read_tables
from tests.mutants._trial import Copy, copied_tree

MUTANTS = read_tables()
PRODUCT = "def is_due(at: int, now: int) -> bool:\n    return now >= at\n"
TEST = "from product import is_due\n\ndef test_due() -> None:\n    assert is_due(1, 1)\n"
NOTICED = Mutant(
    table="made",
    name="late by one",
    file="product.py",
    find=">=",
    replace=">",
    tests=["test_product.py::test_due"],
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.table}: {mutant.name}")
def test_a_breakage_can_still_be_tried(mutant: Mutant) -> None:
    assert list(faults_of(mutant)) == []


def test_no_two_breakages_have_one_name() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert sorted(names) == sorted(set(names))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A product of one function, a test of it, and a file that git was told to leave out."""
    root = tmp_path_factory.mktemp("tree")
    for name, text in {
        "product.py": PRODUCT,
        "test_product.py": TEST,
        ".gitignore": "left\n",
        "left": "",
    }.items():
        (root / name).write_text(text)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def copy(tree: Path) -> Iterator[Copy]:
    with copied_tree(tree) as made:
        yield made


@pytest.fixture(autouse=True)
def _bare_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pytest within starts without plugins, in half a second."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_what_git_leaves_out_is_not_copied(copy: Copy) -> None:
    assert sorted(path.name for path in copy.root.glob("[a-z]*")) == ["product.py", "test_product.py"]


def test_a_breakage_that_a_test_notices_is_red(copy: Copy) -> None:
    verdict = copy.judge(NOTICED)
    assert verdict.red
    assert "is_due(1, 1)" in verdict.said


def test_a_breakage_that_nobody_notices_is_green(copy: Copy) -> None:
    assert not copy.judge(replace(NOTICED, replace="==")).red


def test_a_breakage_that_keeps_tests_from_starting_proves_nothing(copy: Copy) -> None:
    verdict = copy.judge(replace(NOTICED, find="def is_due", replace="def was_due"))
    assert (verdict.red, "did not start" in verdict.said) == (False, True)


def test_a_test_that_does_not_end_proves_nothing(copy: Copy) -> None:
    endless = replace(NOTICED, find="return now >= at", replace="while True: pass", limit_s=2.0)
    verdict = copy.judge(endless)
    assert (verdict.red, "not over" in verdict.said) == (False, True)


def test_afterwards_everything_is_whole_again(copy: Copy) -> None:
    copy.judge(NOTICED)
    assert (copy.root / "product.py").read_text() == PRODUCT
    assert copy.unbroken(NOTICED.tests) == []


def test_a_test_that_fails_unbroken_is_told(copy: Copy) -> None:
    assert copy.unbroken(["test_product.py::test_of_nothing"])


def test_unbroken_tests_that_do_not_end_are_told(copy: Copy) -> None:
    assert copy.unbroken(NOTICED.tests, limit_s=0.0)


@pytest.mark.parametrize(
    "entry",
    [
        replace(NOTICED, file="elsewhere.py"),
        replace(NOTICED, find="a"),
        replace(NOTICED, replace=">="),
        replace(NOTICED, replace=")"),
        replace(NOTICED, tests=[]),
        replace(NOTICED, tests=["test_product.py::test_gone"]),
        replace(NOTICED, tests=["test_gone.py"]),
    ],
    ids=["no file", "found often", "no change", "no Python", "without tests", "no such test", "no such file"],
)
def test_a_stale_entry_is_told(entry: Mutant, tree: Path) -> None:
    assert list(faults_of(entry, tree))


def test_a_good_entry_is_not_told(tree: Path) -> None:
    assert list(faults_of(NOTICED, tree)) == []
