"""What an organization says of a topic becomes a topic of the catalogue."""

from types import SimpleNamespace

import pytest

from gcbridge.genesys.available_topics import observe_topic, read_available_topics
from gcbridge.model.topic import Topic, TopicField


def entity(**said):
    """A topic as the SDK's model holds it; what was not expanded is None."""
    empty = dict.fromkeys(("description", "schema", "transports", "requires_permissions"))
    return SimpleNamespace(**{"id": "v2.x.{id}", **empty, **said})


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ({}, {}),
        ({"description": "X"}, {"description": "X"}),
        ({"transports": ["All"]}, {"transports": ("All",)}),
        ({"transports": []}, {"transports": ()}),
        ({"requires_permissions": ["a:b:c"]}, {"permissions": ("a:b:c",)}),
        (
            {"schema": {"properties": {"n": {"type": "integer"}}}},
            {"fields": {"n": TopicField(type="integer")}},
        ),
        ({"schema": {"type": "object"}}, {}),
    ],
)
def test_a_topic(said, topic):
    """What is left out stays unknown, which is not the same as none."""
    assert observe_topic(entity(**said)) == Topic(topic="v2.x.{id}", source="organization", **topic)


@pytest.mark.parametrize(
    ("transports", "reaches"),
    [
        (["All"], True),
        (["Websocket", "EventBridge"], True),
        (["Websocket", "ProcessAutomation"], False),
        ([], False),
        (None, None),
    ],
)
def test_which_transports_reach_eventbridge(transports, reaches):
    """`All` includes it; unknown is unknown."""
    assert observe_topic(entity(transports=transports)).eventbridge is reaches


def test_topics_come_sorted():
    """So that a file of them changes only where the organization's topics do."""
    asked = {}

    def answer(**arguments):
        asked.update(arguments)
        return SimpleNamespace(entities=[entity(id="v2.b"), entity(id="v2.a")])

    notifications = SimpleNamespace(get_notifications_availabletopics=answer)
    topics = read_available_topics(SimpleNamespace(notifications=notifications))

    assert [topic.topic for topic in topics] == ["v2.a", "v2.b"]
    assert asked == {
        "expand": ["description", "transports", "requiresPermissions", "schema"],
        "include_preview": True,
    }
