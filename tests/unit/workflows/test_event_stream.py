"""Streams of events: every ending, what a filter keeps back, and what is received beside."""

import itertools
import math
import threading
import time

import pytest
from listening_stand_ins import Script

from gcbridge.errors import UsageError
from gcbridge.workflows.event_stream import Background, Sieve, read_seconds, read_sieve, show_stream


def stream(script, seconds=math.inf, is_read=lambda: True, between=lambda: None):
    shown = []
    ending = show_stream(
        script.receive,
        shown.append,
        is_read,
        seconds=seconds,
        tick_seconds=5.0,
        between=between,
        clock=script.clock,
    )
    return shown, ending


def test_the_time_is_over():
    """The last tick is as short as what is left."""
    script = Script(["a"], ["b", "c"], ["d"])

    assert stream(script, seconds=12) == (["a", "b", "c", "d"], "time")
    assert script.deadlines == [5.0, 10.0, 12.0]


def test_an_interrupt_is_an_ending():
    """What came before it was shown."""
    assert stream(Script(["a"], ["b", KeyboardInterrupt()])) == (["a", "b"], "interrupted")


def test_nobody_reads_on():
    """It ends after the event that nobody could read, or in the next tick where none comes."""
    answers = itertools.chain([True], itertools.repeat(False))

    assert stream(Script(["a", "b", "c"]), is_read=lambda: next(answers)) == (["a", "b"], "unread")
    assert stream(Script([], []), is_read=lambda: False) == ([], "unread")


def test_something_is_done_between():
    """Once a tick, and not after the end."""
    done = []
    stream(Script([], [], []), seconds=15, between=lambda: done.append("."))

    assert done == [".", "."]


def test_an_error_is_no_ending():
    with pytest.raises(OSError, match="gone"):
        stream(Script([OSError("gone")]))


def test_a_sieve_counts():
    """What the filter makes no sense of is kept back, and the first reason is kept."""
    told = []
    sieve = read_sieve("contains(text, 'x')", told.append)

    assert [sieve.passes({"text": text}) for text in ("xyz", "abc", None, 5)] == [True, False, False, False]
    assert (sieve.passed, sieve.kept_back, sieve.faults) == (1, 3, 2)
    assert "invalid type for value: None" in sieve.fault
    assert told == []


def test_a_sieve_without_a_filter_lets_everything_through():
    sieve = Sieve(None)

    assert sieve.passes({})
    assert (sieve.passed, sieve.kept_back) == (1, 0)


def test_what_was_probably_not_meant_is_told_at_once():
    """Not after ten minutes without an event."""
    told = []
    read_sieve('status == "BUSY"', told.append)

    assert [(progress.subject, progress.kind) for progress in told] == [("--filter", "note")]


@pytest.mark.parametrize(("text", "seconds"), [(None, math.inf), ("90", 90), ("10m", 600), ("1h30m", 5400)])
def test_durations(text, seconds):
    assert read_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [("soon", "--for 'soon' is no duration"), ("0s", "--for 0s is no time"), ("-5m", "no duration")],
)
def test_what_is_no_duration_is_refused(text, message):
    with pytest.raises(UsageError, match=message):
        read_seconds(text)


def wait_for(look):
    deadline = time.monotonic() + 10
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return found


def test_what_is_received_beside_is_fetched_once():
    """And the thread is gone when the block is."""
    batches = [["a"], ["b", "c"]]

    def receive(_deadline):
        time.sleep(0.01)
        yield from batches.pop(0) if batches else ()

    with Background(receive, tick_seconds=0.01) as beside:
        fetched = []
        wait_for(lambda: fetched.extend(beside.drain()) or len(fetched) == 3)
        assert fetched == ["a", "b", "c"]
        assert list(beside.drain()) == []
    assert beside._thread not in threading.enumerate()


def test_a_failure_beside_is_raised_after_what_came_before_it():
    def receive(_deadline):
        yield "a"
        raise OSError("gone")

    with Background(receive, tick_seconds=0.01) as beside:
        wait_for(lambda: not beside._thread.is_alive())
        came = beside.drain()
        assert next(came) == "a"
        with pytest.raises(OSError, match="gone"):
            next(came)
