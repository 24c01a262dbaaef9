"""ReceiveMessage with a wait: it ends as soon as there is a message.

ministack looks into the queue every tenth of a second. AWS's long poll answers "as soon as a message becomes
available", and what is measured here should not be the emulator's own pause.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from ministack.services import sqs

from gcbridge.sandbox.aws import background

Data: TypeAlias = dict[str, Any]

LOOK_AGAIN_SECONDS = 0.1
"""For messages that become visible again, and those that other services of ministack put in on ways of their own."""

_waiting: set[asyncio.Event] = set()


def wake() -> None:
    """Let everyone who waits look into the queue again; on the event loop only."""
    for arrived in _waiting:
        arrived.set()


def send_message(original: Callable[[Data, str], Data], data: Data, qurl: str) -> Data:
    """SendMessage, of which those who wait learn."""
    answer = original(data, qurl)
    if _waiting:
        background.call_soon(wake)
    return answer


def wait_seconds(data: Data, qurl: str) -> float:
    """How long the request wants to wait: as it says, else as the queue says."""
    wanted = data.get("WaitTimeSeconds")
    if wanted is None:
        queue = sqs._get_q(data.get("QueueUrl", qurl))
        wanted = queue["attributes"].get("ReceiveMessageWaitTimeSeconds", 0)
    return float(wanted)


async def receive_message(original: Callable[[Data, str], Awaitable[Data]], data: Data, qurl: str) -> Data:
    """ReceiveMessage."""
    end = time.monotonic() + wait_seconds(data, qurl)
    arrived = asyncio.Event()
    _waiting.add(arrived)
    try:
        while True:
            answer = await original({**data, "WaitTimeSeconds": 0}, qurl)
            remaining = end - time.monotonic()
            if answer or remaining <= 0:
                return answer
            await wait_for_arrival(arrived, min(LOOK_AGAIN_SECONDS, remaining))
    finally:
        _waiting.discard(arrived)


async def wait_for_arrival(arrived: asyncio.Event, seconds: float) -> None:
    """Wait until a message arrives somewhere, ``seconds`` at most."""
    try:
        await asyncio.wait_for(arrived.wait(), seconds)
    except asyncio.TimeoutError:
        return
    finally:
        arrived.clear()
