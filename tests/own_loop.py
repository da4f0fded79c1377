"""Asynchronous work of a test, in a thread of its own: the run's browser keeps a loop in the main one."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

WAIT_S = 30


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns, or raises; it ends within half a minute."""

    async def bounded() -> T:
        return await asyncio.wait_for(work, WAIT_S)

    with ThreadPoolExecutor(1) as own_thread:
        return own_thread.submit(lambda: asyncio.run(bounded())).result()
