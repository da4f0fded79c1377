"""The web application: pages, API, static files, and what surrounds every answer."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from hub.api import (
    areas,
    audit,
    bulletins,
    cameras,
    emergencies,
    enrolments,
    events,
    media,
    nodes,
    occurrences,
    orders,
    plays,
    ratings,
    ratings_csv,
    recordings,
    reports,
    schedules,
    service,
    site,
    users,
)
from hub.api.base import install_problems
from hub.front import BehindProxy
from hub.middleware import CountRequests, SecurityHeaders
from hub.parts import Parts
from hub.web.limits import BodyLimit
from hub.web.pages.failures import page_of_failure
from hub.web.routers import ROUTERS

__all__ = ["create_app"]

_API = (
    recordings,
    bulletins,
    schedules,
    occurrences,
    plays,
    reports,
    areas,
    nodes,
    orders,
    emergencies,
    site,
    users,
    audit,
    ratings,
    ratings_csv,
    cameras,
    events,
    media,
    enrolments,
    service,
)

_STATIC = Path(__file__).resolve().parent / "web" / "static"


def create_app(parts: Parts, *, behind_proxy: bool = False) -> FastAPI:
    """The application over parts that stand; it neither starts nor stops them.

    `behind_proxy` is for one that only a web server on this machine can reach: its headers are believed.
    """
    app = _App(behind_proxy=behind_proxy, title="Loa", version=_version(), docs_url=None, redoc_url=None)
    app.state.parts = parts
    for module in _API:
        app.include_router(module.router)
    for router in ROUTERS:
        app.include_router(router)
    install_problems(app, pages=page_of_failure)
    app.mount("/static", _Static(directory=_STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(BodyLimit)
    app.add_middleware(CountRequests, metrics=parts.metrics)
    return app


class _App(FastAPI):
    """An application whose every answer is bound, also the one that a fault of its own gets."""

    def __init__(self, *, behind_proxy: bool, **more: Any) -> None:
        super().__init__(**more)
        self._behind_proxy = behind_proxy

    def build_middleware_stack(self) -> ASGIApp:
        stack = SecurityHeaders(super().build_middleware_stack())
        return BehindProxy(stack) if self._behind_proxy else stack


class _Static(StaticFiles):
    """Files whose address changes with their content may be kept for ever; others are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_named_by_content = b"v=" in scope["query_string"]
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if is_named_by_content else "no-cache"
        )
        return response


def _version() -> str:
    try:
        return version("loa")
    except PackageNotFoundError:
        return "checkout"
