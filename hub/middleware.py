"""What surrounds every answer: headers that bind the browser, and the counting of requests. Plain ASGI."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hub.metrics import Metrics

__all__ = ["CountRequests", "SecurityHeaders"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Swagger UI writes style attributes; no other page may.
_DOCS_POLICY = _POLICY + "; style-src 'self' 'unsafe-inline'"

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(self)",
    b"cache-control": b"no-store",
}


class SecurityHeaders:
    """Adds to every answer the headers that it does not set itself."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = _DOCS_POLICY if scope["path"] == "/docs" else _POLICY
        wanted = {**_HEADERS, b"content-security-policy": policy.encode()}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                missing = [(name, value) for name, value in wanted.items() if name not in present]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class CountRequests:
    """Counts answers and the time until they began, by the route's pattern."""

    def __init__(self, app: App, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.answered(
                    method=_method(scope["method"]),
                    route=_pattern(scope),
                    status=message["status"],
                    seconds=time.monotonic() - began,
                )
            await send(message)

        await self._app(scope, receive, send_counted)


def _pattern(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "") or "other")


def _method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
