"""Fill a folder with what the machines of a site install: Loa's wheel and the locked wheels.

    python deploy/wheelhouse.py FOLDER

Run by `./loa deploy`, in its own environment. The folder then holds `wheels/`, the same as `wheels.tar`,
their SHA-256 and names in `manifest`, and in `requirements-hub.txt` and `requirements-node.txt` what each
kind of machine installs, with hashes. It is filled anew only where the lock or the sources have changed.
Loa's version there names its sources, such as 0.1.0+3f2a9c1d, so that a changed program is never taken for
the installed one.
"""

import argparse
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {"hub": ("hub", "audio"), "node": ("node", "pi")}
PACKAGES = ("audio", "edge", "hub")
_GLIBC = range(17, 37)  # Debian 12, the oldest that is served, has glibc 2.36
_TIME = "315532800"  # the earliest a zip can hold: the same sources make the same bytes


@dataclass(frozen=True)
class Target:
    """One kind of machine: Raspberry Pi OS and Debian, 64 bits, Bookworm (3.11) and Trixie (3.13)."""

    python: str
    machine: str

    def environment(self, extra: str = "") -> dict[str, str]:
        """What markers of requirements are judged by."""
        return {
            "extra": extra,
            "implementation_name": "cpython",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "linux",
        }

    def options(self) -> Iterator[str]:
        """pip's words for it."""
        yield from ("--python-version", self.python, "--implementation", "cp")
        for minor in _GLIBC:
            yield from ("--platform", f"manylinux_2_{minor}_{self.machine}")
        for name in ("manylinux2014", "manylinux1", "manylinux2010"):
            yield from ("--platform", f"{name}_{self.machine}")


TARGETS = tuple(Target(python, machine) for python in ("3.11", "3.13") for machine in ("aarch64", "x86_64"))


@dataclass(frozen=True)
class Pin:
    """One package of the lock: its requirement, with marker, and the hashes it may have."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name as all spellings of it are written."""
        return canonicalize_name(self.requirement.name)

    def is_for(self, target: Target) -> bool:
        """Whether the marker holds there."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate(target.environment())

    def line(self, *, with_marker: bool) -> str:
        """As pip reads it."""
        marker = f" ; {self.requirement.marker}" if with_marker and self.requirement.marker else ""
        parts = [f"{self.requirement.name}{self.requirement.specifier}{marker}"]
        return " \\\n    ".join([*parts, *(f"--hash={each}" for each in self.hashes)])


def read_lock(text: str) -> list[Pin]:
    """The pins of a lock as uv and pip-compile write it."""
    joined = re.sub(
        r"\\\n\s*", " ", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    )
    return [_pin(line) for line in joined.splitlines() if line.strip()]


def _pin(line: str) -> Pin:
    requirement, *hashes = line.split(" --hash=")
    return Pin(Requirement(requirement.strip()), tuple(each.strip() for each in hashes))


@dataclass
class Needs:
    """What each wheel asks for, read from the wheels themselves."""

    of: dict[str, list[Requirement]] = field(default_factory=dict)

    @classmethod
    def read(cls, wheels: Iterable[Path]) -> "Needs":
        """From the metadata of `wheels`; several wheels of one package add up."""
        needs = cls()
        for wheel in wheels:
            name = canonicalize_name(parse_wheel_filename(wheel.name)[0])
            needs.of.setdefault(name, []).extend(_asked_for(wheel))
        return needs

    def closure(self, name: str, extras: Iterable[str]) -> set[str]:
        """The names of all that `name[extras]` needs on any target, itself included."""
        found: dict[str, set[str]] = {}
        waiting = [(name, frozenset(extras))]
        while waiting:
            each, wanted = waiting.pop()
            if each in found and wanted <= found[each]:
                continue
            found.setdefault(each, set()).update(wanted)
            waiting.extend(
                (canonicalize_name(requirement.name), frozenset(requirement.extras))
                for requirement in self.of.get(each, [])
                if _is_asked(requirement, found[each])
            )
        return set(found)


def _is_asked(requirement: Requirement, extras: Iterable[str]) -> bool:
    if requirement.marker is None:
        return True
    environments = [target.environment(extra) for target in TARGETS for extra in ("", *extras)]
    return any(requirement.marker.evaluate(each) for each in environments)


def _asked_for(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        path = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parse(io.TextIOWrapper(archive.open(path), encoding="utf-8"))
    return [Requirement(each) for each in metadata.get_all("Requires-Dist", [])]


def download(pins: Iterable[Pin], target: Target, folder: Path) -> None:
    """Bring the wheels of `pins` for `target` into `folder`. Exits with pip's words where one is missing."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as wanted:
        # pip judges markers by the Python it runs in; so they are judged here.
        wanted.write("\n".join(pin.line(with_marker=False) for pin in pins if pin.is_for(target)))
        wanted.flush()
        _pip(
            "download",
            *("--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"),
            *("--dest", str(folder), *target.options(), "--requirement", wanted.name),
        )


def build(folder: Path) -> Path:
    """Loa's wheel, from a copy of the sources, so that nothing left over from earlier gets in."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "loa"
        for name in PACKAGES:
            shutil.copytree(
                ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        for name in ("README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy / name)
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (copy / "pyproject.toml").write_text(versioned(project, _digest_of_sources()), encoding="utf-8")
        built = Path(temporary) / "built"
        _pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(built), str(copy))
        (wheel,) = built.iterdir()
        shutil.copy(wheel, folder / wheel.name)
    return folder / wheel.name


def versioned(project: str, digest: str) -> str:
    """The text of a pyproject.toml whose version names the sources."""
    version = tomllib.loads(project)["project"]["version"]
    return project.replace(f'version = "{version}"', f'version = "{version}+{digest[:8]}"', 1)


def _digest_of_sources() -> str:
    files = [ROOT / "pyproject.toml", ROOT / "README.md"]
    for name in PACKAGES:
        files += (
            each for each in (ROOT / name).rglob("*") if each.is_file() and "__pycache__" not in each.parts
        )
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0{_sha256(file)}\n".encode())
    return "g" + digest.hexdigest()


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _pip(*arguments: str) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": _TIME, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, env=environment, check=False).returncode:
        sys.exit(f"wheelhouse: pip could not {arguments[0]}; what it said stands above. Nothing was changed.")


def requirements(pins: Iterable[Pin], names: set[str], own: Path) -> str:
    """The list for one kind of machine: Loa's own wheel, and those pins that it needs."""
    name, version, _, _ = parse_wheel_filename(own.name)
    lines = [f"{name}=={version} \\\n    --hash=sha256:{_sha256(own)}"]
    return "\n".join([*lines, *(pin.line(with_marker=True) for pin in pins if pin.name in names)]) + "\n"


def pack(folder: Path, file: Path) -> None:
    """All wheels of `folder` as one tar, the same bytes for the same wheels."""
    with tarfile.open(file, "w") as archive:
        for wheel in sorted(folder.iterdir()):
            entry = tarfile.TarInfo(wheel.name)
            entry.size, entry.mode = wheel.stat().st_size, 0o644
            with wheel.open("rb") as content:
                archive.addfile(entry, content)


def fill(folder: Path) -> None:
    """Make `folder` what the module says."""
    lock = ROOT / "requirements.lock"
    stamp = f"{_sha256(lock)} {_sha256(Path(__file__))}"
    wheels = folder / "wheels"
    pins = read_lock(lock.read_text(encoding="utf-8"))
    if _read(folder / "locked") != stamp:
        shutil.rmtree(wheels, ignore_errors=True)
        wheels.mkdir(parents=True)
        (folder / "sources").unlink(missing_ok=True)
        for target in TARGETS:
            print(
                f"wheelhouse: wheels for Python {target.python} on {target.machine}",
                file=sys.stderr,
                flush=True,
            )
            download(pins, target, wheels)
        (folder / "locked").write_text(stamp, encoding="utf-8")
    digest = _digest_of_sources()
    if _read(folder / "sources") != digest:
        (folder / "sources").unlink(missing_ok=True)
        _finish(folder, pins)
        (folder / "sources").write_text(digest, encoding="utf-8")


def _finish(folder: Path, pins: list[Pin]) -> None:
    wheels = folder / "wheels"
    for old in wheels.glob("loa-*.whl"):
        old.unlink()
    print("wheelhouse: Loa's own wheel", file=sys.stderr, flush=True)
    own = build(wheels)
    needs = Needs.read(wheels.glob("*.whl"))
    for kind, extras in EXTRAS.items():
        names = needs.closure("loa", extras)
        (folder / f"requirements-{kind}.txt").write_text(requirements(pins, names, own), encoding="utf-8")
    pack(wheels, folder / "wheels.tar")
    listed = "".join(f"{_sha256(each)}  {each.name}\n" for each in sorted(wheels.iterdir()))
    (folder / "manifest").write_text(listed, encoding="utf-8")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def main() -> None:
    """Read the command line and fill the folder."""
    parser = argparse.ArgumentParser(description="Bring the wheels that machines of a site install.")
    parser.add_argument("folder", type=Path)
    fill(parser.parse_args().folder.absolute())


if __name__ == "__main__":
    main()
