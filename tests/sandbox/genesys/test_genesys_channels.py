"""Channels and subscriptions over HTTP and through the real SDK: what may be subscribed to, limits, ownership."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import Organization, RecordingPartner, run_organization
from genesys_sockets import CHANNELS, Subscriber, presence_topic, subscribing

EVENTBRIDGE_ONLY = "v2.analytics.conversation.3f1c1d8e-0000-4000-8000-000000000001.metrics"
AUDIT = "v2.audits.entitytype.OAuthClient.entityid.3f1c1d8e-0000-4000-8000-000000000001"
NOBODY = "v2.users.3f1c1d8e-0000-4000-8000-000000000001.presence"


@pytest.fixture
def subscriber(organization: Organization) -> Iterator[Subscriber]:
    """A channel without topics and without a socket."""
    with subscribing(organization, connected=False) as created:
        yield created


def states(entities: list[dict[str, Any]]) -> dict[str, str]:
    return {entity["id"]: entity["state"] for entity in entities}


def test_a_channel_says_where_to_connect(organization: Organization, subscriber: Subscriber) -> None:
    """On this server, by the channel's id."""
    channel = subscriber.channel
    assert channel["connectUri"] == f"ws://127.0.0.1:{organization.port}/channels/{channel['id']}"
    assert organization.get(CHANNELS)["entities"] == [channel]
    assert organization.call("HEAD", f"{CHANNELS}/{channel['id']}").status == 200


def test_topics_are_added_replaced_and_removed(organization: Organization, subscriber: Subscriber) -> None:
    """POST, PUT, DELETE; a topic that is there already changes nothing."""
    first, second = presence_topic(organization, 0), presence_topic(organization, 1)
    subscriber.subscribe(first)
    subscriber.subscribe(first, second)
    assert states(organization.get(subscriber.path)["entities"]) == {first: "Permitted", second: "Permitted"}
    subscriber.subscribe(second, method="PUT")
    assert states(organization.get(subscriber.path)["entities"]) == {second: "Permitted"}
    organization.must("DELETE", subscriber.path)
    assert organization.get(subscriber.path)["entities"] == []


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("v2.users.{id}.presence", "does not exist"),
        ("v2.nothing.at.all", "does not exist"),
        (EVENTBRIDGE_ONLY, "not available over WebSocket"),
        (NOBODY, "Nothing has the id"),
        ("v2.routing.queues.nobody.users", "Nothing has the id"),
        (f"v2.users.{'x' * 200}.presence", "shorter than 200"),
    ],
)
def test_topics_that_cannot_be_subscribed(
    organization: Organization, subscriber: Subscriber, topic: str, reason: str
) -> None:
    """A 400 that changes nothing; with ignoreErrors Rejected, while the others are subscribed to."""
    good = presence_topic(organization)
    body = [{"id": good}, {"id": topic}]
    refusal = organization.call("POST", subscriber.path, body)
    assert (refusal.status, reason in refusal.json()["message"]) == (400, True)
    assert organization.get(subscriber.path)["entities"] == []

    entities = organization.must("POST", f"{subscriber.path}?ignoreErrors=true", body)["entities"]
    assert states(entities) == {good: "Permitted", topic: "Rejected"}
    assert reason in entities[1]["rejectionReason"]
    assert states(organization.get(subscriber.path)["entities"]) == {good: "Permitted"}


def test_a_denied_topic_names_the_missing_permissions(
    organization: Organization, subscriber: Subscriber
) -> None:
    """403 without ignoreErrors, as for any call that lacks a permission."""
    (queue,) = organization.must("POST", "/_sandbox/seed", {"queues": 1})["queues"]
    organization.must("POST", "/_sandbox/faults", {"deny_topics": ["v2.routing.queues.*"]})
    body = [{"id": f"v2.routing.queues.{queue}.users"}]
    refusal = organization.call("POST", subscriber.path, body)
    assert (refusal.status, "routing:queue:view" in refusal.json()["message"]) == (403, True)
    (entity,) = organization.must("POST", f"{subscriber.path}?ignoreErrors=true", body)["entities"]
    assert (entity["state"], entity["missingPermissions"]) == ("Rejected", ["routing:queue:view"])
    organization.must("DELETE", "/_sandbox/faults")
    assert organization.must("POST", subscriber.path, body)["entities"][0]["state"] == "Permitted"


def test_a_combined_topic_is_one_entry_and_several_topics(organization: Organization) -> None:
    """Messages come under the single topics; one bad part spoils all of it."""
    user = presence_topic(organization).split(".")[2]
    with subscribing(organization, [f"v2.users.{user}?presence&routingStatus"]) as subscriber:
        organization.set_presence("On Queue")
        heard = [event["topicName"] for event in subscriber.listen(until=2)]
        assert heard == [f"v2.users.{user}.presence", f"v2.users.{user}.routingStatus"]
        assert organization.get("/_sandbox/health")["notifications"]["topics"] == 1
        bad = [{"id": f"v2.users.{user}?presence&nonsense"}]
        assert organization.call("POST", subscriber.path, bad).status == 400


def test_audits_can_be_heard_of_one_entity(organization: Organization) -> None:
    """Where the organization's topics say that WebSockets carry them; ids of audits are not looked up."""
    with subscribing(organization, [AUDIT]) as subscriber:
        settings = {
            "eventBody.entityType": "OAuthClient",
            "eventBody.entity.id": "3f1c1d8e-0000-4000-8000-000000000001",
        }
        emitted = {"topic": "v2.audits.entitytype.{id}.entityid.{id}", "set": settings}
        assert organization.must("POST", "/_sandbox/emit", emitted)["notified"] == 1
        assert subscriber.listen()[0]["topicName"] == AUDIT


def test_no_more_than_a_thousand_topics_a_channel(organization: Organization, subscriber: Subscriber) -> None:
    """A 400 that changes nothing, ignoreErrors or not."""
    users = organization.must("POST", "/_sandbox/seed", {"users": 1001})["users"]
    topics = [{"id": f"v2.users.{user}.presence"} for user in users]
    refusal = organization.call("POST", f"{subscriber.path}?ignoreErrors=true", topics)
    assert (refusal.status, refusal.json()["code"]) == (400, "too.many.topics")
    assert len(organization.must("POST", subscriber.path, topics[:1000])["entities"]) == 1000
    assert organization.call("POST", subscriber.path, topics[1000:]).status == 400
    assert len(organization.get(subscriber.path)["entities"]) == 1000


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Organization]:
    """Two channels a client are enough."""
    with run_organization(tmp_path, RecordingPartner(), channels_per_client=2) as running:
        yield running


def test_a_channel_too_many_replaces_the_oldest_without_socket(small: Organization) -> None:
    """Where all are connected there is no room."""
    with subscribing(small) as first, subscribing(small, connected=False) as second:
        third = Subscriber(small, small.must("POST", CHANNELS))
        ids = [channel["id"] for channel in small.get(CHANNELS)["entities"]]
        assert ids == [first.channel["id"], third.channel["id"]]
        assert small.call("GET", second.path).status == 404
        third.connect()
        refusal = small.call("POST", CHANNELS)
        assert (refusal.status, refusal.json()["code"]) == (400, "notification.channel.limit")
        third.close()


def test_channels_of_another_token_are_seen_but_not_known(
    organization: Organization, subscriber: Subscriber
) -> None:
    """`includechannels=oauthclient` tells that they exist."""
    mine = organization.token
    organization.token = organization.log_in().json()["access_token"]
    assert organization.get(CHANNELS)["entities"] == []
    (foreign,) = organization.get(f"{CHANNELS}?includechannels=oauthclient")["entities"]
    assert foreign == {"expires": subscriber.channel["expires"]}
    organization.token = mine
    assert len(organization.get(f"{CHANNELS}?includechannels=oauthclient")["entities"]) == 1


def test_channels_of_another_client_are_not_there(organization: Organization, subscriber: Subscriber) -> None:
    """A client that was made over the API has channels of its own."""
    request = {"name": "other", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    made = organization.must("POST", "/api/v2/oauth/clients", request)
    organization.token = organization.log_in(made["id"], made["secret"]).json()["access_token"]
    assert organization.get(f"{CHANNELS}?includechannels=oauthclient")["entities"] == []
    assert organization.call("GET", subscriber.path).status == 404


@pytest.mark.parametrize("body", [{}, [1], [{"name": "x"}], "text"])
def test_a_body_that_is_no_list_of_topics(
    organization: Organization, subscriber: Subscriber, body: Any
) -> None:
    """400."""
    assert organization.call("POST", subscriber.path, body).status == 400


def test_the_sdk_makes_channels_and_subscribes(sdk: Any, client: Any, organization: Organization) -> None:
    """As gcbridge does it."""
    api = sdk.NotificationsApi(client)
    channel = api.post_notifications_channels()
    topics = [{"id": presence_topic(organization)}, {"id": NOBODY}]
    answer = api.post_notifications_channel_subscriptions(channel.id, topics, ignore_errors=True)
    assert [entity.state for entity in answer.entities] == ["Permitted", "Rejected"]
    assert [c.connect_uri for c in api.get_notifications_channels().entities] == [channel.connect_uri]
    api.head_notifications_channel(channel.id)
    assert len(api.get_notifications_channel_subscriptions(channel.id).entities) == 1
    with pytest.raises(sdk.rest.ApiException) as refusal:
        api.put_notifications_channel_subscriptions(channel.id, topics)
    assert (refusal.value.status, json.loads(refusal.value.body)["code"]) == (400, "bad.request")
    api.delete_notifications_channel_subscriptions(channel.id)
    assert api.get_notifications_channel_subscriptions(channel.id).entities == []
