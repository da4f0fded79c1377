"""The API as schemathesis reads its description: nothing sent is the hub's fault, answers are described."""

from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.app import create_app
from hub.metrics import Metrics
from hub.parts import Parts
from hub.people.roles import Role
from tests.factories_counter import COUNTER, add_counter, pressed, seen
from tests.factories_hub import Village
from tests.factories_people import person_at_work

ENDLESS = {"GET /api/v1/events"}
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = 12


@schemathesis.serializer("audio/wav")
def as_it_is(_context: Any, value: Any) -> bytes:
    """Sound that is none."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def modes_of(operation: Any) -> tuple[GenerationMode, ...]:
    """What fits the description, and what does not where anything could."""
    can_be_wrong = operation.body or operation.query or operation.path_parameters
    return tuple(GenerationMode) if can_be_wrong else (GenerationMode.POSITIVE,)


def operations() -> list[str]:
    schema = create_app(SimpleNamespace(metrics=Metrics())).openapi()  # type: ignore[arg-type]
    found = {f"{method.upper()} {path}" for path, each in schema["paths"].items() for method in each}
    return sorted(found - ENDLESS)


@pytest.fixture
def token(parts: Parts, village: Village) -> str:
    """Of somebody who may do everything, in a village where something has happened."""
    everybody = person_at_work(village.store, *Role, login="tat-ca")
    add_counter(village)
    village.wrote(COUNTER, [pressed(dossier="H-1"), seen("frozen")])
    village.born("loa-1")
    village.schedules.create(everybody, village.draft(village.bulletin()))
    return parts.people.tokens.create(everybody, title="schemathesis")[1]


@pytest.mark.parametrize("operation", operations())
def test_an_operation_answers_as_described_whatever_it_is_sent(
    app: FastAPI, token: str, operation: str
) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    method, _, path = operation.partition(" ")

    each = schema[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(*(each.as_strategy(generation_mode=mode) for mode in modes_of(each))))
    def answers_as_described(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    answers_as_described()
