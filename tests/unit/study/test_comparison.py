"""Pairing what came two ways: by correlation id, else by body, within a grace period."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.model.comparison import Sighting
from gcbridge.study.comparison import MEMORY, Comparison

START = datetime(2026, 3, 1, 8, 0, 0, 400_000, tzinfo=timezone.utc)
GRACE = timedelta(seconds=10)
TOPIC = "v2.users.{id}.presence"


def at(seconds):
    return START + timedelta(seconds=seconds)


def sighting(way, seconds, body="BUSY", correlation="c1", **fields):
    given = {
        "way": way,
        "topic": TOPIC,
        "topic_name": "v2.users.ada.presence",
        "event_body": {"status": body},
        "correlation_id": correlation,
        "seen_at": at(seconds),
    }
    return Sighting.model_validate(given | fields)


def ws(seconds, **fields):
    return sighting("websocket", seconds, **fields)


def eb(seconds, **fields):
    return sighting("eventbridge", seconds, **fields)


@pytest.fixture
def comparison():
    return Comparison(START, GRACE)


def counts(comparison):
    """both, only WebSocket, only EventBridge."""
    found = comparison.summary(seconds=60, topics=[TOPIC], unheard={})
    return found.both, found.only_websocket, found.only_eventbridge


@pytest.mark.parametrize(
    ("first", "second", "later"), [(ws(1), eb(1.5), 0.5), (eb(1), ws(3), -2.0)], ids=["ws first", "eb first"]
)
def test_two_sightings_are_one_event(comparison, first, second, later):
    assert comparison.add(first) == "first"
    pair = comparison.add(second)

    assert (pair.kind, pair.seconds_later) == ("both", later)
    assert comparison.is_decided
    assert counts(comparison) == (1, 0, 0)


def test_one_that_stays_alone_is_told_once_when_the_grace_is_over(comparison):
    comparison.add(ws(1))

    assert list(comparison.expire(at(10.9))) == []
    (single,) = comparison.expire(at(11))
    assert (single.kind, single.eventbridge_at, single.seconds_later) == ("only-websocket", None, None)
    assert list(comparison.expire(at(12))) == []
    assert counts(comparison) == (0, 1, 0)


def test_the_longest_grace_that_can_be_given_is_no_date():
    """`--grace 999999d` reaches back behind the first year of the calendar."""
    patient = Comparison(START, timedelta(days=999_999))
    patient.add(ws(1))
    assert list(patient.expire(at(60))) == []
    assert not patient.is_decided


def test_the_topic_with_its_ids_tells_events_of_one_correlation_apart(comparison):
    """One change is told on several topics under one correlation id."""
    comparison.add(ws(1, topic_name="v2.users.ada.presence"))

    assert comparison.add(eb(1, topic_name="v2.users.bob.presence")) == "first"


def test_among_several_of_one_correlation_the_same_body_is_the_partner(comparison):
    comparison.add(ws(1, body="BUSY"))
    comparison.add(ws(1, body="AWAY"))

    assert comparison.add(eb(2, body="AWAY")).event_body == {"status": "AWAY"}
    assert comparison.add(eb(3, body="BUSY")).event_body == {"status": "BUSY"}
    assert counts(comparison) == (2, 0, 0)


def test_bodies_may_differ_where_the_correlation_is_the_same(comparison):
    """Nobody promises that both ways write a body alike."""
    comparison.add(ws(1, body="BUSY"))

    assert comparison.add(eb(2, body="Busy")).kind == "both"


def test_without_a_correlation_the_body_pairs_and_equal_events_pair_in_turn(comparison):
    comparison.add(ws(1, correlation=""))
    comparison.add(ws(2, correlation=""))

    pairs = [comparison.add(eb(3, correlation="", event_id="e1")), comparison.add(eb(4, event_id="e2"))]
    assert [pair.websocket_at for pair in pairs] == [at(1), at(2)]


def test_two_correlations_are_one_event_only_when_nothing_else_came(comparison):
    """An equal event with its own id is not taken for a partner that is still on its way."""
    comparison.add(ws(1, correlation="c1"))
    assert comparison.add(eb(2, correlation="c2")) == "first"
    assert comparison.add(ws(3, correlation="c2")).websocket_at == at(3)
    comparison.add(eb(4, correlation="other"))

    (pair,) = comparison.expire(at(11))

    assert (pair.kind, pair.seconds_later) == ("both", 3.0)
    assert counts(comparison) == (2, 0, 0)


def test_copies_are_counted_and_pair_with_nothing(comparison):
    """EventBridge gives a copy its own id where Genesys Cloud sent twice, and the same one where it delivered twice."""
    comparison.add(eb(1, event_id="e1"))
    comparison.add(ws(1))

    assert comparison.add(eb(2, event_id="e1")) == "copy"
    assert comparison.add(eb(2, event_id="e2")) == "copy"
    assert comparison.add(ws(3)) == "copy"
    found = comparison.summary(seconds=60, topics=[TOPIC], unheard={})
    assert found.copies == {"eventbridge": 2, "websocket": 1}
    assert counts(comparison) == (1, 0, 0)


def test_a_late_partner_puts_the_counts_right(comparison):
    """As when a gap of the socket is filled after the grace period."""
    comparison.add(eb(1))
    list(comparison.expire(at(11)))
    assert counts(comparison) == (0, 0, 1)

    pair = comparison.add(ws(100, source="gap-fill"))

    assert (pair.kind, pair.source) == ("both", "gap-fill")
    assert counts(comparison) == (1, 0, 0)
    found = comparison.summary(seconds=60, topics=[TOPIC], unheard={})
    assert (found.filled, found.later) == (1, None)  # when the API was asked says nothing of a way


@pytest.mark.parametrize(
    ("topic", "live", "filled"),
    [
        (
            TOPIC,
            {"presenceDefinition": {"id": "p1"}, "modifiedDate": "2026-03-01T08:00:00.000Z", "primary": True},
            {"presenceDefinition": {"id": "p1"}, "modifiedDate": "2026-03-01T08:00:00Z"},
        ),
        (
            "v2.routing.queues.{id}.users",
            {"user": {"id": "ada", "name": "Ada"}, "joined": True},
            {"id": "ada", "joined": True},
        ),
    ],
    ids=["presence", "membership"],
)
def test_what_the_api_tells_in_other_words_is_the_same_event(comparison, topic, live, filled):
    """A filled event has no correlation id, and a body of its own."""
    comparison.add(eb(1, topic=topic, event_body=live))

    pair = comparison.add(ws(2, topic=topic, event_body=filled, correlation="", source="gap-fill"))

    assert (pair.kind, pair.event_body) == ("both", live)


def test_a_partner_after_ten_minutes_is_none(comparison):
    """Memory does not grow with the hours."""
    comparison.add(eb(1))
    list(comparison.expire(at(11)))
    list(comparison.expire(at(1) + MEMORY))

    assert comparison.add(ws(700)) == "first"


def test_what_was_sent_before_both_were_open_counts_only_as_a_pair(comparison):
    """The socket could not hear it."""
    comparison.add(eb(1, correlation="early", sent_at=at(-0.1)))
    comparison.add(eb(1, correlation="both", sent_at=at(-0.1)))
    comparison.add(ws(1, correlation="both"))
    comparison.add(eb(1, correlation="lost", sent_at=at(0.1)))

    assert [single.correlation_id for single in comparison.expire(at(11))] == ["lost"]
    assert counts(comparison) == (1, 0, 1)
    assert comparison.is_decided


def test_after_the_end_only_partners_count(comparison):
    comparison.add(ws(1))
    comparison.end()

    assert comparison.add(ws(2, correlation="new")) == "stray"
    assert comparison.add(eb(2)).kind == "both"
    assert comparison.is_decided
    assert counts(comparison) == (1, 0, 0)


def test_the_summary_has_the_lag_of_eventbridge(comparison):
    for number, lag in enumerate([0.5, 0.1, 0.9, -0.2]):
        comparison.add(ws(number, correlation=str(number)))
        comparison.add(eb(number + lag, correlation=str(number)))
    comparison.add(ws(9, correlation="open"))

    found = comparison.summary(seconds=60.04, topics=[TOPIC], unheard={"v2.x": "why"})

    assert (found.later.count, found.later.p50, found.later.p95, found.later.maximum) == (4, 0.1, 0.9, 0.9)
    assert (found.undecided, found.seconds, found.grace_seconds) == (1, 60.0, 10.0)
    assert (found.topics, found.unheard) == ((TOPIC,), {"v2.x": "why"})


def test_a_busy_hour_leaves_nothing_behind():
    """What is decided is forgotten, copies and late partners after ten minutes."""
    comparison = Comparison(START, GRACE)
    for number in range(10_000):
        seconds = number / 10
        comparison.add(ws(seconds, correlation=str(number)))
        if number % 20:
            comparison.add(eb(seconds, correlation=str(number), event_id=str(number)))
        list(comparison.expire(at(seconds)))
    list(comparison.expire(at(2_000)))

    assert counts(comparison) == (9_500, 500, 0)
    assert comparison.is_decided
    assert not comparison._seen
    assert not comparison._told
