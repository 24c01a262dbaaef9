"""Receiving: what is heard is told once, in order, between calls as well, and an error comes last."""

import itertools
import json
import threading
import time

import pytest

from gcbridge.errors import GenesysError
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.subscribing import Rejection
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.study.notifications.messages import read_message

ADA = "278522be-1683-4877-8257-4164a177be89"
MEMBERS = f"v2.routing.queues.{ADA}.users"


@pytest.fixture
def notices():
    return []


@pytest.fixture
def notifications(notices):
    return Notifications(notices.append, Timing())


def presence(at):
    return {"presenceDefinition": {"id": "p"}, "modifiedDate": f"2026-01-02T12:00:{at:02d}.000Z"}


def message(body, topic=f"v2.users.{ADA}.presence", correlation_id="c-1"):
    event = {
        "topicName": topic,
        "version": "2",
        "eventBody": body,
        "metadata": {"CorrelationId": correlation_id},
    }
    return read_message(json.dumps(event))


def soon(seconds=0.05):
    return time.monotonic() + seconds


def test_an_event_is_told_with_all_that_it_came_with(notifications):
    """Template, topic, body, correlation id; where from and when."""
    notifications.hear(message(presence(1)))
    (heard,) = notifications.receive(soon())

    assert (heard.topic, heard.topic_name) == ("v2.users.{id}.presence", f"v2.users.{ADA}.presence")
    assert (heard.event_body, heard.correlation_id, heard.source) == (presence(1), "c-1", "live")
    assert heard.heard_at.utcoffset().total_seconds() == 0


def test_receiving_ends_at_the_deadline(notifications):
    """Also when nothing came; an earlier deadline still tells what is there."""
    started = time.monotonic()
    assert list(notifications.receive(soon(0.1))) == []
    assert 0.1 <= time.monotonic() - started < 2

    notifications.hear(message(presence(1)))
    assert len(list(notifications.receive(started - 100))) == 1


def test_receiving_ends_at_the_deadline_however_fast_events_come(notifications):
    """What stands in line then is still told; whoever shows events slower than they come is not held for ever."""
    numbers = itertools.count()

    def hear_two():
        for number in (next(numbers), next(numbers)):
            notifications.hear(message({"number": number}, "v2.system", str(number)))

    hear_two()
    started = time.monotonic()
    told = []
    for heard in notifications.receive(started + 0.1):
        told.append(heard.event_body["number"])
        hear_two()
        assert time.monotonic() - started < 5

    assert told == list(range(len(told)))


def test_the_clock_can_be_another(notifications):
    """Whoever counts differently says so."""

    def clock():
        return time.monotonic() + 1_000

    notifications.hear(message(presence(1)))
    assert len(list(notifications.receive(clock() + 0.05, clock=clock))) == 1


def test_nothing_is_lost_between_calls(notifications):
    """A call that is left early has taken only what it told."""
    for at in range(3):
        notifications.hear(message(presence(at)))
    first = next(iter(notifications.receive(soon(5))))
    rest = list(notifications.receive(soon()))

    assert [heard.event_body for heard in (first, *rest)] == [presence(at) for at in range(3)]


def test_what_comes_while_waiting_is_told(notifications):
    """By another thread."""
    threading.Timer(0.05, lambda: notifications.hear(message(presence(1)))).start()

    assert next(iter(notifications.receive(soon(5)))).event_body == presence(1)


def test_live_and_filled_events_are_counted(notifications):
    """Duplicates are not told, only counted."""
    notifications.hear(message(presence(1)))
    notifications.hear(message(presence(1)))
    assert not notifications.fill(f"v2.users.{ADA}.presence", presence(1))
    assert notifications.fill(f"v2.users.{ADA}.presence", presence(2))
    notifications.hear(message(presence(2)))

    assert [heard.source for heard in notifications.receive(soon())] == ["live", "gap-fill"]
    summary = notifications.summary()
    assert (summary.live, summary.filled, summary.duplicates) == (1, 1, 3)


def test_members_are_compared_with_what_came_live(notifications):
    """None the first time: nobody knows what was before."""

    def read(members):
        notifications.begin_members(MEMBERS)
        return notifications.fill_members(MEMBERS, ADA, members)

    assert read({"ada": True}) is None
    notifications.hear(message({"user": {"id": "bob"}, "joined": True}, MEMBERS))
    assert read({"ada": True, "bob": True, "cy": True}) == 1
    assert [heard.event_body["user"]["id"] for heard in notifications.receive(soon())] == ["bob", "cy"]
    notifications.forget_members(MEMBERS)
    assert read({}) is None


def test_an_error_comes_after_what_was_heard(notifications):
    """And again at each further call."""
    notifications.hear(message(presence(1)))
    notifications.fail(GenesysError("the token was revoked", hint="log in"))
    received = notifications.receive(soon(5))

    assert next(received).event_body == presence(1)
    with pytest.raises(GenesysError, match="the token was revoked"):
        next(received)
    with pytest.raises(GenesysError, match="the token was revoked"):
        list(notifications.receive(soon()))


def test_an_error_ends_the_waiting(notifications):
    """It does not wait for the deadline."""
    threading.Timer(0.05, lambda: notifications.fail(ZeroDivisionError("a mistake"))).start()
    started = time.monotonic()

    with pytest.raises(GenesysError, match="listening to the notification service ended") as caught:
        list(notifications.receive(soon(10)))
    assert "ZeroDivisionError: a mistake" in caught.value.detail
    assert time.monotonic() - started < 5


def test_the_first_error_counts(notifications):
    """Others may follow from it."""
    notifications.fail(GenesysError("first"))
    notifications.fail(GenesysError("second"))

    with pytest.raises(GenesysError, match="first"):
        list(notifications.receive(soon()))


def test_rejections_are_told_by_template(notifications, notices):
    """Once for all channels, with what is missing."""
    for number in range(3):
        notifications.reject(
            [Rejection(f"v2.users.{ADA[:-1]}{number}.presence", "Missing permissions.", ("p:u:v",))]
        )
    notifications.reject([Rejection("v2.outbound.settings", "", ())])
    notifications.tell_rejections()
    notifications.tell_rejections()

    assert [(notice.topics, notice.missing_permissions) for notice in notices] == [
        (("v2.users.{id}.presence",), ("p:u:v",)),
        (("v2.outbound.settings",), ()),
    ]
    assert "rejects 3 of v2.users.{id}.presence: Missing permissions." in notices[0].message
    assert notifications.summary().rejected == tuple(notices)


def test_the_summary_names_what_cannot_be_filled(notifications):
    """Each template once, however many gaps there were."""
    notifications.notice("unfillable", "lost", ("v2.b.{id}",))
    notifications.notice("unfillable", "lost", ("v2.b.{id}", "v2.a.{id}"))

    assert notifications.summary().unfillable == ("v2.a.{id}", "v2.b.{id}")


def test_notices_come_one_at_a_time():
    """Whoever prints them needs no lock."""
    inside, most = [], []

    def watch(notice):
        inside.append(notice)
        time.sleep(0.01)
        most.append(len(inside))
        inside.pop()

    notifications = Notifications(watch, Timing())
    threads = [threading.Thread(target=notifications.notice, args=("connected", "x")) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1] * 5
