"""tail: see the events of a bus as they come, through a probe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from gcbridge.aws.event_source import event_bus_exists
from gcbridge.aws.probe import Probe, ProbeMessage, open_probe
from gcbridge.aws.probe_renewal import renew_probe
from gcbridge.errors import AwsError, UsageError
from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.progress import Progress
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.event_stream import (
    Clock,
    Display,
    Ending,
    Sieve,
    read_seconds,
    read_sieve,
    show_stream,
)
from gcbridge.workflows.identities import check_account
from gcbridge.workflows.rooms import Rooms, utc_now
from gcbridge.workflows.sweep import probe_journal, sweep_leftovers

PROBE = "probe"
TICK_SECONDS = 5.0
"""One long poll of the probe's queue; SQS answers it at once when something comes."""
RENEW_SECONDS = 1800.0
"""Well within the two hours after which a probe of another machine counts as left behind."""


@dataclass(frozen=True)
class TailRequest:
    """What to look at.

    Args:
        rule: only what this rule of the environment matches; None: every event of the source.
        filter: JMESPath over a whole EventBridge event.
        duration: how long, such as `10m`; None: until Ctrl-C.
    """

    rule: str | None = None
    filter: str | None = None
    duration: str | None = None


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """One event of the bus.

    Args:
        event: the whole EventBridge event.
        seen_at: when it was read, by this machine's clock, UTC.
    """

    event: dict[str, Any]
    seen_at: datetime


@dataclass(frozen=True)
class TailResult:
    """What came of it.

    Args:
        copies: events that came again; EventBridge delivers at least once.
        sieve: what the filter made of the others.
        ending: why it ended.
        seconds: how long the bus was looked at.
    """

    copies: int
    sieve: Sieve
    ending: Ending
    seconds: float


def tail(
    rooms: Rooms,
    environment: Environment,
    request: TailRequest,
    display: Display[SeenEvent],
    *,
    prober: OpenProbe | None = None,
) -> TailResult:
    """Adds a rule and a queue to the account for as long as it lasts, and removes them, whatever ends it.

    Several may run at once, beside each other and beside other commands: each probe has names and a journal entry of
    its own, and what sweeps leaves the probes of running processes alone.

    Args:
        rooms: doors to the outside.
        environment: whose bus; loaded with `any_topic`.
        request: what to look at.
        display: where whole EventBridge events are shown.
        prober: what opens the probe.

    Raises:
        UsageError: the environment has no such rule; the filter or the duration is none.
        RefusedError: the credentials belong to another account.
        AwsError: AWS refused or could not be reached.

    IAM actions: those of `temporary_probe`.
    """
    sieve, seconds = read_sieve(request.filter, rooms.watch), read_seconds(request.duration)
    bridge = environment.resolve()
    rule = find_rule(bridge, request.rule)
    with (prober or temporary_probe)(rooms, bridge, rule=rule) as (probe, keep):
        return watch_bus(probe.receive, sieve, seconds, display, between=keep)


def find_rule(bridge: Bridge, name: str | None) -> Rule | None:
    """The rule of that name.

    Raises:
        UsageError: there is none.
    """
    if name is None:
        return None
    found = next((rule for rule in bridge.rules if rule.name == name), None)
    if found is None:
        names = ", ".join(rule.name for rule in bridge.rules)
        raise UsageError(
            f"{bridge.environment} has no rule {name}",
            hint=f"its rules: {names}" if names else "it declares no rules; leave --rule out",
        )
    return found


class Looking(Protocol):
    """A probe, as far as it is needed here."""

    def receive(self, deadline: float) -> Iterator[ProbeMessage]:
        """What is seen until an instant of the monotonic clock."""


class OpenProbe(Protocol):
    """`temporary_probe`, or what stands for it."""

    def __call__(
        self, rooms: Rooms, bridge: Bridge, *, rule: Rule | None, topics: tuple[str, ...] = ()
    ) -> AbstractContextManager[tuple[Looking, Callable[[], None]]]:
        """Open a probe."""


@contextmanager
def temporary_probe(
    rooms: Rooms, bridge: Bridge, *, rule: Rule | None, topics: tuple[str, ...] = ()
) -> Iterator[tuple[Looking, Callable[[], None]]]:
    """A probe, and what keeps it young when it is called now and then; says what is added and when it is gone.

    Args:
        rooms: doors to the outside.
        bridge: whose event bus.
        rule: whose pattern the probe has; None takes every event of the source.
        topics: only these, where no rule is given; none takes all.

    Raises:
        RefusedError: the credentials belong to another account.
        AwsError: there is no bus yet, AWS refused, or it could not be reached.

    IAM actions: events:DescribeEventBus; and those of open_probe, renew_probe and sweep_probes.
    """
    aws = rooms.open_aws(bridge.aws)
    check_account(aws, bridge)
    if not event_bus_exists(aws, bridge.event_bus_name):
        raise AwsError(
            "the event bus does not exist",
            where=bridge.event_bus_arn,
            hint=f"gcbridge apply {bridge.environment} makes it; gcbridge verify {bridge.environment} says what else is missing",
        )
    sweep_leftovers(rooms, bridge, aws, None)
    rooms.watch(Progress(PROBE, "started", "adding a temporary rule and queue"))
    try:
        with open_probe(
            aws,
            bridge,
            probe_journal(rooms, bridge),
            detail_types=topics,
            pattern_json=rule.pattern_json if rule else None,
            settle_seconds=bridge.verify.settle_seconds,
        ) as probe:
            rooms.watch(Progress(PROBE, "finished", _added(probe, rule)))
            yield probe, Renewal(lambda: renew_probe(probe, bridge, utc_now()))
            rooms.watch(Progress(PROBE, "started", "removing rule and queue"))
    except BaseException:
        rooms.watch(Progress(PROBE, "cleared", ""))
        raise
    rooms.watch(Progress(PROBE, "finished", "removed"))


def _added(probe: Probe, rule: Rule | None) -> str:
    names = probe.names
    pattern = f" (with the pattern of {rule.name})" if rule else ""
    disabled = f"; {rule.name} is disabled, and delivers nothing itself" if rule and not rule.enabled else ""
    return (
        f"waits for events: rule {names.rule_name}{pattern} and queue {names.queue_name}, "
        f"added to account {names.account_id} until this ends{disabled}"
    )


class Renewal:
    """Does something every half hour, however often it is called.

    Args:
        renew: what to do.
        clock: monotonic seconds.
    """

    def __init__(self, renew: Callable[[], None], *, clock: Clock = time.monotonic) -> None:
        self._renew = renew
        self._clock = clock
        self._due = clock() + RENEW_SECONDS

    def __call__(self) -> None:
        """Do it, if it is time."""
        if self._clock() >= self._due:
            self._renew()
            self._due = self._clock() + RENEW_SECONDS


def watch_bus(
    receive: Callable[[float], Iterator[ProbeMessage]],
    sieve: Sieve,
    seconds: float,
    display: Display[SeenEvent],
    *,
    between: Callable[[], None] = lambda: None,
    clock: Clock = time.monotonic,
) -> TailResult:
    """Shows every wanted event once."""
    seen = RecentIds()

    def show(message: ProbeMessage) -> None:
        if seen.is_new(str(message.event.get("id"))) and sieve.passes(message.event):
            display.show(SeenEvent(message.event, message.received_at))

    started = clock()
    ending = show_stream(
        receive,
        show,
        display.is_read,
        seconds=seconds,
        tick_seconds=TICK_SECONDS,
        between=between,
        clock=clock,
    )
    return TailResult(seen.copies, sieve, ending, clock() - started)


class RecentIds:
    """Knows the last ids, so that memory does not grow with the hours.

    Args:
        size: how many.
    """

    def __init__(self, size: int = 10_000) -> None:
        self._size = size
        self._ids: dict[str, None] = {}
        self.copies = 0

    def is_new(self, identity: str) -> bool:
        """Whether it did not come before."""
        if identity in self._ids:
            self.copies += 1
            return False
        self._ids[identity] = None
        if len(self._ids) > self._size:
            del self._ids[next(iter(self._ids))]
        return True
