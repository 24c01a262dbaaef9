"""Conversations as analytics knows them, told as events."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.study.notifications.filled_conversations import conversation_bodies, involved, session_bodies
from gcbridge.study.notifications.gaps import Gap

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)


def at(seconds):
    return f"2026-01-02T12:00:{seconds:02d}.000Z"


def session(identity, began, ended=None, **more):
    segment = {"segmentStart": at(began), "segmentType": "interact"}
    segment |= {"segmentEnd": at(ended), "disconnectType": "peer"} if ended is not None else {}
    queue = more.pop("queueId", None)
    segment |= {"queueId": queue} if queue else {}
    return {"sessionId": identity, "mediaType": "voice", "direction": "inbound", "segments": [segment]} | more


CALL = {
    "conversationId": "call-1",
    "conversationStart": at(0),
    "participants": [
        {
            "participantId": "p-customer",
            "purpose": "customer",
            "sessions": [session("s-1", 0, 40, ani="tel:+1")],
        },
        {"participantId": "p-flow", "purpose": "ivr", "sessions": [session("s-2", 1, 5)]},
        {"participantId": "p-acd", "purpose": "acd", "sessions": [session("s-3", 5, 20, queueId="queue-1")]},
        {
            "participantId": "p-agent",
            "purpose": "agent",
            "userId": "ada",
            "participantName": "Ada",
            "sessions": [session("s-4", 20, 40, queueId="queue-1")],
        },
    ],
}


def gap(begin, end=59):
    return Gap((), NOON + timedelta(seconds=begin), NOON + timedelta(seconds=end))


def told(topic, identity, begin):
    return [
        {person["id"].removeprefix("p-"): "endTime" in person for person in body["participants"]}
        for body in conversation_bodies(CALL, topic, identity, gap(begin))
    ]


def test_every_step_of_a_conversation_is_told():
    """One event for each session that begins or ends while the queue has a part in it, with who has left by then."""
    assert told("v2.routing.queues.{id}.conversations", "queue-1", 0) == [
        {"customer": False, "flow": True, "acd": False},
        {"customer": False, "flow": True, "acd": True, "agent": False},
        {"customer": True, "flow": True, "acd": True, "agent": True},
    ]


def test_steps_before_the_gap_are_not_told():
    """They came live."""
    assert told("v2.users.{id}.conversations", "ada", 21) == [
        {"customer": True, "flow": True, "acd": True, "agent": True}
    ]
    assert told("v2.users.{id}.conversations", "ada", 41) == []


def test_conversations_of_others_are_not_told():
    """The query may ask for all of an interval."""
    assert told("v2.users.{id}.conversations", "bob", 0) == []
    assert involved(CALL, "userId") == {"ada"}
    assert involved(CALL, "queueId") == {"queue-1"}


def test_the_body_of_a_conversation():
    """Ids, times, and sessions by medium, as the live body has them; what analytics does not know is left out."""
    (body,) = conversation_bodies(CALL, "v2.users.{id}.conversations", "ada", gap(21))

    assert body["id"] == "call-1"
    assert body["participants"][-1] == {
        "id": "p-agent",
        "name": "Ada",
        "purpose": "agent",
        "connectedTime": at(20),
        "endTime": at(40),
        "userId": "ada",
        "queueId": "queue-1",
        "calls": [{"id": "s-4", "state": "disconnected", "direction": "inbound", "provider": None}],
    }


def test_a_conversation_of_one_medium():
    """A call's participants are flat, and a chat has none."""
    (body,) = conversation_bodies(CALL, "v2.users.{id}.conversations.calls", "ada", gap(21))

    assert body["participants"][-1] == {
        "id": "p-agent",
        "name": "Ada",
        "purpose": "agent",
        "connectedTime": at(20),
        "endTime": at(40),
        "user": {"id": "ada"},
        "queue": {"id": "queue-1"},
        "state": "disconnected",
        "direction": "inbound",
    }
    assert list(conversation_bodies(CALL, "v2.users.{id}.conversations.chats", "ada", gap(0))) == []


def test_a_conversation_that_goes_on():
    """Nobody has left whose session has no end."""
    going = {
        "conversationId": "call-2",
        "participants": [
            {"participantId": "p-1", "userId": "ada", "purpose": "agent", "sessions": [session("s", 3)]},
            {"participantId": "p-2", "purpose": "customer", "sessions": []},
        ],
    }
    (body,) = conversation_bodies(going, "v2.users.{id}.conversations", "ada", gap(0))

    assert body["participants"][0]["calls"][0]["state"] == "connected"
    assert "endTime" not in body["participants"][0]


@pytest.mark.parametrize(
    ("kind", "sessions"),
    [
        ("customer.start", ["s-1"]),
        ("customer.end", ["s-1"]),
        ("flow.start", ["s-2"]),
        ("acd.end", ["s-3"]),
        ("user.start", ["s-4"]),
        ("voicemail.start", []),
    ],
)
def test_detail_events(kind, sessions):
    """Starts and ends of sessions, each by who takes part."""
    topic = f"v2.detail.events.conversation.{{id}}.{kind}"

    assert [body["sessionId"] for body in session_bodies(CALL, topic, gap(0))] == sessions
    assert list(session_bodies(CALL, topic, gap(50))) == []


def test_the_body_of_a_detail_event():
    """Enums in upper case and times in milliseconds, as captured events have them."""
    (body,) = session_bodies(CALL, "v2.detail.events.conversation.{id}.acd.end", gap(0))

    assert body == {
        "eventTime": 1767355220000,
        "conversationId": "call-1",
        "participantId": "p-acd",
        "sessionId": "s-3",
        "mediaType": "VOICE",
        "direction": "INBOUND",
        "queueId": "queue-1",
        "disconnectType": "PEER",
    }
