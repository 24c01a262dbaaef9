"""Topics that the notification service can tell of."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.topics.heard import check_heard, choose_heard, find_template, single_topics

CATALOGUE = TopicCatalogue(
    topics=(
        Topic(topic="v2.audits.entitytype.{id}.entityid.{id}", transports=("All",)),
        Topic(topic="v2.detail.events.conversation.{id}.acw", transports=("EventBridge",)),
        Topic(topic="v2.users.{id}.presence", transports=("All",)),
        Topic(topic="v2.users.{id}.routingStatus", transports=("EventBridge", "Websocket")),
        Topic(topic="v2.users.{id}.{id}", transports=("ProcessAutomation",)),
        Topic(topic="v2.users.{id}.activity"),
        Topic(topic="v2.system.socket_closing"),
    ),
    taken_at="2026-03-01",
    origin="organization Test",
)


def test_topics_of_an_integration_are_told_apart():
    """Where nobody has said, it is tried: Genesys Cloud itself rejects what it does not carry."""
    asked = [
        "v2.users.{id}.presence",
        "v2.users.{id}.activity",
        "v2.groups.{id}.new",
        *(topic.topic for topic in CATALOGUE.topics[:2]),
    ]

    found = choose_heard(asked, CATALOGUE)

    assert found.carried == ("v2.users.{id}.presence", "v2.users.{id}.activity", "v2.groups.{id}.new")
    assert found.unheard["v2.detail.events.conversation.{id}.acw"] == (
        "the notification service does not carry it (its transports: EventBridge)"
    )
    assert "an audit has two ids" in found.unheard["v2.audits.entitytype.{id}.entityid.{id}"]


@pytest.mark.parametrize(
    "name",
    [
        "v2.users.{id}.presence",
        "v2.users.0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11.presence",
        "v2.users.{id}.activity",
        "v2.users.{id}?presence&routingStatus",
        "v2.audits.entitytype.Queue.entityid.{id}",
    ],
)
def test_what_can_be_heard_passes(name):
    """Combined topics as the single ones that they are made of; open_notifications combines as it sees fit."""
    assert check_heard([name, name], CATALOGUE, "dev") == tuple(single_topics(name))


@pytest.mark.parametrize(
    ("name", "summary", "hint"),
    [
        (
            "v2.users.{id}.presense",
            "v2.users.{id}.presense is no topic that is known here",
            "did you mean v2.users.{id}.presence? gcbridge topics refresh dev",
        ),
        (
            "v2.users.{id}?presence&routing",
            "v2.users.{id}.routing is no topic that is known here",
            "v2.users.{id}.routingStatus",
        ),
        (
            "v2.detail.events.conversation.0b6a.acw",
            "v2.detail.events.conversation.{id}.acw cannot be heard: the notification service does not carry it",
            "gcbridge tail dev",
        ),
        ("v2.system.socket_closing", "belongs to the notification service's own socket", "leave it out"),
        (
            "v2.audits.entitytype.{id}.entityid.{id}",
            "v2.audits.entitytype.{id}.entityid.{id} cannot be expanded to all its objects",
            "give the ids",
        ),
        ("v2.users..presence", "is no topic that is known here", ""),
    ],
)
def test_what_cannot_be_heard_is_refused(name, summary, hint):
    catalogue = CATALOGUE.model_copy(update={"topics": CATALOGUE.topics[:4] + CATALOGUE.topics[5:]})

    with pytest.raises(UsageError) as refused:
        check_heard([name], catalogue, "dev")

    assert summary in refused.value.summary
    assert hint in refused.value.hint


def test_a_topic_with_ids_belongs_to_the_most_literal_template():
    assert find_template("v2.users.ada.presence", CATALOGUE).topic == "v2.users.{id}.presence"
    assert find_template("v2.users.ada.other", CATALOGUE).topic == "v2.users.{id}.{id}"


def test_a_combined_topic_is_several():
    assert list(single_topics("v2.users.ada?presence&activity")) == [
        "v2.users.ada.presence",
        "v2.users.ada.activity",
    ]
