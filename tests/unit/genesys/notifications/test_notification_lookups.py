"""Questions to the API when a gap is filled: pieces, pages, and queries that take a while."""

import threading
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from notification_service import SessionInMemory

from gcbridge.errors import GenesysError
from gcbridge.genesys.notifications import lookups
from gcbridge.genesys.notifications.gap_lookups import GapLookups
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.plain import plain
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.study.notifications.gaps import Gap

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)
INTERVAL = "2026-01-02T12:00:00.000Z/2026-01-02T12:01:00.000Z"
USERS = [f"278522be-1683-4877-8257-{number:012d}" for number in range(120)]


class Recording:
    """An API object whose methods give back what a test says, and note what they were called with."""

    def __init__(self, **answers):
        self.calls = []
        for name, answer in answers.items():
            setattr(self, name, self._method(name, answer))

    def _method(self, name, answer):
        def call(*arguments, **named):
            self.calls.append((name, arguments, named))
            return answer(*arguments, **named)

        return call


def page(*entities, cursor=None):
    return SimpleNamespace(entities=list(entities), cursor=cursor)


def test_presences_are_asked_for_fifty_at_a_time():
    """The limit of the call."""
    presence = Recording(
        get_users_presences_purecloud_bulk=lambda **asked: [{"userId": one} for one in asked["id"]]
    )
    found = list(lookups.presences(SessionInMemory(presence=presence), USERS))

    assert [one["userId"] for one in found] == USERS
    assert [len(named["id"]) for _, _, named in presence.calls] == [50, 50, 20]


def test_users_are_asked_for_with_their_states():
    """As many as there are in a piece."""
    users = Recording(get_users=lambda **asked: page(*({"id": one} for one in asked["id"])))
    found = list(lookups.users(SessionInMemory(users=users), USERS[:60], ["routingStatus"]))

    assert [one["id"] for one in found] == USERS[:60]
    assert [(named["page_size"], named["expand"]) for _, _, named in users.calls] == [
        (50, ["routingStatus"]),
        (10, ["routingStatus"]),
    ]


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (99, 1), (100, 2), (250, 3)])
def test_members_come_in_pages(count, calls):
    """Until one is not full, as the listing does not say how many there are."""

    def read(_queue, page_size, page_number):
        begin = (page_number - 1) * page_size
        return SimpleNamespace(entities=[{"id": n} for n in range(begin, min(begin + page_size, count))])

    routing = Recording(get_routing_queue_members=read)

    assert [one["id"] for one in lookups.members(SessionInMemory(routing=routing), "q")] == list(range(count))
    assert len(routing.calls) == calls


@pytest.mark.parametrize(
    ("dimension", "values", "filters"),
    [
        ("userId", ["ada", "bob"], "segmentFilters"),
        ("conversationId", ["c"], "conversationFilters"),
        ("queueId", USERS[:51], None),
    ],
)
def test_conversations_are_filtered_while_there_are_few_ids(dimension, values, filters):
    """With many, all of the interval are asked for."""
    analytics = Recording(
        post_analytics_conversations_details_query=lambda body: SimpleNamespace(
            conversations=[{"conversationId": "x"}] * (100 if body["paging"]["pageNumber"] == 1 else 1)
        )
    )
    session = SessionInMemory(analytics=analytics)
    found = list(lookups.conversations(session, INTERVAL, dimension=dimension, values=values))
    body = analytics.calls[0][1][0]

    assert len(found) == 101
    assert len(analytics.calls) == 2
    assert body["interval"] == INTERVAL
    assert {key for key in body if key.endswith("Filters")} == ({filters} if filters else set())
    if filters:
        assert [one["value"] for one in body[filters][0]["predicates"]] == values


def audit_api(states, pages):
    states, pages = iter(states), iter(pages)
    return Recording(
        get_audits_query_servicemapping=lambda: {
            "services": [{"name": "Routing", "entities": [{"name": "Queue"}]}]
        },
        post_audits_query=lambda body: {"id": "t-1", "state": next(states), **body},
        get_audits_query_transaction_id=lambda query: {"id": query, "state": next(states)},
        get_audits_query_transaction_id_results=lambda _query, **_asked: next(pages),
    )


def test_an_audit_query_is_awaited_and_read_to_the_end():
    """It runs for a while, and its results come with a cursor."""
    audit = audit_api(["Succeeded"], [page({"id": "a-1"}, cursor="more"), page({"id": "a-2"})])
    found = list(lookups.audits(SessionInMemory(audit=audit), INTERVAL, "Queue", threading.Event()))

    assert [one["id"] for one in found] == ["a-1", "a-2"]
    assert audit.calls[1][1] == (
        {
            "interval": INTERVAL,
            "serviceName": "Routing",
            "filters": [{"property": "EntityType", "value": "Queue"}],
            "sort": [{"name": "Timestamp", "sortOrder": "ascending"}],
        },
    )
    assert [named.get("cursor") for name, _, named in audit.calls if name.endswith("results")] == [
        None,
        "more",
    ]


def test_a_failed_audit_query_is_an_error():
    """It is asked again later."""
    session = SessionInMemory(audit=audit_api(["Failed"], []))

    with pytest.raises(GenesysError, match="an audit query ended as Failed"):
        list(lookups.audits(session, INTERVAL, "Queue", threading.Event()))


def test_an_audit_query_ends_with_the_block():
    """Nobody waits for its results any more."""
    ending = threading.Event()
    ending.set()
    session = SessionInMemory(audit=audit_api(["Queued", "Queued"], []))

    assert list(lookups.audits(session, INTERVAL, "Queue", ending)) == []


class Model:
    """As the SDK's models are."""

    def __init__(self, **values):
        self.attribute_map = {
            "user_id": "userId",
            "modified_date": "modifiedDate",
            "message": "message",
            "inner": "inner",
        }
        for attribute in self.attribute_map:
            setattr(self, attribute, values.get(attribute))


def test_models_become_json():
    """Names of the API, without what is missing."""
    inner = Model(user_id="u")
    model = Model(modified_date=NOON, message="", inner=[inner, {"when": NOON}])

    assert plain(model) == {
        "modifiedDate": "2026-01-02T12:00:00.000Z",
        "message": "",
        "inner": [{"userId": "u"}, {"when": "2026-01-02T12:00:00.000Z"}],
    }
    assert plain((1, None)) == [1, None]


# Which questions fill which topics


class Filled:
    """Lookups over API objects in memory, and what they told."""

    def __init__(self, **apis):
        self.notifications = Notifications(print, Timing())
        self.ending = threading.Event()
        self.lookups = GapLookups(SessionInMemory(**apis), self.notifications, self.ending)

    def fill(self, kind, *topics):
        """News of a minute from noon."""
        return self.lookups.fill(kind, Gap(topics, NOON, NOON + timedelta(minutes=1)))

    def told(self):
        """Topics of the events."""
        return [(heard.topic_name, heard.source) for heard in self.notifications.receive(0)]


def at(second):
    return f"2026-01-02T12:00:{second:02d}.000Z"


def test_presences_that_changed_in_the_gap_are_told():
    """Not those that are older."""
    bulk = [
        {"userId": USERS[0], "presenceDefinition": {"id": "p"}, "modifiedDate": at(30)},
        {"userId": USERS[1], "presenceDefinition": {"id": "p"}, "modifiedDate": "2026-01-02T11:59:59.000Z"},
        {"userId": "stranger", "presenceDefinition": {"id": "p"}, "modifiedDate": at(30)},
    ]
    filled = Filled(presence=Recording(get_users_presences_purecloud_bulk=lambda **_asked: bulk))
    topics = [f"v2.users.{user}.presence" for user in USERS[:2]]

    assert filled.fill("presence", *topics) == ([], 1)
    assert filled.fill("presence", *topics) == ([], 0)
    assert filled.told() == [(topics[0], "gap-fill")]


@pytest.mark.parametrize(("kind", "ending"), [("routing status", "routingStatus"), ("activity", "activity")])
def test_users_that_changed_in_the_gap_are_told(kind, ending):
    """By when their state began."""
    people = [
        {"id": USERS[0], "routingStatus": {"status": "IDLE", "startTime": at(5)}},
        {"id": USERS[1], "routingStatus": {"status": "IDLE", "startTime": "2026-01-02T11:00:00.000Z"}},
    ]
    filled = Filled(users=Recording(get_users=lambda **_asked: page(*people)))
    topics = [f"v2.users.{user}.{ending}" for user in USERS[:2]]

    assert filled.fill(kind, *topics) == ([], 1)
    assert filled.told() == [(topics[0], "gap-fill")]


def test_members_that_changed_are_told():
    """Once it is known who was there; until then nobody can say."""
    listings = iter([[USERS[0]], [USERS[0], USERS[1]]])
    routing = Recording(
        get_routing_queue_members=lambda _queue, **_asked: page(
            *({"id": user, "user": {"id": user}, "joined": True} for user in next(listings))
        )
    )
    filled, topic = Filled(routing=routing), f"v2.routing.queues.{USERS[5]}.users"

    assert filled.fill("membership", topic) == ([topic], 0)
    assert filled.fill("membership", topic) == ([], 1)
    assert filled.told() == [(topic, "gap-fill")]


CONVERSATION = {
    "conversationId": USERS[9],
    "participants": [
        {
            "participantId": "p-1",
            "purpose": "agent",
            "userId": USERS[0],
            "sessions": [
                {
                    "sessionId": "s-1",
                    "mediaType": "voice",
                    "segments": [{"segmentStart": at(1), "segmentEnd": at(9), "queueId": USERS[5]}],
                }
            ],
        }
    ],
}


def test_conversations_of_users_and_queues_are_told():
    """One question for users, one for queues; topics of other objects stay silent."""
    analytics = Recording(
        post_analytics_conversations_details_query=lambda _body: SimpleNamespace(conversations=[CONVERSATION])
    )
    filled = Filled(analytics=analytics)
    user, other = (f"v2.users.{one}.conversations" for one in USERS[:2])
    queue = f"v2.routing.queues.{USERS[5]}.conversations.calls"

    assert filled.fill("conversations", user, other, queue) == ([], 4)
    assert filled.told() == [(user, "gap-fill")] * 2 + [(queue, "gap-fill")] * 2
    assert len(analytics.calls) == 2


def test_sessions_of_a_conversation_are_told():
    """Of the topics that were subscribed to."""
    analytics = Recording(
        post_analytics_conversations_details_query=lambda _body: SimpleNamespace(conversations=[CONVERSATION])
    )
    topic = f"v2.detail.events.conversation.{USERS[9]}.user.end"
    filled = Filled(analytics=analytics)

    assert filled.fill("sessions", topic) == ([], 1)
    assert filled.told() == [(topic, "gap-fill")]


def test_audits_of_the_asked_entities_are_told():
    """The query is by type, so it finds others, too."""
    audits = [
        {"id": f"a-{n}", "entityType": "Queue", "entity": {"id": user}} for n, user in enumerate(USERS[:3])
    ]
    filled = Filled(audit=audit_api(["Succeeded"], [page(*audits)]))
    topic = f"v2.audits.entitytype.Queue.entityid.{USERS[1]}"

    assert filled.fill("audits", topic) == ([], 1)
    assert filled.told() == [(topic, "gap-fill")]


def test_nothing_is_asked_after_the_end():
    """The block has ended, nobody receives."""
    presence = Recording(
        get_users_presences_purecloud_bulk=lambda **asked: [
            {"userId": one, "modifiedDate": at(1)} for one in asked["id"]
        ]
    )
    filled = Filled(presence=presence)
    filled.ending.set()
    filled.fill("presence", *(f"v2.users.{user}.presence" for user in USERS))

    assert len(presence.calls) == 1
