"""Deliveries that a target does not tell of, told by the event bus's own log."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from gcbridge.aws.bus_log import observe_bus_log
from gcbridge.aws.session import Aws
from gcbridge.genesys.causes.recognizing import occurred_at
from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import BusLogObservation
from gcbridge.model.result import DeliveryObservation
from gcbridge.study.proof.deliveries import tell_by_log
from gcbridge.workflows.proof.following import EARLIER
from gcbridge.workflows.proof.session import utc_now

LOOK_AGAIN_SECONDS = 2.0
"""Pause between two looks at the event bus's log."""


def by_log(
    aws: Aws,
    bridge: Bridge,
    found: DeliveryObservation,
    event: Mapping[str, Any],
    deadline: float,
    *,
    read: Callable[..., BusLogObservation] = observe_bus_log,
    sleep: Callable[[float], None] = time.sleep,
) -> DeliveryObservation:
    """A delivery that the target does not tell of, told by the event bus's log, where there is one.

    Args:
        aws: where the bus is.
        bridge: whose bus.
        found: what is known so far.
        event: that was sent.
        deadline: instant of `time.monotonic`; the log is read once even where it has passed.
        read: reads the log.
        sleep: what waits between two looks; lines come some seconds late.

    IAM actions: those of observe_bus_log.
    """
    since = (occurred_at(event) or utc_now()) - EARLIER
    while True:
        log = read(aws, bridge, [event["id"]], since)
        (told,) = tell_by_log(bridge, [found], log)
        if told.delivered is None and log.detail:
            return found.model_copy(update={"detail": f"{found.detail}; {log.detail}"})
        if told.delivered is not None or time.monotonic() >= deadline:
            return told
        sleep(LOOK_AGAIN_SECONDS)
