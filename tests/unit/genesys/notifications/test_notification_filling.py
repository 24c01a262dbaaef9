"""Filling gaps: what is asked, what is said, and what happens when the API does not answer."""

import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from notification_service import refused

from gcbridge.errors import GenesysError
from gcbridge.genesys.notifications.filling import GapFiller
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.study.notifications.gaps import Gap

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)
ADA = "278522be-1683-4877-8257-4164a177be89"
PRESENCE = f"v2.users.{ADA}.presence"
STATION = f"v2.users.{ADA}.station"
MEMBERS = f"v2.routing.queues.{ADA}.users"
CALLS = f"v2.routing.queues.{ADA}.conversations.calls"
AUDITS = f"v2.audits.entitytype.Queue.entityid.{ADA}"


class ScriptedLookups:
    """Gives each question its answers in turn: a number of news, an error, or topics nobody knows of; the last one stays."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.begun = []

    def begin(self, topics):
        """Reads members for the first time."""
        self.begun += topics

    def fill(self, kind, gap):
        """Answers as scripted."""
        self.asked.append((kind, gap))
        answers = self.answers.get(kind.replace(" ", "_"), [0])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return (answer, 0) if isinstance(answer, list) else ([], answer)

    def kinds(self):
        """What was asked, in order."""
        return [kind for kind, _ in self.asked]


class Filling:
    """A filler at work, with short pauses."""

    def __init__(self, lookups, *, slack=30, look_again=0.05):
        self.notices = []
        self.lookups = lookups
        timing = Timing(slack_seconds=slack, look_again_seconds=look_again)
        self.notifications = Notifications(self.notices.append, timing)
        self.ending = threading.Event()
        self.filler = GapFiller(lookups, self.notifications, timing, self.ending)
        self.filler.start()

    def close(self):
        """Ends its thread."""
        self.ending.set()
        self.filler.close(5)

    def fill(self, *topics, not_before=None):
        """A gap of five seconds."""
        self.filler.fill(Gap(topics, NOON, NOON + timedelta(seconds=5), not_before))

    def wait_for(self, condition):
        """Until it is so, or five seconds."""
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, (self.notices, self.lookups.asked)
            time.sleep(0.005)

    def said(self, kind):
        """Notices of one kind."""
        return [notice for notice in self.notices if notice.kind == kind]


@pytest.fixture
def fill_with():
    """Starts fillers, ends them after the test."""
    started = []

    def start(*, slack=30, look_again=0.05, **answers):
        started.append(Filling(ScriptedLookups(**answers), slack=slack, look_again=look_again))
        return started[-1]

    yield start
    for filling in started:
        filling.close()


def test_a_gap_is_asked_about_with_slack(fill_with):
    """Each kind of topic by its own question; what was before listening began is left out."""
    filling = fill_with(presence=[2])
    filling.fill(PRESENCE, not_before=NOON - timedelta(seconds=10))
    filling.wait_for(lambda: filling.said("gap-filled"))

    ((kind, gap),) = filling.lookups.asked
    assert (kind, gap.topics) == ("presence", (PRESENCE,))
    assert (gap.begin, gap.end) == (NOON - timedelta(seconds=10), NOON + timedelta(seconds=35))
    assert filling.said("gap-filled")[0].topics == ("v2.users.{id}.presence",)
    assert filling.said("gap-filled")[0].message.startswith("2 events of a gap that ended at 12:00:05 UTC")


def test_that_states_hide_what_lay_between_is_said_once(fill_with):
    """Not at every gap."""
    filling = fill_with()
    filling.fill(PRESENCE)
    filling.fill(PRESENCE)
    filling.wait_for(lambda: len(filling.said("gap-filled")) == 2)

    assert ["what lay in between is lost" in notice.message for notice in filling.said("gap-filled")] == [
        True,
        False,
    ]


def test_what_no_endpoint_fills_is_said_for_each_gap(fill_with):
    """With the templates."""
    filling = fill_with()
    filling.fill(STATION, PRESENCE)
    filling.fill(STATION)
    filling.wait_for(lambda: len(filling.said("unfillable")) == 2)

    assert filling.said("unfillable")[0].topics == ("v2.users.{id}.station",)
    assert filling.notifications.summary().unfillable == ("v2.users.{id}.station",)
    assert filling.lookups.kinds() == ["presence"]


def test_audits_and_conversations_are_asked_about_twice(fill_with):
    """They are indexed late; presences are what they are."""
    filling = fill_with(audits=[0, 3], conversations=[1, 0])
    filling.fill(PRESENCE, CALLS, AUDITS)
    filling.wait_for(lambda: len(filling.said("gap-filled")) == 2)

    assert sorted(filling.lookups.kinds()) == [
        "audits",
        "audits",
        "conversations",
        "conversations",
        "presence",
    ]
    assert filling.said("gap-filled")[1].message == "3 more events of a gap turned up"


@pytest.mark.parametrize("error", [GenesysError("no answer"), refused(503), refused(429)])
def test_an_api_that_does_not_answer_is_asked_again(fill_with, error):
    """The other kinds are filled meanwhile."""
    filling = fill_with(presence=[error, error, 4], membership=[1])
    filling.fill(PRESENCE, MEMBERS)
    filling.wait_for(lambda: len(filling.said("gap-filled")) == 2)

    assert [notice.message[:7] for notice in filling.said("gap-filled")] == ["1 event", "4 event"]
    assert filling.said("unfillable") == []


def test_an_api_that_never_answers_is_said(fill_with):
    """After five times."""
    filling = fill_with(presence=[GenesysError("Genesys Cloud cannot be reached")], look_again=0.01)
    filling.fill(PRESENCE)
    filling.wait_for(lambda: filling.said("unfillable"))

    assert "stays lost: Genesys Cloud cannot be reached" in filling.said("unfillable")[0].message
    assert filling.lookups.kinds() == ["presence"] * 5


def test_a_missing_permission_is_said_at_once(fill_with):
    """Asking again would not help."""
    filling = fill_with(
        conversations=[refused(403, "the OAuth client lacks analytics:conversationDetail:view")]
    )
    filling.fill(CALLS)
    filling.wait_for(lambda: filling.said("unfillable"))

    assert "analytics:conversationDetail:view" in filling.said("unfillable")[0].message


def test_a_queue_of_which_nothing_was_known_is_said(fill_with):
    """Its members were not read before the gap."""
    filling = fill_with(membership=[[MEMBERS]])
    filling.fill(MEMBERS)
    filling.wait_for(lambda: filling.said("unfillable"))

    assert filling.said("unfillable")[0].topics == ("v2.routing.queues.{id}.users",)


def test_new_objects_are_looked_up_without_a_word(fill_with):
    """What happened to them before their topics were subscribed to was never promised."""
    filling = fill_with(presence=[1])
    filling.filler.welcome(Gap((PRESENCE, MEMBERS, STATION), NOON, NOON))
    filling.wait_for(lambda: filling.lookups.asked and filling.lookups.begun)

    assert filling.lookups.kinds() == ["presence"]
    assert filling.lookups.begun == [MEMBERS]
    assert filling.notices == []


def test_members_are_read_beforehand(fill_with):
    """An error there is no error yet."""
    filling = fill_with()
    filling.filler.begin([MEMBERS, PRESENCE])
    filling.wait_for(lambda: filling.lookups.begun == [MEMBERS])


def test_a_mistake_in_the_thread_is_raised_where_events_are_received(fill_with):
    """Not swallowed."""
    filling = fill_with(presence=[ZeroDivisionError("a mistake")])
    filling.fill(PRESENCE)

    with pytest.raises(GenesysError, match="listening to the notification service ended"):
        list(filling.notifications.receive(time.monotonic() + 5))


def test_it_ends_at_once(fill_with):
    """Also with work that is due later."""
    filling = fill_with(presence=[GenesysError("no answer")], look_again=100)
    filling.fill(PRESENCE)
    filling.wait_for(lambda: filling.lookups.asked)
    started = time.monotonic()
    filling.close()

    assert time.monotonic() - started < 2
