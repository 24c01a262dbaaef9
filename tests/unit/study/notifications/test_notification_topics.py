"""Topics with ids, their templates, and several topics in one subscription."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcbridge.study.notifications.subscriptions import LONGEST_ID, combine
from gcbridge.study.notifications.templates import ids_of, template_of

ADA = "278522be-1683-4877-8257-4164a177be89"
BOB = "a1b2c3d4-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("name", "template"),
    [
        (f"v2.users.{ADA}.presence", "v2.users.{id}.presence"),
        (f"v2.flows.{ADA}", "v2.flows.{id}"),
        (f"v2.users.{ADA}.conversations.{BOB}.recordings", "v2.users.{id}.conversations.{id}.recordings"),
        ("v2.audits.entitytype.OAuthClient.entityid.46a1", "v2.audits.entitytype.{id}.entityid.{id}"),
        ("v2.audits.entitytype.UserPresence.entityid.{id}", "v2.audits.entitytype.{id}.entityid.{id}"),
        ("v2.users.{id}.presence", "v2.users.{id}.presence"),
        ("v2.outbound.settings", "v2.outbound.settings"),
        ("v2.users.not-an-id.presence", "v2.users.not-an-id.presence"),
    ],
)
def test_the_template_of_a_topic(name, template):
    """UUIDs are ids; the type of an audited entity is one, too, though it is a word."""
    assert template_of(name) == template


def test_ids_of_a_topic():
    """In the order of the holes; a topic of another template has none of them."""
    assert ids_of(f"v2.users.{ADA}.presence", "v2.users.{id}.presence") == (ADA,)
    assert ids_of("v2.audits.entitytype.Queue.entityid.q-1", "v2.audits.entitytype.{id}.entityid.{id}") == (
        "Queue",
        "q-1",
    )
    assert ids_of(f"v2.flows.{ADA}", "v2.users.{id}.presence") == ()


def ids(*topics):
    return [subscription.subscription_id for subscription in combine(topics)]


def test_topics_of_one_object_become_one():
    """Which is why 2,500 users with two topics each need three channels, not five."""
    assert ids(
        f"v2.users.{ADA}.presence",
        f"v2.users.{BOB}.presence",
        f"v2.users.{ADA}.routingStatus",
        f"v2.users.{ADA}.presence",
    ) == [f"v2.users.{ADA}?presence&routingStatus", f"v2.users.{BOB}.presence"]


@pytest.mark.parametrize(
    "topics",
    [
        (f"v2.flows.{ADA}", f"v2.flows.{BOB}"),
        ("v2.outbound.settings", "v2.outbound.other"),
        (f"v2.users.{ADA}.conversations", f"v2.users.{ADA}.conversations.calls"),
        (f"v2.users.{ADA}.presence", f"v2.routing.queues.{ADA}.users"),
        ("v2.audits.entitytype.User.entityid.1", "v2.audits.entitytype.User.entityid.2"),
    ],
)
def test_other_topics_stay_apart(topics):
    """Only the last word may differ, and it must not be an id."""
    assert ids(*topics) == list(topics)


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=40)


@given(st.lists(words, unique=True, max_size=60))
def test_combinations_hold_everything_and_are_short(endings):
    """Genesys's own client keeps them under 200 characters."""
    topics = [f"v2.users.{ADA}.{ending}" for ending in endings]
    combined = combine(topics)

    assert [topic for one in combined for topic in one.topics] == topics
    assert all(len(one.subscription_id) <= LONGEST_ID for one in combined)
    for one in combined:
        if len(one.topics) > 1:
            root, _, parts = one.subscription_id.partition("?")
            assert [f"{root}.{part}" for part in parts.split("&")] == list(one.topics)
