"""How long the room waits for what; the defaults are those of a live organization."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, all of them.

    Args:
        heartbeat_seconds: without a heartbeat or an event for so long, a socket is asked for a pong (Genesys's Swift
            client takes it for dead; a heartbeat comes every 30 s); after the second time in a row it is dead anyway.
        pong_seconds: how long a pong may take.
        connect_seconds: for a socket to open.
        first_pause_seconds: before the second attempt to reconnect, about; each further pause is about twice as long.
        longest_pause_seconds: the most that a pause grows to.
        steady_seconds: a socket that lived so long was a good one: the first attempt after it is made at once.
        renew_before_seconds: before the end of a channel's 24 hours.
        overlap_seconds: how long an announced close leaves two sockets open for the same topics.
        expand_again_seconds: between two looks for new objects of template topics.
        slack_seconds: how much a gap is widened: clocks differ, and events travel for a while.
        look_again_seconds: after a gap, until audits and analytics are asked once more, as they know of things late.
        late_seconds: how long after a filled event the live one of the same change is recognized.
        leave_seconds: how long leaving waits for a request that is under way.
    """

    heartbeat_seconds: float = 35
    pong_seconds: float = 5
    connect_seconds: float = 10
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 60
    steady_seconds: float = 10
    renew_before_seconds: float = 3600
    overlap_seconds: float = 2
    expand_again_seconds: float = 300
    slack_seconds: float = 30
    look_again_seconds: float = 30
    late_seconds: float = 15
    leave_seconds: float = 10
