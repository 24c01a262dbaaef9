"""Nothing is told twice, and nothing that is new is taken for old."""

import pytest

from gcbridge.study.notifications.told import Told

ADA = "278522be-1683-4877-8257-4164a177be89"
PRESENCE = "v2.users.{id}.presence"
ROUTING = "v2.users.{id}.routingStatus"
ACTIVITY = "v2.users.{id}.activity"
MEMBERS = "v2.routing.queues.{id}.users"
CALLS = "v2.users.{id}.conversations.calls"
AUDIT = "v2.audits.entitytype.{id}.entityid.{id}"
ACD_START = "v2.detail.events.conversation.{id}.acd.start"
TYPING = "v2.users.{id}.conversations.inbound.typing.event"


class Heard:
    """Events one after the other, a second apart."""

    def __init__(self, **settings):
        self.told = Told(**settings)
        self.now = 0.0

    def live(self, template, body, correlation_id="c", after=1.0):
        """Whether an event of a socket is news."""
        self.now += after
        return self.told.is_new_live(template, name(template), body, correlation_id, self.now)

    def filled(self, template, body, after=1.0):
        """Whether an event of the API is news."""
        self.now += after
        return self.told.is_new_filled(template, name(template), body, self.now)


def name(template):
    return template.replace("entitytype.{id}", "entitytype.Queue").replace("{id}", ADA)


def presence(at, definition="p-1", message=""):
    return {
        "presenceDefinition": {"id": definition, "systemPresence": "BUSY"},
        "message": message,
        "modifiedDate": f"2026-01-02T12:00:{at:02d}.000Z",
    }


def activity(presence_at, queues_at=None):
    body = {
        "id": ADA,
        "routingStatus": {"status": "IDLE", "startTime": "2026-01-02T11:00:00.000Z"},
        "presence": {"modifiedDate": f"2026-01-02T12:00:{presence_at:02d}.000Z"},
    }
    return body | ({"dateActiveQueuesChanged": f"2026-01-02T12:00:{queues_at:02d}.000Z"} if queues_at else {})


def call(*ended, muted=False):
    participants = [
        {"id": f"p{n}", "muted": muted, **({"endTime": "2026-01-02T12:00:00.000Z"} if over else {})}
        for n, over in enumerate(ended)
    ]
    return {"id": "conversation-1", "participants": participants}


SAME = {
    PRESENCE: (presence(1), {**presence(1), "source": "PURECLOUD", "message": None}),
    ROUTING: (
        {"id": ADA, "routingStatus": {"status": "IDLE", "startTime": 1767355200000}},
        {
            "id": ADA,
            "routingStatus": {"status": "IDLE", "startTime": "2026-01-02T12:00:00.000Z", "userId": ADA},
        },
    ),
    ACTIVITY: (activity(5), {**activity(5), "outOfOffice": {"active": False}}),
    AUDIT: ({"id": "a-1", "action": "Update"}, {"id": "a-1", "action": "Update", "level": "USER"}),
    ACD_START: (
        {"sessionId": "s-1", "participantId": "p-1", "eventTime": 1767355200000},
        {"sessionId": "s-1", "participantId": "p-1", "eventTime": 1767355200003, "mediaType": "VOICE"},
    ),
    CALLS: (call(False), {**call(False), "name": "filled"}),
    MEMBERS: (
        {"id": ADA, "user": {"id": ADA}, "joined": True},
        {"user": {"id": ADA}, "joined": True, "queueId": "q"},
    ),
}
"""Of each topic a live event, and one that the API tells of the same change."""
NEXT = {
    PRESENCE: presence(2),
    ROUTING: {"id": ADA, "routingStatus": {"status": "INTERACTING", "startTime": 1767355201000}},
    ACTIVITY: activity(6),
    AUDIT: {"id": "a-2", "action": "Update"},
    ACD_START: {"sessionId": "s-2", "participantId": "p-1", "eventTime": 1767355200000},
    CALLS: call(False, False),
    MEMBERS: {"id": ADA, "user": {"id": ADA}, "joined": False},
}
"""The change after that."""


@pytest.mark.parametrize("topic", SAME)
def test_a_live_event_is_told_once(topic):
    """Two channels may carry it for a moment."""
    heard, (live, _) = Heard(), SAME[topic]

    assert [heard.live(topic, live), heard.live(topic, live)] == [True, False]
    assert heard.live(topic, NEXT[topic])


@pytest.mark.parametrize("topic", [topic for topic in SAME if topic != MEMBERS])
def test_a_filled_event_that_came_live_is_not_told(topic):
    """The API says more or less than the event, but it is the same change. For members, `Memberships` decides."""
    heard, (live, filled) = Heard(), SAME[topic]
    heard.live(topic, live)

    assert not heard.filled(topic, filled)
    assert heard.filled(topic, NEXT[topic])


@pytest.mark.parametrize("topic", SAME)
def test_a_live_event_that_was_filled_is_not_told(topic):
    """It was on its way while the API was asked."""
    heard, (live, filled) = Heard(), SAME[topic]

    assert heard.filled(topic, filled)
    assert not heard.live(topic, live)
    assert heard.live(topic, NEXT[topic])


@pytest.mark.parametrize("topic", [topic for topic in SAME if topic != MEMBERS])
def test_an_event_is_filled_once(topic):
    """Two gaps may overlap, since each is looked at a little wider than it was."""
    heard, (_, filled) = Heard(), SAME[topic]

    assert [heard.filled(topic, filled), heard.filled(topic, filled)] == [True, False]


def test_the_same_presence_again_is_news():
    """Busy, Away, Busy: the third is a change, too."""
    heard = Heard()

    assert [
        heard.live(PRESENCE, presence(at, definition)) for at, definition in [(1, "b"), (2, "a"), (3, "b")]
    ] == [True] * 3


def test_a_message_beside_a_presence_is_news():
    """Even within the same millisecond."""
    heard = Heard()
    heard.live(PRESENCE, presence(1))

    assert heard.live(PRESENCE, presence(1, message="back at 2"))


def test_a_call_that_is_muted_again_is_news():
    """The body is the same as before; only the correlation id tells the two changes apart."""
    heard = Heard()
    changes = [(call(False, muted=True), "c-1"), (call(False), "c-2"), (call(False, muted=True), "c-3")]

    assert [heard.live(CALLS, body, correlation) for body, correlation in changes] == [True] * 3


def test_a_call_that_is_muted_long_after_a_gap_is_news():
    """The API told of the call; a live event of the same participants is only taken for it soon afterwards."""
    heard = Heard(late_seconds=15)
    heard.filled(CALLS, call(False))

    assert heard.live(CALLS, call(False, muted=True), after=16)


def test_a_filled_call_hides_one_live_event():
    """The one that was late; the next is another change."""
    heard = Heard()
    heard.filled(CALLS, call(False))

    assert not heard.live(CALLS, call(False), "late")
    assert heard.live(CALLS, call(False, muted=True), "next")


def test_membership_that_changes_back_is_told():
    """Joined, left, joined again, all in gaps."""
    heard = Heard()
    joined, left = {"user": {"id": ADA}, "joined": True}, {"user": {"id": ADA}, "joined": False}

    assert [heard.filled(MEMBERS, body) for body in (joined, left, joined)] == [True] * 3


def test_a_change_of_active_queues_is_no_change_of_presence():
    """An activity event is about what changed last."""
    heard = Heard()
    heard.filled(ACTIVITY, activity(5))

    assert heard.live(ACTIVITY, activity(5, queues_at=7))


def test_topics_without_a_mark_go_by_content_and_correlation_id():
    """Typing has no time in it."""
    heard, body = Heard(), {"conversationId": "1", "normalizedMessage": {"type": "Event"}}

    assert [heard.live(TYPING, body, correlation) for correlation in ("c-1", "c-1", "c-2")] == [
        True,
        False,
        True,
    ]


def test_without_a_correlation_id_only_what_follows_soon_is_a_copy():
    """A socket that takes over brings copies within seconds; a member may join a queue again an hour later."""
    heard = Heard()
    joined = {"user": {"id": ADA}, "joined": True}
    told = [heard.live(MEMBERS, joined, correlation_id="", after=after) for after in (0, 1, 3600)]
    assert told == [True, False, True]


def test_bodies_of_an_unexpected_form_are_told():
    """Better twice than never."""
    heard = Heard()

    assert heard.live(PRESENCE, {"presenceDefinition": None})
    assert heard.live(PRESENCE, {"presenceDefinition": "Busy"})
    assert heard.live(ROUTING, {"routingStatus": "IDLE"})
    assert heard.live(CALLS, {"participants": "none"})


def test_memory_is_bounded():
    """What is forgotten is the oldest."""
    heard = Heard(capacity=3)
    for at in range(5):
        heard.live(PRESENCE, presence(at))

    assert not heard.live(PRESENCE, presence(4))
    assert heard.live(PRESENCE, presence(0))
