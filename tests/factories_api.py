"""Programs that call the API of a small application."""

from collections.abc import Callable

from fastapi import FastAPI
from starlette.testclient import TestClient

from hub.api.base import actor_of
from hub.people.roles import Role
from tests.factories_hub import actor

__all__ = ["Caller", "callers_of"]

Caller = Callable[..., TestClient]


def callers_of(app: FastAPI) -> Caller:
    """`calling(Role.CLERK, …)`: a program that may do what these roles may, and reads Vietnamese."""

    def program(*roles: Role) -> TestClient:
        app.dependency_overrides[actor_of] = lambda: actor(*roles)
        return TestClient(app, headers={"Accept-Language": "vi"})

    return program
