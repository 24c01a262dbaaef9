"""What stands between the assertions and the clouds: nothing is dropped, tests take turns, the bus's log may tell."""

import time
from datetime import datetime, timezone

import pytest
from stand_in import bridge_of, event

from gcbridge.aws.probe import ProbeMessage
from gcbridge.errors import AwsError, RefusedError
from gcbridge.model.proof import BusLogEntry, BusLogObservation
from gcbridge.model.result import DeliveryObservation, Fault, GenesysObservation, Observations
from gcbridge.testing.bus_log import by_log
from gcbridge.testing.keeping import Keeping
from gcbridge.testing.live import blocking_link
from gcbridge.testing.turns import Turn, waiting_lock
from gcbridge.workflows.proof.collecting import Incoming
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.layout import Workspace

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
BRIDGE = bridge_of()
UNTOLD = DeliveryObservation(
    rule="presence", target="crm-queue", event_id="e1", delivered=None, detail="somebody reads it"
)


def message(number):
    return ProbeMessage(event=event(number), sent_at=NOW, received_at=NOW)


def test_every_event_that_was_handed_out_is_kept():
    """Whoever took it, and whether or not it belonged to a change."""
    inner = Incoming()
    kept = Keeping(inner)
    inner.put(message(1))
    kept.put(message(2))
    assert [kept.take(0).event["id"] for _ in range(2)] == ["e1", "e2"]
    assert kept.take(time.monotonic()) is None
    assert [read.id for read in kept.read] == ["e1", "e2"]


def test_what_ends_the_reading_is_raised():
    """And is no event."""
    kept = Keeping(Incoming())
    kept.put(AwsError("the queue is gone"))
    with pytest.raises(AwsError):
        kept.take(0)
    assert kept.read == []


def test_whoever_comes_second_waits(tmp_path):
    """Until the first has ended."""
    place = Workspace(tmp_path)
    first = environment_lock(place, "dev", "verify")
    first.__enter__()
    waits = []

    def let_go(seconds):
        waits.append(seconds)
        first.__exit__(None, None, None)

    with (
        waiting_lock(place, "dev", sleep=let_go),
        pytest.raises(RefusedError),
        environment_lock(place, "dev", "plan"),
    ):
        pass
    assert len(waits) == 1
    with environment_lock(place, "dev", "plan"):
        pass


def test_nobody_waits_for_ever(tmp_path):
    """Who holds the lock is told."""
    place = Workspace(tmp_path)
    with (
        environment_lock(place, "dev", "apply"),
        pytest.raises(RefusedError, match="gcbridge apply, process"),
        waiting_lock(place, "dev", seconds=0),
    ):
        pass


def test_whoever_has_the_turn_may_change_several_things(tmp_path):
    """Two causes of one test; nobody else comes in between."""
    place = Workspace(tmp_path)
    turn = Turn(place, "dev")
    for _ in range(2):
        with turn.taken():
            with turn.taken():
                pass
            with pytest.raises(RefusedError), environment_lock(place, "dev", "plan"):
                pass
        with environment_lock(place, "dev", "plan"):
            pass


def test_clouds_that_cannot_be_seen_block_everything():
    """The first broken link is the one to mend."""
    seen = Observations(genesys=Fault(summary="no credentials"), aws=Fault(summary="nobody answers"))
    assert blocking_link(BRIDGE, seen).name == "genesys organization"
    other = GenesysObservation(organization_id=BRIDGE.organization.org_id, integration=None)
    assert blocking_link(BRIDGE, seen.model_copy(update={"genesys": other})).name == "integration exists"


def line(message_type):
    arn = BRIDGE.target("crm-queue").arn
    return BusLogEntry(at=NOW, event_id="e1", message_type=message_type, rule="presence", target=arn)


def told(*logs, deadline=0.0):
    """What comes of reading these logs one after the other, and how often it was waited."""
    waits, given = [], iter(logs)
    found = by_log(None, BRIDGE, UNTOLD, event(), deadline, read=lambda *_: next(given), sleep=waits.append)
    return found, len(waits)


def log(*types):
    return BusLogObservation(level="INFO", log_group="bus", entries=tuple(map(line, types)))


def test_the_log_of_the_bus_tells_of_one_event():
    """Delivered or not, by the line of this event, this rule and this target."""
    found, _ = told(log("RULE_MATCH", "INVOCATION_SUCCESS"))
    assert (found.delivered, found.seen_at) == (True, NOW)
    found, _ = told(log("INVOCATION_DLQ"))
    assert (found.delivered, found.detail) == (False, "the event bus's log says INVOCATION_DLQ")


def test_lines_come_late():
    """It is read again until the deadline."""
    found, waits = told(log(), log("INVOCATION_SUCCESS"), deadline=time.monotonic() + 60)
    assert (found.delivered, waits) == (True, 1)
    found, waits = told(log())
    assert (found.delivered, waits) == (None, 0)


def test_a_bus_that_does_not_log_tells_nothing():
    """Nobody waits for it; the reason is told beside what is known."""
    off = BusLogObservation(level="OFF", detail="the event bus does not log")
    found, waits = told(off, deadline=time.monotonic() + 60)
    assert (found.delivered, found.detail, waits) == (
        None,
        "somebody reads it; the event bus does not log",
        0,
    )
