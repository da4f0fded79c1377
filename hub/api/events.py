"""Server-sent events: what just changed, so that an open page asks again for what it shows."""

import asyncio
import json
from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from hub.api.base import ActorDep, PartsDep
from hub.events import Event, Events

__all__ = ["router", "stream"]

router = APIRouter(prefix="/api/v1/events", tags=["events"])

_HEARTBEAT_S = 15.0
# A stream ends now and then; the browser comes back by itself, and who may no longer listen is refused.
_LONGEST_S = 600.0


@router.get(
    "",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                "text/event-stream": {"example": 'event: plays\ndata: {"subject": "o1@to-2-loa-1"}\n\n'}
            },
            "description": "One event for each change; `event` is one of plays, nodes, recordings, orders, "
            "faults, bulletins, schedules, ratings, cameras. A comment every 15 s keeps the line open.",
        }
    },
)
async def events(parts: PartsDep, _actor: ActorDep) -> StreamingResponse:
    """Listen to what changes. Nothing is repeated: ask for the state again after each new connection."""
    return StreamingResponse(
        stream(parts.events), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def stream(
    events: Events, *, heartbeat_s: float = _HEARTBEAT_S, longest_s: float = _LONGEST_S
) -> AsyncGenerator[str, None]:
    """The lines of one stream, until the hub stops or `longest_s` have passed."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()
    reader = events.subscribe(lambda: _wake(loop, woken))
    until = loop.time() + longest_s
    try:
        yield "retry: 2000\n\n"
        while not reader.ended and loop.time() < until:
            for event in reader.take():
                yield _lines(event)
            if not await _comes(woken, heartbeat_s):
                yield ": alive\n\n"
    finally:
        events.unsubscribe(reader)


def _wake(loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(woken.set)


async def _comes(woken: asyncio.Event, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            await woken.wait()
    except TimeoutError:
        return False
    woken.clear()
    return True


def _lines(event: Event) -> str:
    return f"event: {event.name}\ndata: {json.dumps({'subject': event.subject})}\n\n"
