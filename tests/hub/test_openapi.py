"""The description of the API: every error is a problem, every operation says what it is for."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.app import create_app
from hub.metrics import Metrics


@pytest.fixture(scope="module")
def operations() -> dict[str, dict[str, Any]]:
    schema = create_app(SimpleNamespace(metrics=Metrics())).openapi()  # type: ignore[arg-type]
    return {
        f"{method} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if path.startswith(("/api/", "/media/"))
    }


def test_every_error_is_documented_as_a_problem(operations: dict[str, dict[str, Any]]) -> None:
    others = {
        (name, status)
        for name, operation in operations.items()
        for status, answer in operation["responses"].items()
        if status.startswith(("4", "5")) and list(answer.get("content", {})) != ["application/problem+json"]
    }
    assert others == set()


def test_every_operation_says_what_it_is_for(operations: dict[str, dict[str, Any]]) -> None:
    assert [name for name, operation in operations.items() if not operation.get("description")] == []
