"""What comes over a socket."""

import json

import pytest

from gcbridge.study.notifications.messages import Message, read_message

EVENT = {
    "topicName": "v2.users.278522be-1683-4877-8257-4164a177be89.activity",
    "version": "2",
    "eventBody": {"id": "278522be-1683-4877-8257-4164a177be89", "activeQueueIds": []},
    "metadata": {"CorrelationId": "c-1"},
}


def test_an_event_is_read():
    """Form of a message that Genesys's developer blog of 2021-06-01 shows."""
    assert read_message(json.dumps(EVENT)) == Message(
        kind="event",
        topic_name=EVENT["topicName"],
        version="2",
        body=EVENT["eventBody"],
        correlation_id="c-1",
    )


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"topicName": "channel.metadata", "eventBody": {"message": "WebSocket Heartbeat"}}, "heartbeat"),
        ({"topicName": "channel.metadata", "eventBody": {"message": "pong"}}, "pong"),
        ({"topicName": "v2.system.socket_closing", "eventBody": {"message": "maintenance"}}, "closing"),
        (
            {"topicName": "v2.system.token_revoked.c-1", "eventBody": {"reason": "user_tokens_revoked"}},
            "revoked",
        ),
        ({"topicName": "v2.system.no_longer_subscribed.c-1", "eventBody": {}}, "gone"),
        ({"topicName": "v2.system.subscription_changed.c-1", "eventBody": {}}, "other"),
        ({"result": "200", "status": "subscribed"}, "other"),
        ({"topicName": "v2.users.u.presence", "eventBody": "text"}, "other"),
        ({"topicName": "v2.users.u.presence", "eventBody": {}, "metadata": None}, "event"),
        ([], "other"),
    ],
)
def test_kinds_of_messages(message, kind):
    """What nobody has to react to is `other`."""
    assert read_message(json.dumps(message)).kind == kind


def test_a_text_that_was_cut_within_an_emoji_is_no_reason_to_lose_an_event():
    """JSON can hold half of a surrogate pair, which UTF-8 cannot."""
    text = json.dumps({**EVENT, "eventBody": {"message": "on my way \ud83d"}})
    assert read_message(text).kind == "event"
    assert read_message(text).body == {"message": "on my way ?"}


@pytest.mark.parametrize("text", ["", "{", b"\xff", "null", "[" * 100_000])
def test_what_is_no_message_is_no_error(text):
    """The socket goes on."""
    assert read_message(text).kind == "other"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"reason": "user_tokens_revoked"}, "user_tokens_revoked"),
        ({"message": "over", "reason": "user_tokens_revoked"}, "over, user_tokens_revoked"),
        ({}, ""),
    ],
)
def test_a_system_message_says_why(body, reason):
    """In words and as a code."""
    revoked = {"topicName": "v2.system.token_revoked.c-1", "eventBody": body}

    assert read_message(json.dumps(revoked)).reason == reason
