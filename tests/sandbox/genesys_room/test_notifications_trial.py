"""The trial of `bench/listen.py`, shortened: 2,500 topics over three channels, sockets that break, a token that expires."""

import pytest
from emulated_genesys import run_emulated_genesys
from listening_trial import run_trial

from gcbridge.genesys.notifications import Timing

pytestmark = pytest.mark.sandbox

TIMING = Timing(
    heartbeat_seconds=3,
    pong_seconds=2,
    first_pause_seconds=0.05,
    longest_pause_seconds=0.4,
    steady_seconds=0.5,
    look_again_seconds=1,
)


def test_every_event_is_told_once(tmp_path, record_property):
    """See `listening_trial` for what that means where a user changes twice within one gap."""
    notices = []
    with run_emulated_genesys(tmp_path, "--heartbeat", "0.5", "--audit-query", "0.05") as emulated:
        outcome = run_trial(
            emulated, seconds=6, disconnects=3, timing=TIMING, down_seconds=0.4, say=notices.append
        )
    record_property("figures", f"{outcome.caused} caused, {outcome.live} live, {outcome.filled} filled")

    assert (outcome.missing, outcome.twice, outcome.strangers) == ([], [], []), notices
    assert (outcome.channels, outcome.subscriptions) == (3, 2_500)
    assert outcome.disconnects >= 6
    assert outcome.live > 20
    assert outcome.filled > 5
