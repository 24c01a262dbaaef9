"""simulate: recorded traffic through the rules of an environment, what it costs, and what another definition changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from gcbridge.errors import EnvironmentInvalidError, GcbridgeError, UsageError
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress, Watcher
from gcbridge.model.simulation import Price, Simulation, SimulationRequest
from gcbridge.study.traffic.define import define
from gcbridge.study.traffic.prices import with_given_prices
from gcbridge.study.traffic.summary import summarize
from gcbridge.study.traffic.tally import Tally
from gcbridge.workflows.environment import Environment, load_environment
from gcbridge.workflows.event_sources import RecordedEvents, find_recorded_events
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.simulate_processes import cores, count_all, in_batches
from gcbridge.workspace.git_revision import workspace_at
from gcbridge.workspace.price_file import read_prices

SUBJECT = "simulate"
SHOWN_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class _Other:
    """What is compared with."""

    label: str
    bridge: Bridge


def simulate(
    rooms: Rooms,
    environment: Environment,
    request: SimulationRequest,
    *,
    stdin: BinaryIO,
    clock: Callable[[], float] = time.monotonic,
) -> Simulation:
    """Recorded events are routed, counted and priced; the memory that it takes does not depend on how many there are.

    Nothing is written anywhere. Events are taken for this bridge's own: their `source`, `account` and `region` are
    replaced, and how many had another `source` is counted.

    Args:
        rooms: doors to the outside.
        environment: whose rules.
        request: which events, what to compare with, prices.
        stdin: what `-` among the files stands for.
        clock: monotonic seconds.

    Raises:
        UsageError: no such file, price or revision, or options that do not go together.
        EnvironmentInvalidError: the environment, or the one that it is compared with.
        InvalidPatternError: EventBridge would refuse a pattern.
        AwsError: S3 refused or could not be reached.
        GcbridgeError: nothing was read.

    IAM actions: s3:ListBucket, s3:GetObject, for events in S3 only.
    """
    bridge, prices = environment.resolve(), _prices(request)
    other = _other(rooms, environment, request)
    events = find_recorded_events(rooms, bridge, request.files, stdin)
    workers = request.workers or cores()
    run = _Run(events, rooms.watch, clock)
    tally = run.count(bridge, other.bridge if other else None, workers)
    if not tally.events and not tally.damaged:
        raise GcbridgeError(
            "no event was read", where=", ".join(request.files), hint="these files are empty; name others"
        )
    return summarize(
        bridge,
        tally,
        files=request.files,
        days=request.days,
        prices=prices,
        against=(other.label, other.bridge) if other else None,
        workers=workers,
        seconds=run.seconds,
    )


@dataclass(slots=True)
class _Run:
    """One pass over the traffic, and what is told of it."""

    events: RecordedEvents
    watch: Watcher
    clock: Callable[[], float]
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    _shown_at: float = 0.0

    def count(self, bridge: Bridge, against: Bridge | None, workers: int) -> Tally:
        """Count everything."""
        started = self.clock()
        broken: list[tuple[str, str]] = []
        texts = self.events.texts(lambda where, problem: broken.append((where, problem)))
        definitions = define(bridge), define(against) if against else None
        self.watch(Progress(SUBJECT, "started", "reading events"))
        try:
            with closing(count_all(in_batches(texts), *definitions, workers)) as tallies:
                for tally in tallies:
                    self.tally.add(tally)
                    self.seconds = self.clock() - started
                    self._show()
        finally:
            self.watch(Progress(SUBJECT, "cleared", ""))
        for where, problem in broken:
            self.tally.note_damaged(where, problem)
        return self.tally

    def _show(self) -> None:
        if self.seconds - self._shown_at < SHOWN_EVERY_SECONDS:
            return
        self._shown_at = self.seconds
        rate = self.tally.events / self.seconds
        message = f"{self._share()}, {self.tally.events:,} events, {rate:,.0f} a second"
        self.watch(Progress(SUBJECT, "running", message, self.seconds, self._fraction()))

    def _fraction(self) -> float | None:
        read, total = self.events.meter.bytes, self.events.total_bytes
        return min(1.0, read / total) if total else None

    def _share(self) -> str:
        fraction = self._fraction()
        if fraction is None:
            return f"{_megabytes(self.events.meter.bytes)} read"
        return f"{fraction:.0%} of {_megabytes(self.events.total_bytes or 0)}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _prices(request: SimulationRequest) -> dict[str, Price]:
    given = read_prices(request.price_file) if request.price_file else {}
    published = with_given_prices(given, request.price_file or "")
    return with_given_prices(request.prices, "--price", published)


def _other(rooms: Rooms, environment: Environment, request: SimulationRequest) -> _Other | None:
    if request.against_environment and request.against_revision:
        raise UsageError(
            "--against and --against-git do not go together", hint="compare with one of them at a time"
        )
    if request.against_environment:
        name = request.against_environment
        return _Other(f"environment {name}", load_environment(rooms.workspace, name).resolve())
    if request.against_revision:
        return _at_revision(rooms, environment.name, request.against_revision)
    return None


def _at_revision(rooms: Rooms, name: str, revision: str) -> _Other:
    with workspace_at(rooms.workspace, name, revision) as past:
        try:
            # What was a topic then may be none now, and the other way round.
            bridge = load_environment(past.workspace, name, any_topic=True).resolve()
        except EnvironmentInvalidError as error:
            raise EnvironmentInvalidError(
                f"{name} at {revision} ({past.short_commit})",
                error.problems,
                hint="compare with a later revision, or with another environment: --against ENV",
            ) from error
    label = revision if past.commit.startswith(revision) else f"{revision} ({past.short_commit})"
    return _Other(f"{name} at {label}", bridge)
