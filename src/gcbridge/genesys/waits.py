"""Waiting until Genesys Cloud has brought the integration up."""

from __future__ import annotations

import time
from collections.abc import Callable

from gcbridge.errors import GenesysError, WaitTimeoutError
from gcbridge.model.result import IntegrationObservation
from gcbridge.waiting import wait_until

_WHERE = "Genesys Cloud integration"


def _say_nothing(_observed: IntegrationObservation | None, _seconds: float) -> None:
    """Stands where nobody listens."""


def wait_for_integration(
    find: Callable[[], IntegrationObservation | None],
    *,
    timeout_seconds: float,
    interval_seconds: float = 2.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    on_wait: Callable[[IntegrationObservation | None, float], None] = _say_nothing,
) -> IntegrationObservation:
    """Genesys Cloud takes seconds from ENABLED to ACTIVE, and says ERROR where it never will be.

    Args:
        find: looks once, such as `GenesysCloud.integration` of an id.
        timeout_seconds: how long to wait at most.
        interval_seconds: pause between two looks.
        clock: monotonic seconds.
        sleep: pauses for so many seconds.
        on_wait: told what was seen and the seconds waited, after each look that was not the end.

    Raises:
        GenesysError: the integration reports ERROR; `detail` is what Genesys Cloud says of it.
        WaitTimeoutError: it was not ACTIVE in time.
    """
    seen, _seconds = wait_until(
        lambda: _refuse_broken(find()),
        _is_active,
        describe=_describe_timeout,
        timeout_seconds=timeout_seconds,
        interval_seconds=interval_seconds,
        clock=clock,
        sleep=sleep,
        on_wait=on_wait,
    )
    assert seen is not None, "None is never active"
    return seen


def _is_active(seen: IntegrationObservation | None) -> bool:
    return seen is not None and seen.reported_state == "ACTIVE"


def _refuse_broken(seen: IntegrationObservation | None) -> IntegrationObservation | None:
    if seen is None or seen.reported_state != "ERROR":
        return seen
    raise GenesysError(
        f"the integration {seen.name} reports ERROR",
        where=f"{_WHERE} {seen.integration_id}",
        detail=seen.reported_detail or "Genesys Cloud gives no reason",
        hint=f"check aws.account_id (now {seen.aws_account_id}), aws.region (now {seen.aws_region}) and that no "
        f"other integration has the event source suffix {seen.event_source_suffix}; then apply again",
    )


def _describe_timeout(seen: IntegrationObservation | None, seconds: float) -> WaitTimeoutError:
    if seen is None:
        return WaitTimeoutError(
            f"Genesys Cloud shows no such integration after {seconds:.0f} s",
            where=_WHERE,
            hint="check that the genesys stack was applied to this organization, then run the same command again",
        )
    hint = "run the same command again; raise waits.integration_seconds if Genesys Cloud needs longer"
    if seen.intended_state != "ENABLED":
        hint = "its intended state is not ENABLED: somebody disabled it; plan and apply again"
    return WaitTimeoutError(
        f"the integration {seen.name} is {seen.reported_state or 'in no known state'}, not ACTIVE, "
        f"after {seconds:.0f} s",
        where=f"{_WHERE} {seen.integration_id}",
        detail=f"intended {seen.intended_state}, reported {seen.reported_state}: {seen.reported_detail}".rstrip(
            ": "
        ),
        hint=hint,
    )
