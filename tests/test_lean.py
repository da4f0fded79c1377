"""A node that is measured finds the packages of its lock, and none that only tests bring."""

import subprocess
from pathlib import Path

import pytest

from tests.bench._lean import lean_python, locked_names


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lean_python(tmp_path_factory.mktemp("lean") / "python")


def say(python: Path, code: str) -> str:
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_a_lock_names_its_packages_without_what_follows_them() -> None:
    lock = (
        "numpy==2.4.6 ; python_version < '3.12' \\\n    --hash=sha256:00\n    # via loa\npaho-mqtt==2.2.0\n"
    )
    assert locked_names(lock) == ["numpy", "paho-mqtt"]


@pytest.mark.parametrize(
    "module", ["httpx", "numpy", "sounddevice", "soundfile", "pydantic_core", "_cffi_backend"]
)
def test_what_a_node_imports_is_found(lean: Path, module: str) -> None:
    assert say(lean, f"import {module}; print('found')") == "found"


def test_what_only_tests_bring_is_not_found(lean: Path) -> None:
    assert "No module named 'pytest'" in say(lean, "import pytest")
