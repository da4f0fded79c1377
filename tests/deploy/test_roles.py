"""Each variable of a role bears the role's name, has a default, and is explained in the role's README."""

from pathlib import Path

import pytest

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "ansible" / "roles"
NAMES = sorted(role.name for role in ROLES.iterdir())


def variables(role: str) -> list[str]:
    """The names that have a default, in their order."""
    text = (ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8")
    return [line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()]


def explained(role: str) -> list[str]:
    """The names in the first column of the README's table."""
    text = (ROLES / role / "README.md").read_text(encoding="utf-8")
    return [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("role", NAMES)
def test_the_readme_explains_every_variable_and_no_other(role: str) -> None:
    assert explained(role) == variables(role)


@pytest.mark.parametrize("role", NAMES)
def test_every_variable_bears_the_name_of_its_role(role: str) -> None:
    assert [name for name in variables(role) if not name.startswith(f"{role}_")] == []
