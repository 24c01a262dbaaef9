"""What a verification says in numbers, in the words that the terminal, the page and JUnit share."""

from __future__ import annotations

from datetime import datetime, timezone

from gcbridge.model.proof import EventTrace, Latency, Loss, WitnessSummary
from gcbridge.model.result import VerificationReport

BUS_HOP = "event bus"
"""Name of the hop at which an event is on the partner event bus."""


def counted(number: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "event"), counted(1200, "event")
    ('1 event', '1,200 events')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def seconds_text(seconds: float | None) -> str:
    """Seconds as they are read: two decimals below a hundred, none above; a dash where nobody says.

    >>> seconds_text(1.234), seconds_text(421.7), seconds_text(None)
    ('1.23 s', '422 s', '-')
    """
    if seconds is None:
        return "-"
    return f"{seconds:.2f} s" if abs(seconds) < 100 else f"{seconds:,.0f} s"


def moment_text(moment: datetime) -> str:
    """A moment as it is read.

    >>> moment_text(datetime(2026, 10, 30, 14, 3, 12, tzinfo=timezone.utc))
    '2026-10-30 14:03:12 UTC'
    """
    return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def hop_seconds(trace: EventTrace, hop: str = BUS_HOP) -> float | None:
    """When one event was at a hop, in seconds since Genesys Cloud accepted the change; None where nobody says."""
    return next((seen.seconds for seen in trace.hops if seen.name == hop and seen.status == "passed"), None)


def hop_latency(report: VerificationReport, hop: str = BUS_HOP) -> Latency | None:
    """How long events took to one hop; None where nothing was measured there."""
    return next((latency for latency in report.latencies if latency.hop == hop), None)


def late_events(report: VerificationReport) -> tuple[EventTrace, ...]:
    """Events that were on the bus later than `max_latency` allows; none where there is no limit."""
    limit = report.max_latency
    if limit is None:
        return ()
    return tuple(
        trace for trace in report.traces if (seconds := hop_seconds(trace)) is not None and seconds > limit
    )


def limit_sentence(report: VerificationReport) -> str:
    """Whether `verify.max_latency` was kept; empty where there is no limit."""
    if report.max_latency is None:
        return ""
    within = f"on the bus within {seconds_text(report.max_latency)}"
    measured = hop_latency(report)
    if measured is None:
        return f"{within}: no event was measured"
    slowest = f"the slowest took {seconds_text(measured.maximum)}"
    late = len(late_events(report))
    if late:
        return f"{within}: {late:,} of {counted(measured.count, 'event')} took longer, {slowest}"
    who = "the event was" if measured.count == 1 else f"all {measured.count:,} events were"
    return f"{within}: {who}, {slowest}"


def loss_sentence(loss: Loss) -> str:
    """How many events were lost, the interval in which the true rate lies, duplicates, and order."""
    interval = f"95% interval {loss.low:.1%} to {loss.high:.1%}"
    copies = counted(loss.duplicates, "duplicate") if loss.duplicates else "no duplicates"
    order = f"{loss.out_of_order:,} out of order" if loss.out_of_order else "all in order"
    lost = f"{loss.lost:,} of {counted(loss.expected, 'event')} lost"
    return f"{lost} ({loss.rate:.1%}, {interval}); {copies}, {order}"


def witness_sentence(witness: WitnessSummary) -> str:
    """What came over which way, and how much later EventBridge was."""
    ways = (
        (witness.both, "over both ways"),
        (witness.only_websocket, "over the WebSocket only"),
        (witness.only_eventbridge, "over EventBridge only"),
        (witness.neither, "over neither"),
    )
    told = [f"{counted(number, 'event')} {way}" for number, way in ways if number]
    return "; ".join([", ".join(told) or "no event could be compared", *_later(witness.later)])


def _later(later: Latency | None) -> list[str]:
    if later is None:
        return []
    which = "later" if later.p50 >= 0 else "earlier"
    return [f"EventBridge was {seconds_text(abs(later.p50))} {which} at the median"]
