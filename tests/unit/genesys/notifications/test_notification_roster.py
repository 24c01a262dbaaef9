"""Topics that were asked for become topics of all objects there are; and when trying again makes sense."""

import threading
from types import SimpleNamespace

import pytest
from notification_service import SessionInMemory, refused

from gcbridge.errors import GenesysError, RefusedError, UsageError
from gcbridge.genesys.directory import list_ids
from gcbridge.genesys.notifications.reconnecting import may_heal, retrying
from gcbridge.genesys.notifications.roster import Roster
from gcbridge.genesys.notifications.sockets import SocketLostError
from gcbridge.genesys.notifications.timing import Timing

ADA = "278522be-1683-4877-8257-4164a177be89"
BOB = "a1b2c3d4-0000-4000-8000-000000000001"


class Directory:
    """Users and queues in pages of one, teams one after the other, OAuth clients at once."""

    def __init__(self, users=(ADA, BOB), queues=(ADA,)):
        self.listed = {"users": list(users), "queues": list(queues)}
        self.asked = []

    def session(self):
        """Calls the methods below."""
        return SessionInMemory(users=self, routing=self, teams=self, oauth=self)

    def get_users(self, page_number, **_asked):
        """A page of users."""
        return self._page("users", page_number)

    def get_routing_queues(self, page_number, **_asked):
        """A page of queues."""
        return self._page("queues", page_number)

    def get_teams(self, after="", **_asked):
        """The team after another."""
        number = int(after or 0)
        more = f"/api/v2/teams?pageSize=100&after={number + 1}" if number < 2 else None
        return SimpleNamespace(entities=[SimpleNamespace(id=f"team-{number}")], next_uri=more)

    def get_oauth_clients(self):
        """All of them; a page that has no number of pages."""
        return SimpleNamespace(
            entities=[SimpleNamespace(id="a"), SimpleNamespace(id=None), SimpleNamespace(id="a")]
        )

    def _page(self, kind, number):
        self.asked.append(kind)
        listed = self.listed[kind]
        entities = [SimpleNamespace(id=one) for one in listed[number - 1 : number]]
        return SimpleNamespace(entities=entities, page_count=len(listed))


def test_objects_are_listed_page_by_page():
    """However the listing goes on."""
    session = Directory().session()

    assert list_ids(session, "users") == (ADA, BOB)
    assert list_ids(session, "teams") == ("team-0", "team-1", "team-2")
    assert list_ids(session, "OAuth clients") == ("a",)


def test_an_organization_without_objects():
    """No page, no id."""
    assert list_ids(Directory(users=[]).session(), "users") == ()


def test_topics_of_one_object_are_combined_also_when_asked_for_singly():
    """And each kind of object is listed once."""
    directory = Directory()
    roster = Roster(directory.session(), ["v2.users.{id}?presence&routingStatus", "v2.users.{id}.station"])

    assert [one.subscription_id for one in roster.call()] == [
        f"v2.users.{ADA}?presence&routingStatus&station",
        f"v2.users.{BOB}?presence&routingStatus&station",
    ]
    assert directory.asked == ["users", "users"]


def test_a_roster_changes_with_the_objects():
    """Which only templates do."""
    directory = Directory()
    roster = Roster(directory.session(), ["v2.routing.queues.{id}.users", f"v2.users.{ADA}.presence"])
    directory.listed["queues"] = [BOB]

    assert roster.has_templates
    assert [one.subscription_id for one in roster.call()] == [
        f"v2.routing.queues.{BOB}.users",
        f"v2.users.{ADA}.presence",
    ]
    assert not Roster(directory.session(), ["v2.outbound.settings"]).has_templates


@pytest.mark.parametrize("topics", [[], ["v2.conversations.{id}.transcription"]])
def test_what_cannot_be_listened_to_is_refused_before_anything_is_asked(topics):
    """The error says what to write."""
    session = Directory().session()

    with pytest.raises(UsageError) as caught:
        Roster(session, topics)
    assert caught.value.hint
    assert session.calls == 0


@pytest.mark.parametrize(
    ("error", "heals"),
    [
        (SocketLostError("the connection broke"), True),
        (GenesysError("Genesys Cloud cannot be reached"), True),
        (RefusedError("somebody else would lose a channel"), True),
        (refused(503), True),
        (refused(429), True),
        (refused(404), True),
        (refused(401), False),
        (refused(403), False),
        (refused(400), False),
        (ZeroDivisionError(), False),
    ],
)
def test_what_may_heal(error, heals):
    """Networks come back and others leave; credentials that were revoked stay so."""
    assert may_heal(error) is heals


def test_pauses_grow_and_end():
    """For ever, unless the block ends or nothing can help."""
    ending, calls = threading.Event(), []

    def fail():
        calls.append(1)
        if len(calls) == 4:
            ending.set()
        raise SocketLostError("again")

    timing = Timing(first_pause_seconds=0.001, longest_pause_seconds=0.005)
    with pytest.raises(SocketLostError):
        retrying(timing, ending)(fail)
    assert len(calls) == 4

    pauses = [retrying(Timing(), ending).wait(SimpleNamespace(attempt_number=n)) for n in range(1, 12)]
    assert all(0.5 * 2**n <= pause <= 0.5 * 2**n + 0.5 for n, pause in enumerate(pauses[:6]))
    assert 60 <= max(pauses) <= 60.5


def test_the_first_connection_is_tried_a_few_times():
    """Whoever calls wants to know soon."""
    calls = []

    def fail():
        calls.append(1)
        raise SocketLostError("again")

    with pytest.raises(SocketLostError):
        retrying(Timing(first_pause_seconds=0.001), threading.Event(), attempts=3)(fail)
    assert len(calls) == 3
