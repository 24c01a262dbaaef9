"""Two ways are read at once, and nothing that came is dropped."""

import threading
import time

import pytest

from gcbridge.errors import AwsError
from gcbridge.workflows.proof.collecting import Incoming, collecting


def handing_out(*items, then=None):
    """A way that hands out these, and afterwards nothing, or an error."""
    left = list(items)

    def receive(deadline):
        while left:
            yield left.pop(0)
        if then:
            raise then
        time.sleep(max(0.0, min(0.01, deadline - time.monotonic())))

    return receive


def soon(seconds=2.0):
    return time.monotonic() + seconds


def test_both_ways_end_in_one_queue():
    """In the order that they came; the reader waits no longer than it must."""
    incoming = Incoming()
    with collecting(incoming, "a", handing_out(1, 2)), collecting(incoming, "b", handing_out(3)):
        taken = [incoming.take(soon()) for _ in range(3)]

    assert sorted(taken) == [1, 2, 3]
    assert incoming.take(time.monotonic()) is None


def test_what_came_before_is_handed_out_after_the_deadline():
    """A late look loses nothing."""
    incoming = Incoming()
    incoming.put("early")

    assert incoming.take(time.monotonic() - 1) == "early"


def test_an_error_ends_the_way_and_reaches_the_reader():
    """After everything that was handed out before it."""
    incoming = Incoming()
    with collecting(incoming, "a", handing_out(1, then=AwsError("the queue is gone"))):
        assert incoming.take(soon()) == 1
        with pytest.raises(AwsError, match="the queue is gone"):
            incoming.take(soon())


def test_the_thread_ends_with_the_block():
    """Nothing reads on."""
    with collecting(Incoming(), "ending", handing_out()):
        pass

    deadline = soon()
    while any(thread.name == "gcbridge-ending" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
