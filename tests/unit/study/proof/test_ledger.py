"""Which change an event tells of, whatever the order in which changes and events become known."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.model.proof import CausedChange, WitnessSighting
from gcbridge.study.proof.ledger import Claim, Ledger, Seen
from gcbridge.study.proof.traffic import TrafficClaims

TOPIC = "v2.users.{id}.presence"
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
START = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)


def at(seconds):
    return START + timedelta(seconds=seconds)


def event(value, seconds, *, event_id="", topic=TOPIC, **body):
    """An event that says when it happened; its id is EventBridge's, so that copies may differ in it."""
    return {
        "id": event_id or f"{value}@{seconds}",
        "detail-type": topic,
        "detail": {
            "topicName": topic,
            "eventBody": {"value": value, "at": seconds, **body},
            "metadata": {"CorrelationId": f"{value}-{seconds}"},
        },
    }


def claim(number, value, seconds, topics=(TOPIC,)):
    """A change to a value; it matches every event of that value, as a presence that is set twice does."""
    change = CausedChange(number=number, description=value, topics=topics, accepted_at=at(seconds))
    return Claim(change, lambda seen: seen["detail"]["eventBody"]["value"] == value, at(seconds))


def seen(told, seconds=0.0):
    return Seen(told, at(seconds), at(seconds))


@pytest.fixture
def ledger():
    return Ledger(lambda told: at(told["detail"]["eventBody"]["at"]), lambda: at(99))


def changes(ledger):
    return [(sighting.change, sighting.event_id) for sighting in ledger.sightings]


def test_an_event_finds_its_change(ledger):
    """And is kept whole, for whoever follows it."""
    ledger.claim(claim(1, "busy", 0))
    told = event("busy", 0.1)

    sighting = ledger.see(seen(told, 0.5))

    assert (sighting.change, sighting.detail_type, sighting.received_at) == (1, TOPIC, at(0.5))
    assert ledger.events == {told["id"]: told}
    assert list(ledger.missing([TOPIC])) == []


def test_an_event_may_be_here_before_the_answer_is(ledger):
    """Genesys Cloud may send before it answers."""
    assert ledger.see(seen(event("busy", 0.1, event_id="e"))) is None

    ledger.claim(claim(1, "busy", 0.2))

    assert changes(ledger) == [(1, "e")]


def test_somebody_else_s_event_belongs_to_nothing(ledger):
    """It is not counted anywhere."""
    ledger.claim(claim(1, "busy", 0))

    assert ledger.see(seen(event("away", 0.1))) is None
    assert changes(ledger) == []
    assert len(list(ledger.missing([TOPIC]))) == 1


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_changes_to_one_value_are_told_apart_by_time(ledger, order):
    """The nearest in time that nothing has told of, in whatever order the events come."""
    for number, seconds in enumerate((0, 10, 20), 1):
        ledger.claim(claim(number, "busy", seconds))
    events = [event("busy", seconds + 0.3, event_id=f"e{seconds}") for seconds in (0, 10, 20)]

    for index in order:
        ledger.see(seen(events[index]))

    assert sorted(changes(ledger)) == [(1, "e0"), (2, "e10"), (3, "e20")]


def test_a_copy_is_counted_and_is_no_second_event(ledger):
    """EventBridge repeats an event with its id, Genesys Cloud makes EventBridge give it another."""
    ledger.claim(claim(1, "busy", 0))
    ledger.claim(claim(2, "busy", 1))
    ledger.see(seen(event("busy", 0, event_id="a")))
    ledger.see(seen(event("busy", 0, event_id="a")))
    ledger.see(seen(event("busy", 0, event_id="b")))

    assert [(sighting.change, sighting.copies) for sighting in ledger.sightings] == [(1, 3)]
    assert [change.number for change, _ in ledger.missing([TOPIC])] == [2]


def test_one_change_on_two_topics(ledger):
    """Each topic has to tell of it; only topics that count are missed."""
    ledger.claim(claim(1, "busy", 0, topics=(TOPIC, AUDITS)))
    ledger.see(seen(event("busy", 0)))

    assert [topic for _, topic in ledger.missing([TOPIC, AUDITS])] == [AUDITS]
    assert list(ledger.missing([TOPIC])) == []


def test_what_was_heard_is_kept_apart(ledger):
    """The second witness tells of the same change, once."""
    heard = WitnessSighting(change=0, topic=TOPIC, heard_at=at(0.2))
    ledger.hear(event("busy", 0), heard)
    ledger.claim(claim(1, "busy", 0))
    ledger.hear(event("busy", 0), heard)

    assert [sighting.change for sighting in ledger.heard] == [1]
    assert len(list(ledger.missing([TOPIC]))) == 1


def test_traffic_makes_its_own_changes(ledger):
    """Each event is a change, whichever way told of it first, and copies make none."""
    traffic = TrafficClaims(ledger, ledger.occurred_at)
    first, second = event("busy", 1), event("away", 2)
    traffic.claim(first, at(1.5))
    ledger.hear(first, WitnessSighting(change=0, topic=TOPIC, heard_at=at(1.5)))
    for told in (first, second, second):
        traffic.claim(told, at(3))
        ledger.see(seen(told, 3))

    assert [(change.number, change.accepted_at) for change in ledger.changes] == [(1, at(1)), (2, at(2))]
    assert [(sighting.change, sighting.copies) for sighting in ledger.sightings] == [(1, 1), (2, 2)]
    assert [sighting.change for sighting in ledger.heard] == [1]
