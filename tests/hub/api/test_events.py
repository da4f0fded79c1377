"""The stream of events, line by line."""

import asyncio

from hub.api.events import stream
from hub.events import Events
from tests.own_loop import run


def test_an_event_has_a_name_and_a_subject() -> None:
    async def work() -> None:
        bus = Events()
        lines = stream(bus)
        await anext(lines)
        bus.publish("plays", "o1@to-2-loa-1")
        assert await anext(lines) == 'event: plays\ndata: {"subject": "o1@to-2-loa-1"}\n\n'
        await lines.aclose()

    run(work())


def test_an_event_from_another_thread_wakes_the_stream() -> None:
    async def work() -> None:
        bus = Events()
        lines = stream(bus)
        await anext(lines)
        coming = asyncio.ensure_future(anext(lines))
        await asyncio.to_thread(bus.publish, "nodes")
        assert (await coming).startswith("event: nodes\n")
        await lines.aclose()

    run(work())


def test_a_silent_line_is_kept_open() -> None:
    async def work() -> None:
        lines = stream(Events(), heartbeat_s=0.01)
        await anext(lines)
        assert await anext(lines) == ": alive\n\n"
        await lines.aclose()

    run(work())


def test_the_stream_ends_when_the_hub_stops() -> None:
    async def work() -> None:
        bus = Events()
        lines = stream(bus)
        await anext(lines)
        bus.close()
        assert [line async for line in lines] == []

    run(work())


def test_a_stream_ends_now_and_then() -> None:
    async def work() -> None:
        lines = stream(Events(), heartbeat_s=0.01, longest_s=0.02)
        assert len([line async for line in lines]) < 10

    run(work())


def test_who_left_is_forgotten() -> None:
    async def work() -> None:
        bus = Events()
        lines = stream(bus)
        await anext(lines)
        assert bus.readers == 1
        await lines.aclose()
        assert bus.readers == 0

    run(work())
