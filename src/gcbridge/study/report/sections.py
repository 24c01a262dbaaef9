"""Parts of the page that are lists: checks in groups, the ways of events, what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import EventTrace
from gcbridge.model.result import Check, VerificationReport
from gcbridge.model.verification_words import counted, hop_latency, late_events, moment_text, seconds_text
from gcbridge.study.report.lights import Light, light_of

OPEN_MAX = 24
"""Checks of a group that need not be folded."""
TRACES_SHOWN = 200
HOPS_SHOWN = 6000
"""What keeps the page below a few megabytes and its rendering below a second."""
CAUSES = {
    "presence": "the presence of a test user, set and restored",
    "integration_notes": "the notes of the integration, changed and restored",
    "oauth_client": "an OAuth client, created and deleted",
    "traffic": "nothing: it waited for traffic",
}
GROUPS = (
    ("Genesys Cloud", ("genesys ", "integration ", "topic of the cause ")),
    ("AWS account, event source and bus", ("aws ", "event source ", "event bus ")),
    ("Targets", ("target ",)),
    ("Permissions", ("permission ",)),
    ("Dead-letter queues", ("dead-letter ",)),
    ("Events", ("event seen ", "all events ", "latency ", "delivery ")),
    ("Rules", ("rule ", "pattern ")),
    ("Triggers", ("trigger ", "test of trigger ")),
)
"""Heading -> how names of its checks begin; `rule ... matches` is of an event."""
OTHER = "Other"


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Checks of one kind.

    Args:
        title: the kind.
        checks: in the order that they are shown.
    """

    title: str
    checks: tuple[Check, ...]

    @property
    def light(self) -> Light:
        """Of all of them."""
        return light_of(check.status for check in self.checks)

    @property
    def is_long(self) -> bool:
        """So many that nobody reads all of them."""
        return len(self.checks) > OPEN_MAX

    @property
    def is_open(self) -> bool:
        """Short ones are, and those in which something failed."""
        return not self.is_long or self.light == "failed"

    @property
    def counts(self) -> str:
        """How many held, failed, could not be told."""
        words = (("failed", "failed"), ("passed", "passed"), ("skipped", "skipped"))
        numbers = ((sum(check.status == status for check in self.checks), word) for status, word in words)
        return ", ".join(f"{number:,} {word}" for number, word in numbers if number)


def group_checks(checks: Iterable[Check]) -> tuple[CheckGroup, ...]:
    """Checks by kind, both in causal order; what failed stands first where there are many."""
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(_group_of(check.name), []).append(check)
    return tuple(CheckGroup(title, _findable(members)) for title, members in groups.items())


def _findable(checks: list[Check]) -> tuple[Check, ...]:
    if len(checks) <= OPEN_MAX:
        return tuple(checks)
    return tuple(sorted(checks, key=lambda check: check.status != "failed"))


def _group_of(name: str) -> str:
    if name.startswith("rule ") and name.endswith(" matches"):
        return "Events"
    return next((title for title, starts in GROUPS if name.startswith(starts)), OTHER)


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one event.

    Args:
        trace: all of it.
        light: red where it broke off.
        seconds: until the last hop that says when it was reached.
        end: where it broke off; empty where it did not.
    """

    trace: EventTrace
    light: Light
    seconds: str
    end: str


def choose_ways(traces: Sequence[EventTrace]) -> tuple[Way, ...]:
    """Ways that the page shows, in the order of their causes: those that broke off first of all, then the rest.

    Args:
        traces: all of them.
    """
    urgent = sorted(range(len(traces)), key=lambda index: (traces[index].broken_at is None, index))
    kept: list[int] = []
    hops = 0
    for index in urgent[:TRACES_SHOWN]:
        hops += len(traces[index].hops)
        if kept and hops > HOPS_SHOWN:
            break
        kept.append(index)
    return tuple(_way(traces[index]) for index in sorted(kept))


def _way(trace: EventTrace) -> Way:
    broken = trace.broken_at
    times = [hop.seconds for hop in trace.hops if hop.seconds is not None and hop.status == "passed"]
    light: Light = "failed" if broken else "passed"
    return Way(trace, light, seconds_text(max(times, default=None)), broken.name if broken else "")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure.

    Args:
        name: what it counts.
        value: the figure.
        note: what to hold it against.
        light: whether it is good; unlit where it is neither.
    """

    name: str
    value: str
    note: str = ""
    light: Light = "skipped"


def tiles(report: VerificationReport) -> Iterator[Tile]:
    """The figures that come first."""
    loss, witness = report.loss, report.witness
    if loss is not None:
        light: Light = "failed" if loss.lost else "passed"
        yield Tile("events arrived", f"{loss.arrived:,} of {loss.expected:,}", _loss_note(report), light)
    yield from _latency_tiles(report)
    if witness is not None:
        expected = witness.both + witness.only_websocket + witness.only_eventbridge + witness.neither
        note = f"{seconds_text(witness.later.p50)} later than the WebSocket" if witness.later else ""
        lost: Light = "failed" if witness.only_websocket else "passed"
        yield Tile("seen by both witnesses", f"{witness.both:,} of {expected:,}", note, lost)
    if report.metrics is not None and not report.metrics.detail:
        yield Tile("events of the source", f"{report.metrics.events:,}", "counted by CloudWatch")


def _latency_tiles(report: VerificationReport) -> Iterator[Tile]:
    latency = hop_latency(report)
    if latency is None:
        return
    if latency.count > 1:
        yield Tile("median to the bus", seconds_text(latency.p50), f"95% within {seconds_text(latency.p95)}")
    limit, late = report.max_latency, len(late_events(report))
    held: Light = "skipped" if limit is None else ("failed" if late else "passed")
    allowed = (
        "" if limit is None else f"limit {seconds_text(limit)}" + (f", {late:,} too late" if late else "")
    )
    yield Tile(
        "slowest to the bus" if latency.count > 1 else "to the bus",
        seconds_text(latency.maximum),
        allowed,
        held,
    )


def _loss_note(report: VerificationReport) -> str:
    loss = report.loss
    if loss is None or loss.expected == 1:
        return ""
    return f"{loss.rate:.1%} lost, 95% interval {loss.low:.1%} to {loss.high:.1%}"


def facts(bridge: Bridge, report: VerificationReport, version: str) -> Iterator[tuple[str, str]]:
    """What was looked at, when, and with what.

    Args:
        bridge: what was looked at.
        report: what came of it.
        version: of gcbridge.
    """
    yield "Environment", report.environment
    yield "Organization", f"{bridge.organization.org_id} ({bridge.organization.region})"
    yield "Integration", bridge.integration.name
    yield "AWS account", f"{bridge.aws.account_id} ({bridge.aws.region})"
    yield "Partner event source and bus", bridge.event_source_name
    yield (
        "Declared",
        (
            f"{counted(len(bridge.integration.topics), 'topic')}, {counted(len(bridge.rules), 'rule')}, "
            f"{counted(len(bridge.targets), 'target')}"
        ),
    )
    yield "Caused", CAUSES[report.cause]
    if report.read_only:
        yield "Read only", "nothing was created: events are told by counters and logs"
    if report.started_at is not None:
        yield "Started", moment_text(report.started_at)
    yield "Took", seconds_text(report.seconds)
    if report.overhead is not None:
        overhead = report.overhead
        times = f"{seconds_text(overhead.p50)} at the median, {seconds_text(overhead.maximum)} at most"
        yield "gcbridge's own part of a latency", times
    yield "gcbridge", version
