"""A copy of the tree in which one breakage at a time is tried."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from xml.etree import ElementTree

from tests.mutants._table import ROOT, Mutant, broken

__all__ = ["Copy", "Verdict", "copied_tree"]

# A test that fails with one of these was not asked: the breakage keeps the program from being read at all.
_NOT_ASKED = re.compile(r"\b(ImportError|ModuleNotFoundError|SyntaxError|IndentationError|NameError)\b")
_OVER_S = 900.0  # for all unbroken tests together


@dataclass(frozen=True)
class Verdict:
    """`red` if a test noticed the breakage; `said` is what it said first, or why nothing could be seen."""

    red: bool
    said: str


@dataclass(frozen=True)
class Copy:
    root: Path

    def unbroken(self, tests: Iterable[str], limit_s: float = _OVER_S) -> list[str]:
        """What is wrong before anything is broken: a test that fails, is skipped or does not exist."""
        code, report = self._run(sorted(set(tests)), limit_s, stop_at_once=False)
        if code is None:
            return [f"not over after {limit_s:.0f} s"]
        wrong = [f"{name}: {said}" for name, kind, said in _outcomes(report) if kind != "passed"]
        return wrong or ([f"pytest ended with {code}"] if code else [])

    def judge(self, mutant: Mutant) -> Verdict:
        """Break one thing, ask its tests, and put it back."""
        with self._broken(mutant):
            code, report = self._run(mutant.tests, mutant.limit_s, stop_at_once=True)
        if code is None:
            return Verdict(False, f"not over after {mutant.limit_s:.0f} s")
        noticed = [said for _, kind, said in _outcomes(report) if kind in ("failure", "error")]
        if not noticed:
            return Verdict(False, "all tests passed" if code == 0 else f"pytest ended with {code}")
        if code != 1 or _NOT_ASKED.search(noticed[0]):
            return Verdict(False, f"the tests did not start: {noticed[0]}")
        return Verdict(True, noticed[0])

    @contextmanager
    def _broken(self, mutant: Mutant) -> Iterator[None]:
        file = self.root / mutant.file
        whole = file.read_text(encoding="utf-8")
        try:
            _write(file, broken(mutant, self.root))
            yield
        finally:
            _write(file, whole)

    def _run(self, tests: list[str], limit_s: float, *, stop_at_once: bool) -> tuple[int | None, Path]:
        """pytest's exit code (None: not over in time) and its report."""
        report = self.root.with_name("report.xml")
        report.unlink(missing_ok=True)
        options = ["-q", "-m", "", "-p", "no:cacheprovider", "-p", "no:randomly", f"--junitxml={report}"]
        paths = {"PYTHONPATH": str(self.root), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        child = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *(["-x"] if stop_at_once else []), *tests],
            cwd=self.root,
            env=os.environ | paths,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return child.wait(limit_s), report
        except subprocess.TimeoutExpired:
            return None, report
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _write(file: Path, text: str) -> None:
    """Python tells an old compiled file by length and whole seconds: too little here, so that goes too."""
    file.write_text(text, encoding="utf-8")
    if file.suffix == ".py":
        Path(cache_from_source(str(file))).unlink(missing_ok=True)


def _outcomes(report: Path) -> Iterator[tuple[str, str, str]]:
    """Of each test that was tried: name, passed/failure/error/skipped, and the first line of what it said."""
    if not report.is_file():
        return
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # written by our own pytest
        kinds = [(child.tag, child.get("message", "")) for child in case if child.tag != "properties"]
        kinds = [kind for kind in kinds if kind[0] in ("failure", "error", "skipped")]
        kind, said = kinds[0] if kinds else ("passed", "")
        yield case.get("name", ""), kind, " ".join(said.split())


@contextmanager
def copied_tree(root: Path = ROOT) -> Iterator[Copy]:
    """What git knows of or would take, in a temporary folder, gone afterwards."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="loa-mutants-") as folder:
        tree = Path(folder) / "tree"
        for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
            if (root / name).is_file():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, tree / name)
        yield Copy(tree)
