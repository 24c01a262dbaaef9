"""When and how often a lost connection is tried again."""

from __future__ import annotations

import threading

from tenacity import (
    Retrying,
    retry_if_exception,
    sleep_using_event,
    stop_after_attempt,
    stop_any,
    stop_when_event_set,
    wait_exponential,
    wait_random,
)

from gcbridge.errors import GenesysError, RefusedError
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.notifications.channels import Channel
from gcbridge.genesys.notifications.sockets import SocketLostError
from gcbridge.genesys.notifications.timing import Timing

_HEALING = frozenset({404, 408, 409, 429})
"""404: a spare channel was gone, the next one may not be."""


def retrying(timing: Timing, ending: threading.Event, *, attempts: int | None = None) -> Retrying:
    """For ever, with pauses that grow and differ, unless the block ends or trying again cannot help.

    Args:
        timing: the pauses.
        ending: set when the block ends; it also ends a pause.
        attempts: how often at most.
    """
    first = timing.first_pause_seconds
    ended = stop_when_event_set(ending)
    return Retrying(
        retry=retry_if_exception(may_heal),
        wait=wait_exponential(multiplier=first, max=timing.longest_pause_seconds) + wait_random(0, first),
        stop=stop_any(ended, stop_after_attempt(attempts)) if attempts else ended,
        sleep=sleep_using_event(ending),
        reraise=True,
    )


def may_heal(error: BaseException) -> bool:
    """Whether trying again may help: the network comes back, and others leave; missing permissions stay missing."""
    if isinstance(error, GenesysRefusedError):
        return error.status in _HEALING or error.status >= 500
    return isinstance(error, SocketLostError | GenesysError | RefusedError)


def unreachable(lost: SocketLostError, channel: Channel | None) -> GenesysError:
    """The error for a socket that cannot be opened."""
    return GenesysError(
        "no socket to the notification service can be opened",
        where=channel.connect_uri if channel else "notification service",
        detail=lost.reason,
        hint="check that HTTPS_PROXY and firewalls let WebSockets through",
    )
