"""can_match: whether events of a topic can match a pattern, by what the catalogue says of the topic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_traffic import SOURCE, THINGS, TRUE_BODIES, matches, patterns

from gcbridge.model.topic import Topic, TopicField
from gcbridge.routing import parse_pattern
from gcbridge.study.patterns.event_shape import Receiver, topic_shape
from gcbridge.study.patterns.satisfiable import can_match, obstacles

AUDITS = Topic(
    topic="v2.audits.entitytype.{id}.entityid.{id}",
    fields={
        "action": TopicField(type="string", enum=("Create", "Delete")),
        "eventTime": TopicField(type="datetime"),
        "count": TopicField(type="integer"),
        "enabled": TopicField(type="boolean"),
        "remoteIp": TopicField(type="string", is_list=True),
        "entity": TopicField(type="object", fields={"id": TopicField(type="string")}),
        "context": TopicField(type="map", fields={"*": TopicField(type="string")}),
        "anything": TopicField(type="unknown"),
    },
)
UNKNOWN = AUDITS.model_copy(update={"fields": None})
RECEIVER = Receiver(SOURCE, "123456789012", "eu-central-1")


def body(**fields):
    return {"detail": {"eventBody": fields}}


ABSENT, PRESENT = [{"exists": False}], [{"exists": True}]

POSSIBLE = [
    {"detail-type": [AUDITS.topic]},
    {"detail-type": [{"prefix": "v2.audits."}]},
    {"source": [SOURCE]},
    {"source": [{"prefix": "aws.partner/genesys.com"}]},
    {"account": ["123456789012"], "region": [{"prefix": "eu-"}]},
    {"detail": {"topicName": [{"prefix": "v2.audits.entitytype.OAuthClient."}]}},
    {"replay-name": PRESENT},
    {"replay-name": ABSENT},
    {"detail": {"metadata": {"Whatever": ["x"]}}},
    body(action=["Delete"]),
    body(action=["Undelete"]),  # known values are never complete
    body(action=[None]),
    body(action=ABSENT),
    body(action=[5, "Delete"]),
    body(nowhere=ABSENT),
    body(eventTime=[{"prefix": "2026"}]),
    body(eventTime=[{"numeric": [">", 0]}]),
    body(count=[5]),
    body(enabled=[True]),
    body(remoteIp=[{"cidr": "10.0.0.0/8"}]),
    body(entity={"id": ["x"]}),
    body(entity=[None]),
    body(context={"any": {"key": ["x"]}}),
    body(anything={"below": {"it": [{"numeric": ["<", 3]}]}}),
    {"$or": [body(nowhere=["x"]), body(action=["Delete"])]},
]


@pytest.mark.parametrize("pattern", POSSIBLE, ids=str)
def test_it_may_match(pattern):
    assert can_match(parse_pattern(pattern), AUDITS, RECEIVER)


IMPOSSIBLE = [
    ({"detail-type": ["v2.users.{id}.presence"]}, "detail-type", "other value"),
    ({"detail-type": [{"prefix": "v2.users"}]}, "detail-type", "other value"),
    ({"detail-type": ABSENT}, "detail-type", "never absent"),
    ({"source": ["aws.partner/genesys.com"]}, "source", "other value"),
    ({"account": ["210987654321"]}, "account", "other value"),
    ({"region": [{"prefix": "us-"}]}, "region", "other value"),
    ({"version": ["1"]}, "version", "other value"),
    ({"detail": {"topicName": [{"prefix": "v2.users."}]}}, "detail.topicName", "other value"),
    ({"eventBody": {"action": ["Delete"]}}, "eventBody.action", "no field"),
    ({"detail": {"action": ["Delete"]}}, "detail.action", "no field"),
    (body(actoin=["Delete"]), "detail.eventBody.actoin", "no field"),
    (body(action={"name": ["Delete"]}), "detail.eventBody.action.name", "no field"),
    (body(action=[5]), "detail.eventBody.action", "other type"),
    (body(action=[{"numeric": [">", 5]}]), "detail.eventBody.action", "other type"),
    (body(count=["5"]), "detail.eventBody.count", "other type"),
    (body(count=[{"prefix": "5"}]), "detail.eventBody.count", "other type"),
    (body(enabled=["true"]), "detail.eventBody.enabled", "other type"),
    (body(eventTime=[True]), "detail.eventBody.eventTime", "other type"),
    (body(entity=["x"]), "detail.eventBody.entity", "other type"),
    (body(context={"key": [5]}), "detail.eventBody.context.key", "other type"),
    ({"$or": [body(nowhere=["x"]), body(action=[5])]}, "detail.eventBody.nowhere", "no field"),
]


@pytest.mark.parametrize(("pattern", "path", "cause"), IMPOSSIBLE, ids=str)
def test_it_cannot_match_and_the_first_obstacle_is_named(pattern, path, cause):
    parsed = parse_pattern(pattern)
    first = obstacles(parsed, topic_shape(AUDITS, RECEIVER))[0]

    assert not can_match(parsed, AUDITS, RECEIVER)
    assert (first.path, first.cause) == (path, cause)


def test_of_an_unknown_body_nothing_is_certain():
    """But the envelope is known."""
    assert can_match(parse_pattern(body(actoin=["Delete"], count=["5"])), UNKNOWN)
    assert not can_match(parse_pattern({"detail-type": ["v2.users.{id}.presence"]}), UNKNOWN)


def test_without_a_receiver_any_source_may_be_right():
    assert can_match(
        parse_pattern({"source": ["aws.partner/genesys.com/cloud/x/y"], "account": ["1"]}), AUDITS
    )


@settings(deadline=None, max_examples=300)
@given(patterns(), st.lists(TRUE_BODIES, min_size=5, max_size=15))
def test_where_it_cannot_match_no_event_of_the_topic_does(pattern, bodies):
    if not can_match(parse_pattern(pattern), THINGS, RECEIVER):
        assert not any(matches(pattern, each) for each in bodies)
