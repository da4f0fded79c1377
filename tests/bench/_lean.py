"""A Python that finds only what a node is installed with: tests bring more, and httpx loads some of it."""

import re
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

__all__ = ["lean_python", "locked_names"]

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"


def lean_python(folder: Path, lock: Path = LOCK) -> Path:
    """A virtual environment in `folder`, of the lock's packages as they are installed here: its program."""
    venv.create(folder, with_pip=False, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    place = folder / "lib" / version / "site-packages"
    for name in locked_names(lock.read_text(encoding="utf-8")):
        try:
            found = distribution(name)
        except PackageNotFoundError:  # for another machine than this one
            continue
        _link(found, place)
    return folder / "bin" / "python"


def locked_names(lock: str) -> list[str]:
    """The packages that a lock file names."""
    return re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)


def _link(found: Distribution, place: Path) -> None:
    tops = {file.parts[0] for file in found.files or ()}
    for top in tops - {"..", "__pycache__"}:
        if not (place / top).exists():
            (place / top).symlink_to(Path(str(found.locate_file(top))))
