"""Two ways are read at once, and nothing that came is dropped."""

import threading
import time

import pytest

from gcbridge.errors import AwsError, GcbridgeError
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


def test_an_unexpected_end_of_a_way_is_no_silence():
    """A thread that died unheard would look like loss."""
    incoming = Incoming()
    with collecting(incoming, "a", handing_out(1, then=KeyError("Attributes"))):
        assert incoming.take(soon()) == 1
        with pytest.raises(GcbridgeError, match="events cannot be read any more"):
            incoming.take(soon())


def test_a_proof_can_do_without_some_ways():
    """Their end is told, and the other ways go on."""
    incoming, told = Incoming(), []
    with collecting(incoming, "a", handing_out(then=AwsError("gone")), on_end=told.append):
        while not told:
            assert incoming.take(time.monotonic() + 0.01) is None

    assert [str(error) for error in told] == ["gone"]
