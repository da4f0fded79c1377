"""A bound on what any request may send; routes that take files bound themselves."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.uploads import MB

__all__ = ["BodyLimit"]

_TAKE_FILES = ("/recordings", "/api/v1/recordings")


class BodyLimit:
    """ASGI middleware: 413 as soon as a body is known to be larger than `limit_bytes`."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int = 1 * MB) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _takes_files(scope):
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        expected = int(declared) if declared.isdecimal() else 0
        received = 0

        async def bounded() -> Message:
            nonlocal received
            if expected > self._limit_bytes:
                raise HTTPException(413)
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, bounded, send)


def _takes_files(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["method"] not in ("POST", "PUT"):
        return False
    return path in _TAKE_FILES or path.startswith("/media/sounds/")
