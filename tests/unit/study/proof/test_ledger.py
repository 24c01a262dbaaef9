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
    traffic = TrafficClaims(ledger, ledger.occurred_at, count=5)
    first, second = event("busy", 1), event("away", 2)
    traffic.claim(first, at(1.5), heard=True)
    ledger.hear(first, WitnessSighting(change=0, topic=TOPIC, heard_at=at(1.5)))
    for told in (first, second, second):
        traffic.claim(told, at(3), heard=False)
        ledger.see(seen(told, 3))

    assert [(change.number, change.accepted_at) for change in ledger.changes] == [(1, at(1)), (2, at(2))]
    assert [(sighting.change, sighting.copies) for sighting in ledger.sightings] == [(1, 1), (2, 2)]
    assert [sighting.change for sighting in ledger.heard] == [1]


def test_of_traffic_only_so_many_events_count(ledger):
    """Else a busy organization would never be done: of the newest there is always one that one way alone has told of."""
    traffic = TrafficClaims(ledger, ledger.occurred_at, count=2)
    for number in range(5):
        traffic.claim(event(f"e{number}", number), at(number), heard=False)

    assert [change.description for change in ledger.changes] == [TOPIC, TOPIC]


def test_other_people_s_events_are_asked_about_once_for_each_change(ledger):
    """A busy bus brings thousands; none of them is compared with every change again for each new one."""
    asked = []

    def matches(told):
        asked.append(told["id"])
        return False

    for number in range(1, 11):
        for other in range(10):
            ledger.see(seen(event("other", number * 10 + other), 90))
        change = CausedChange(number=number, description="busy", topics=(TOPIC,), accepted_at=at(90))
        ledger.claim(Claim(change, matches, at(90)))

    once_when_they_come = sum(10 * made for made in range(10))
    once_for_each_later_change = sum(10 * made for made in range(1, 11))
    assert len(asked) == once_when_they_come + once_for_each_later_change


def test_what_is_too_old_for_any_change_is_forgotten(ledger):
    """A verification may last for hours, and the bus is not its own."""
    ledger.see(seen(event("busy", 0, event_id="old"), -600))
    ledger.see(seen(event("busy", 0, event_id="new"), 90))
    ledger.claim(claim(1, "away", 0))
    ledger.claim(claim(2, "busy", 0))

    assert changes(ledger) == [(2, "new")]


OTHER_WORDS = [
    # what the bus has in place of what was heard, is it the same event
    ({"metadata": {"CorrelationId": "another"}}, True),
    ({"eventBody": {"at": 1, "value": "busy", "source": "PURECLOUD"}}, True),
    ({"metadata": {}}, True),
    ({"metadata": {"CorrelationId": "another"}, "eventBody": {"at": 1, "value": "away"}}, False),
    ({"topicName": "v2.users.u-2.presence"}, False),
]


@pytest.mark.parametrize(("differs", "is_same"), OTHER_WORDS)
def test_both_ways_need_not_tell_of_traffic_in_the_same_words(ledger, differs, is_same):
    """Same correlation id or same body: else a whole bridge would lose everything."""
    traffic = TrafficClaims(ledger, ledger.occurred_at, count=5)
    heard = event("busy", 1)
    on_bus = {**heard, "detail": {**heard["detail"], **differs}}
    traffic.claim(heard, at(1.5), heard=True)
    ledger.hear(heard, WitnessSighting(change=0, topic=TOPIC, heard_at=at(1.5)))
    traffic.claim(on_bus, at(2), heard=False)
    ledger.see(seen(on_bus, 2))

    assert [sighting.change for sighting in ledger.sightings] == [1 if is_same else 2]
    assert len(ledger.changes) == (1 if is_same else 2)


def test_equal_events_of_one_way_are_several(ledger):
    """A call that is muted twice says the same twice; only the correlation id differs."""
    traffic = TrafficClaims(ledger, ledger.occurred_at, count=5)
    first = event("muted", 1, event_id="a")
    again = {**first, "id": "b", "detail": {**first["detail"], "metadata": {"CorrelationId": "second"}}}
    for told in (first, again):
        traffic.claim(told, at(2), heard=False)
        ledger.see(seen(told, 2))

    assert changes(ledger) == [(1, "a"), (2, "b")]


def test_where_ids_come_over_both_ways_an_equal_event_is_not_taken_for_a_lost_one(ledger):
    """Else a later event that says the same would hide the loss."""
    traffic = TrafficClaims(ledger, ledger.occurred_at, count=2)

    def named(name):
        told = event("muted", 1, event_id=name)
        return {**told, "detail": {**told["detail"], "metadata": {"CorrelationId": name}}}

    for name in ("first", "lost"):
        traffic.claim(named(name), at(1), heard=True)
        ledger.hear(named(name), WitnessSighting(change=0, topic=TOPIC, heard_at=at(1)))
    for name in ("first", "later"):
        traffic.claim(named(name), at(2), heard=False)
        ledger.see(seen(named(name), 2))

    assert changes(ledger) == [(1, "first")]
    assert [change.number for change, _ in ledger.missing([TOPIC])] == [2]
