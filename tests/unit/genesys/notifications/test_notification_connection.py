"""Whether a socket still lives: heartbeats, pongs, and patience that ends."""

import time

import pytest

from gcbridge.genesys.notifications.channels import Channel
from gcbridge.genesys.notifications.connection import Connection
from gcbridge.genesys.notifications.instants import Instant
from gcbridge.genesys.notifications.sockets import SocketLostError
from gcbridge.genesys.notifications.timing import Timing

HEARTBEAT = '{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}'
PONG = '{"topicName":"channel.metadata","eventBody":{"message":"pong"}}'
EVENT = '{"topicName":"v2.users.u.presence","version":"2","eventBody":{"message":""}}'
TIMING = Timing(heartbeat_seconds=0.1, pong_seconds=0.05)
FAR = 5.0


class ScriptedSocket:
    """Gives texts after a while each; then nothing. `answers` is what a ping brings."""

    def __init__(self, *texts, answers=()):
        self.texts = list(texts)
        self.answers = list(answers)
        self.pings = 0
        self.is_closed = False

    def receive(self, timeout):
        """The next text, if it comes in time."""
        if not self.texts:
            time.sleep(max(0.0, timeout))
            return None
        after, text = self.texts[0]
        if after > timeout:
            self.texts[0] = (after - timeout, text)
            time.sleep(max(0.0, timeout))
            return None
        time.sleep(after)
        return self.texts.pop(0)[1]

    def ping(self):
        """Brings the answers."""
        self.pings += 1
        self.texts += [(0.0, answer) for answer in self.answers]

    def close(self):
        """Notes it."""
        self.is_closed = True


def connection(socket, timing=TIMING):
    return Connection(Channel("c-1", "ws://x"), socket, timing)


def kinds(socket, count):
    opened = connection(socket)
    return [opened.receive(time.monotonic() + FAR).kind for _ in range(count)]


def test_messages_are_read():
    """In order."""
    assert kinds(ScriptedSocket((0, HEARTBEAT), (0, EVENT), (0, "nonsense")), 3) == [
        "heartbeat",
        "event",
        "other",
    ]


def test_nothing_until_the_time_is_up():
    """None says that it is time for something else, such as renewing the channel."""
    assert connection(ScriptedSocket()).receive(time.monotonic() + 0.02) is None
    assert connection(ScriptedSocket((0, EVENT))).receive(time.monotonic() - 1) is None


def test_a_silent_socket_is_dead():
    """It is asked once before it is given up."""
    socket = ScriptedSocket()

    with pytest.raises(SocketLostError, match="no heartbeat for"):
        connection(socket).receive(time.monotonic() + FAR)
    assert socket.pings == 1


def test_a_pong_is_believed_once():
    """One late heartbeat costs no reconnect; when heartbeats stay away, events may, too."""
    socket = ScriptedSocket(answers=[PONG])
    opened = connection(socket)

    assert opened.receive(time.monotonic() + FAR).kind == "pong"
    with pytest.raises(SocketLostError, match="no heartbeat"):
        opened.receive(time.monotonic() + FAR)
    assert socket.pings == 1


def test_a_heartbeat_after_a_pong_restores_the_trust():
    """From then on the patience is a whole one again."""
    socket = ScriptedSocket(answers=[PONG, HEARTBEAT])
    opened = connection(socket)
    heard = [opened.receive(time.monotonic() + FAR).kind for _ in range(4)]

    assert heard == ["pong", "heartbeat", "pong", "heartbeat"]
    assert socket.pings == 2


def test_events_are_signs_of_life():
    """A busy socket needs no heartbeat."""
    socket = ScriptedSocket(*[(0.06, EVENT)] * 5)

    assert kinds(socket, 5) == ["event"] * 5
    assert socket.pings == 0


def test_the_last_sign_of_life_is_known():
    """The gap begins there, not when the loss was noticed."""
    opened = connection(ScriptedSocket((0, EVENT)))
    opened.receive(time.monotonic() + FAR)
    heard_at = opened.heard_at
    with pytest.raises(SocketLostError):
        opened.receive(time.monotonic() + FAR)

    assert opened.heard_at == heard_at
    assert time.monotonic() - heard_at.monotonic > TIMING.heartbeat_seconds


@pytest.mark.parametrize(
    ("monotonic", "wall", "seconds"),
    [
        (10, 10, 10),
        pytest.param(5, 3605, 3605, id="the machine slept for an hour"),
        pytest.param(10, -3590, 10, id="its clock was set back"),
    ],
)
def test_silence_is_measured_by_the_clock_that_saw_more_of_it(monotonic, wall, seconds):
    """What Genesys Cloud sent while a laptop slept is a gap, too."""
    since = Instant(100.0, 1_800_000_000.0)
    later = Instant(since.monotonic + monotonic, since.wall + wall)
    assert since.seconds_until(later) == seconds
