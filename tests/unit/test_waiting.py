"""Waiting takes its clock and its sleep as arguments, so these waits take no time."""

import pytest

from gcbridge.errors import WaitTimeoutError
from gcbridge.waiting import wait_until


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 100.0
        self.sleeps = []

    def __call__(self):
        """Seconds."""
        return self.now

    def sleep(self, seconds):
        """Moves the clock."""
        self.sleeps.append(seconds)
        self.now += seconds


def describe(observed, seconds):
    return WaitTimeoutError(f"saw {observed} for {seconds:g} s")


def wait_for_ready(states, clock, **options):
    return wait_until(
        iter(states).__next__,
        lambda state: state == "ready",
        describe=describe,
        clock=clock,
        sleep=clock.sleep,
        **options,
    )


def test_what_is_there_already_costs_no_sleep():
    """One look is enough when the first one satisfies."""
    clock = Clock()

    assert wait_for_ready(["ready"], clock, timeout_seconds=10) == ("ready", 0)
    assert clock.sleeps == []


def test_waits_until_it_is_there_and_tells_what_it_saw():
    """Each look that is not the end is told, with the seconds waited so far."""
    clock, told = Clock(), []

    result = wait_for_ready(
        ["absent", "coming", "ready"],
        clock,
        timeout_seconds=10,
        interval_seconds=3,
        on_wait=lambda state, seconds: told.append((state, seconds)),
    )

    assert result == ("ready", 6)
    assert told == [("absent", 0), ("coming", 3)]


def test_the_last_look_is_at_the_timeout():
    """The last sleep is cut short, and what arrives at that moment still counts."""
    clock = Clock()

    result = wait_for_ready(["absent", "absent", "ready"], clock, timeout_seconds=5, interval_seconds=4)

    assert result == ("ready", 5)
    assert clock.sleeps == [4, 1]


def test_a_timeout_says_what_was_seen_last():
    """The caller's own words make the error."""
    clock = Clock()

    with pytest.raises(WaitTimeoutError, match="saw coming for 5 s"):
        wait_for_ready(["absent", "coming", "coming"], clock, timeout_seconds=5, interval_seconds=4)


def test_a_timeout_of_zero_looks_once():
    """Who does not want to wait asks for zero seconds."""
    clock = Clock()

    with pytest.raises(WaitTimeoutError):
        wait_for_ready(["absent"], clock, timeout_seconds=0)
    assert clock.sleeps == []


def test_what_looking_raises_ends_the_wait():
    """An outage is not waited out here."""

    def fail():
        raise ConnectionError("down")

    with pytest.raises(ConnectionError):
        wait_until(fail, bool, describe=describe, timeout_seconds=5)
