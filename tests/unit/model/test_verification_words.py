"""What a verification says in numbers, in words that all its readers share."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.model.legible import legible
from gcbridge.model.proof import EventTrace, Hop, Latency, Loss, WitnessSummary
from gcbridge.model.result import VerificationReport
from gcbridge.model.verification_words import (
    counted,
    hop_latency,
    late_events,
    limit_sentence,
    loss_sentence,
    moment_text,
    seconds_text,
    witness_sentence,
)

NOON = datetime(2026, 10, 30, 12, tzinfo=timezone.utc)


def report(*seconds, max_latency=None):
    """Events that were on the bus after so many seconds; None for those that never were."""
    hops = [
        Hop(name="event bus", status="failed" if value is None else "passed", seconds=value)
        for value in seconds
    ]
    traces = tuple(
        EventTrace(change=n, description="", topic="", event_id=None, accepted_at=NOON, hops=(hop,))
        for n, hop in enumerate(hops, 1)
    )
    known = sorted(value for value in seconds if value is not None)
    latency = (
        (Latency(hop="event bus", count=len(known), p50=known[0], p95=known[-1], maximum=known[-1]),)
        if known
        else ()
    )
    return VerificationReport(
        environment="dev", checks=(), traces=traces, latencies=latency, max_latency=max_latency
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.00 s"),
        (1.234, "1.23 s"),
        (-0.5, "-0.50 s"),
        (99.99, "99.99 s"),
        (421.7, "422 s"),
        (3600, "3,600 s"),
        (None, "-"),
    ],
)
def test_seconds(seconds, text):
    assert seconds_text(seconds) == text


def test_numbers_and_moments():
    """Thousands are set apart; every moment is UTC."""
    east = timezone(timedelta(hours=2))

    assert [counted(number, "event") for number in (0, 1, 1200)] == ["0 events", "1 event", "1,200 events"]
    assert moment_text(datetime(2026, 10, 30, 14, 0, tzinfo=east)) == "2026-10-30 12:00:00 UTC"


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        ((1.0, 2.0), "on the bus within 5.00 s: all 2 events were, the slowest took 2.00 s"),
        ((2.0,), "on the bus within 5.00 s: the event was, the slowest took 2.00 s"),
        ((1.0, 6.0, 7.0), "on the bus within 5.00 s: 2 of 3 events took longer, the slowest took 7.00 s"),
        ((5.0,), "on the bus within 5.00 s: the event was, the slowest took 5.00 s"),
        ((None,), "on the bus within 5.00 s: no event was measured"),
    ],
)
def test_limit(seconds, sentence):
    """Exactly the limit is within it; what never came is lost, not late."""
    assert limit_sentence(report(*seconds, max_latency=5.0)) == sentence


def test_without_a_limit_nothing_is_late():
    """Any latency passes."""
    assert limit_sentence(report(900.0)) == ""
    assert late_events(report(900.0)) == ()
    assert hop_latency(report(900.0), "witness") is None


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (
            Loss(expected=200, arrived=191, low=0.0238, high=0.0833, duplicates=3, out_of_order=2),
            "9 of 200 events lost (4.5%, 95% interval 2.4% to 8.3%); 3 duplicates, 2 out of order",
        ),
        (
            Loss(expected=50, arrived=50, low=0, high=0.0713, duplicates=1),
            "0 of 50 events lost (0.0%, 95% interval 0.0% to 7.1%); 1 duplicate, all in order",
        ),
        (
            Loss(expected=0, arrived=0, low=0, high=1),
            "0 of 0 events lost (0.0%, 95% interval 0.0% to 100.0%); no duplicates, all in order",
        ),
    ],
)
def test_loss(loss, sentence):
    assert loss_sentence(loss) == sentence


@pytest.mark.parametrize(
    ("counts", "p50", "sentence"),
    [
        ((3, 0, 0, 0), 1.09, "3 events over both ways; EventBridge was 1.09 s later at the median"),
        ((1, 0, 0, 0), -0.2, "1 event over both ways; EventBridge was 0.20 s earlier at the median"),
        (
            (0, 2, 1, 4),
            None,
            "2 events over the WebSocket only, 1 event over EventBridge only, 4 events over neither",
        ),
        ((0, 0, 0, 0), None, "no event could be compared"),
    ],
)
def test_witness(counts, p50, sentence):
    both, websocket, eventbridge, neither = counts
    later = None if p50 is None else Latency(hop="later", count=1, p50=p50, p95=p50, maximum=p50)
    summary = WitnessSummary(
        both=both, only_websocket=websocket, only_eventbridge=eventbridge, neither=neither, later=later
    )

    assert witness_sentence(summary) == sentence


@pytest.mark.parametrize("text", ["plain", "Zoë", "漢字", "🚨", "a\tb\nc", "<&>\"'"])
def test_what_can_be_read_stays(text):
    assert legible(text) == text


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\ud800", "\ufffe"]
)
def test_what_nobody_can_read_is_replaced(character):
    """Orders to a terminal, marks that turn the writing's direction, what no document can hold."""
    assert legible(f"a{character}b") == "a\ufffdb"
