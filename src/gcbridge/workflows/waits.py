"""Waits until the two clouds agree, and says what is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable

from gcbridge.aws.event_source import describe_event_source, list_event_source_names
from gcbridge.aws.session import Aws
from gcbridge.errors import WaitTimeoutError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.waits import wait_for_integration
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress, Watcher
from gcbridge.model.result import EventSourceObservation, IntegrationObservation, Wait
from gcbridge.waiting import wait_until

INTERVAL_SECONDS = 0.5


def wait_for_active_integration(genesys: GenesysCloud, bridge: Bridge, watch: Watcher) -> Wait:
    """Genesys Cloud reports the integration ACTIVE.

    Genesys permissions: integrations:integration:view.

    Raises:
        GenesysError: it reports ERROR.
        WaitTimeoutError: it did not become ACTIVE within `waits.integration_seconds`.
    """
    place = (bridge.integration.event_source_suffix, bridge.aws.account_id, bridge.aws.region)

    def wait(on_wait: Callable[[IntegrationObservation | None, float], None]) -> str:
        seen = wait_for_integration(
            lambda: genesys.find_integration(*place),
            timeout_seconds=bridge.waits.integration_seconds,
            interval_seconds=INTERVAL_SECONDS,
            on_wait=on_wait,
        )
        return seen.reported_state

    return _watched("the integration", "ACTIVE", wait, _integration_state, watch)


def wait_for_event_source(aws: Aws, bridge: Bridge, watch: Watcher) -> Wait:
    """AWS shows the partner event source; PENDING is enough to create the bus.

    IAM actions: events:DescribeEventSource, events:ListEventSources.

    Raises:
        WaitTimeoutError: it never appeared; the message lists what this account does see.
    """
    return _wait_for_source(
        aws,
        bridge,
        watch,
        goal="there",
        is_done=lambda source: source is not None and source.state in {"PENDING", "ACTIVE"},
        describe=lambda source, seconds: _never_appeared(aws, bridge, source, seconds),
    )


def wait_for_active_source(aws: Aws, bridge: Bridge, watch: Watcher) -> Wait:
    """The partner event source is ACTIVE: from now on events flow.

    IAM actions: events:DescribeEventSource.

    Raises:
        WaitTimeoutError: it stayed PENDING.
    """
    return _wait_for_source(
        aws,
        bridge,
        watch,
        goal="ACTIVE",
        is_done=lambda source: source is not None and source.state == "ACTIVE",
        describe=lambda source, seconds: _never_active(bridge, source, seconds),
    )


def wait_for_no_source(aws: Aws, bridge: Bridge, watch: Watcher) -> Wait:
    """The partner event source is gone, so nothing is left on the AWS side.

    IAM actions: events:DescribeEventSource.

    Raises:
        WaitTimeoutError: Genesys Cloud left it there.
    """
    return _wait_for_source(
        aws,
        bridge,
        watch,
        goal="gone",
        is_done=lambda source: source is None or source.state == "DELETED",
        describe=lambda source, seconds: _still_there(bridge, source, seconds),
    )


def _wait_for_source(
    aws: Aws,
    bridge: Bridge,
    watch: Watcher,
    *,
    goal: str,
    is_done: Callable[[EventSourceObservation | None], bool],
    describe: Callable[[EventSourceObservation | None, float], WaitTimeoutError],
) -> Wait:
    def wait(on_wait: Callable[[EventSourceObservation | None, float], None]) -> str:
        seen, _ = wait_until(
            lambda: describe_event_source(aws, bridge.event_source_name),
            is_done,
            describe=describe,
            timeout_seconds=bridge.waits.event_source_seconds,
            interval_seconds=INTERVAL_SECONDS,
            on_wait=on_wait,
        )
        return _source_state(seen)

    return _watched("the partner event source", goal, wait, _source_state, watch)


def _watched(
    subject: str,
    goal: str,
    wait: Callable[[Callable[..., None]], str],
    state_of: Callable[..., str],
    watch: Watcher,
) -> Wait:
    started = time.monotonic()
    watch(Progress(subject, "started", f"waiting until it is {goal}"))

    def on_wait(seen: object, seconds: float) -> None:
        watch(Progress(subject, "running", f"waiting until it is {goal}; now {state_of(seen)}", seconds))

    state = wait(on_wait)
    seconds = time.monotonic() - started
    watch(Progress(subject, "finished", f"is {state}", seconds))
    return Wait(name=f"{subject} to be {goal}", seconds=round(seconds, 2))


def _integration_state(seen: IntegrationObservation | None) -> str:
    return seen.reported_state if seen else "not there"


def _source_state(seen: EventSourceObservation | None) -> str:
    return seen.state if seen else "not there"


def _never_appeared(
    aws: Aws, bridge: Bridge, seen: EventSourceObservation | None, seconds: float
) -> WaitTimeoutError:
    others = list_event_source_names(aws, "aws.partner/genesys.com/")
    listed = "\n".join(f"  {name}" for name in others) or "  none"
    state = f"it is {seen.state}" if seen else "it is not there"
    return WaitTimeoutError(
        f"account {bridge.aws.account_id} shows no partner event source {bridge.event_source_name} in "
        f"{bridge.aws.region} after {seconds:.0f} s: {state}",
        where=bridge.event_source_name,
        detail=f"Genesys Cloud event sources that this account does see in {bridge.aws.region}:\n{listed}",
        hint="wrong account or region? The integration sends to the account and region in its properties: compare "
        "aws.account_id and aws.region. Suffix taken? A source of that name may belong to another integration of "
        "this organization: choose another genesys.event_source_suffix. Only slow? Type the same command again, "
        "with a longer waits.event_source_seconds",
    )


def _never_active(bridge: Bridge, seen: EventSourceObservation | None, seconds: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"the partner event source is {_source_state(seen)}, not ACTIVE, after {seconds:.0f} s",
        where=bridge.event_source_name,
        hint="it becomes ACTIVE when a bus of exactly its name exists; if the bus is there, associate them: "
        f"aws events activate-event-source --region {bridge.aws.region} --name {bridge.event_source_name}",
    )


def _still_there(bridge: Bridge, seen: EventSourceObservation | None, seconds: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"the integration was deleted, but its partner event source is still {_source_state(seen)} "
        f"after {seconds:.0f} s",
        where=bridge.event_source_name,
        hint="AWS removes a PENDING source by itself after two weeks; to look again, type: "
        f"aws events describe-event-source --region {bridge.aws.region} --name {bridge.event_source_name}",
    )
