"""Listening to the emulated notification service: what is heard, and what happens when it breaks."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from emulated_genesys import CREDENTIALS, run_emulated_genesys
from listening_trial import Conversation, identify

from gcbridge.errors import GenesysError, RefusedError, UsageError
from gcbridge.genesys import GenesysRefusedError
from gcbridge.genesys.notifications import Timing, open_notifications
from gcbridge.study.notifications.templates import ids_of

pytestmark = pytest.mark.sandbox

PRESENCE = "v2.users.{id}.presence"
MEMBERS = "v2.routing.queues.{id}.users"
QUICK = Timing(
    heartbeat_seconds=1.5,
    pong_seconds=0.5,
    connect_seconds=5,
    first_pause_seconds=0.05,
    longest_pause_seconds=0.4,
    steady_seconds=0.5,
    overlap_seconds=0.3,
    look_again_seconds=0.5,
    expand_again_seconds=0.3,
)
PATIENCE = 20


@pytest.fixture(scope="module")
def emulated(tmp_path_factory):
    """One for all tests; a test heals what it broke."""
    folder = tmp_path_factory.mktemp("genesys")
    options = "--heartbeat 0.4 --closing-notice 1 --audit-query 0.05"
    with run_emulated_genesys(folder, *options.split()) as running:
        running.seed(users=30, queues=3, members_per_queue=5)
        yield running


@pytest.fixture(autouse=True)
def healed(emulated):
    """Nothing of the test before is left."""
    yield
    emulated.heal()


@pytest.fixture
def users(emulated):
    """Ids of all users."""
    return emulated.seed(users=1)["users"]


@pytest.fixture
def queues(emulated):
    """Ids of all queues."""
    return emulated.seed(queues=1)["queues"]


class Listening:
    """What is heard in a block, and what was said."""

    def __init__(self, notifications, notices):
        self.notifications = notifications
        self.notices = notices

    def hear(self, count, seconds=PATIENCE):
        """The next events; fails when there are fewer."""
        heard = []
        for one in self.notifications.receive(time.monotonic() + seconds):
            heard.append(one)
            if len(heard) == count:
                return heard
        raise AssertionError(f"{len(heard)} of {count} events: {heard}, said: {self.notices}")

    def hear_nothing(self, seconds=1.0):
        """Whatever came too much."""
        assert list(self.notifications.receive(time.monotonic() + seconds)) == []

    def wait_for(self, kind, count=1):
        """Until so many notices of a kind were said; the last of them."""
        wait_until(lambda: len(self.said(kind)) >= count)
        return self.said(kind)[count - 1]

    def said(self, kind):
        """Notices of a kind."""
        return [notice for notice in self.notices if notice.kind == kind]


@pytest.fixture
def listen(emulated, open_room):
    """Opens a block."""

    @contextlib.contextmanager
    def open_block(*topics, timing=QUICK, **more):
        notices = []
        genesys = open_room(emulated.url, CREDENTIALS)
        with open_notifications(
            genesys, topics, timing=timing, watch=notices.append, **more
        ) as notifications:
            yield Listening(notifications, notices)

    return open_block


def wait_until(condition):
    """Fails when it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def requests_of(emulated, path):
    """How often a path was asked for lately."""
    return sum(one["path"] == path for one in emulated.call("GET", "/_sandbox/requests")["requests"])


def told(heard):
    """The ids, and how each was told."""
    return sorted((ids_of(one.topic_name, one.topic)[0], one.source) for one in heard)


# Hearing


def test_events_of_every_user_are_heard(emulated, listen, users):
    """Two topics of each user, in one subscription; the block begins when all of them stand."""
    with listen("v2.users.{id}?presence&routingStatus") as listening:
        assert emulated.notifications()["topics"] == len(users)
        emulated.set_presence(users[7], "Busy")
        (heard,) = listening.hear(1)

    assert (heard.topic, heard.topic_name) == (PRESENCE, f"v2.users.{users[7]}.presence")
    assert heard.event_body["presenceDefinition"]["systemPresence"] == "BUSY"
    assert (heard.source, bool(heard.correlation_id)) == ("live", True)


def test_the_block_leaves_nothing_behind(emulated, listen, users):
    """No socket, no subscription, no thread."""
    before = set(threading.enumerate())
    with listen(PRESENCE) as listening:
        assert emulated.notifications()["sockets"] == 1
        assert listening.notifications.summary().topics == len(users)

    after = emulated.notifications()
    assert (after["sockets"], after["topics"]) == (0, 0)
    # Threads of other tests may end meanwhile.
    assert set(threading.enumerate()) <= before


def test_the_block_leaves_nothing_behind_after_an_error(emulated, listen):
    """Whatever ends it."""
    with pytest.raises(ZeroDivisionError), listen(PRESENCE):
        raise ZeroDivisionError

    assert emulated.notifications()["topics"] == 0


INTERRUPTED = """
import sys, time
from gcbridge.genesys import GenesysCredentials, open_genesys
from gcbridge.genesys.notifications import open_notifications
from gcbridge.model.bridge import Organization
genesys = open_genesys(Organization(org_id="x", region="eu-central-1", base_url=sys.argv[1]), GenesysCredentials(
    client_id=sys.argv[2], client_secret=sys.argv[3]))
with open_notifications(genesys, ["v2.users.{id}.presence"], watch=lambda notice: None) as notifications:
    print("listening", flush=True)
    for one in notifications.receive(time.monotonic() + 60):
        print(one)
"""


def test_ctrl_c_leaves_nothing_behind(emulated):
    """The subscriptions are removed on the way out."""
    command = [
        sys.executable,
        "-c",
        INTERRUPTED,
        emulated.url,
        CREDENTIALS.client_id,
        CREDENTIALS.client_secret,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "listening\n"
        assert emulated.notifications()["topics"] > 0
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert "KeyboardInterrupt" in errors
    assert (emulated.notifications()["topics"], emulated.notifications()["sockets"]) == (0, 0)


def test_new_objects_are_picked_up_and_removed_ones_dropped(emulated, listen):
    """Without a new block; what happened to a new one meanwhile is looked up."""
    with listen(MEMBERS) as listening:
        listening.wait_for("connected")
        new = emulated.call("POST", "/api/v2/routing/queues", {"name": "brand new"})["id"]
        assert listening.wait_for("expanded").message.startswith("1 topics more and 0 less")
        assert listening.notifications.summary().topics == emulated.notifications()["topics"]
        user = emulated.seed(users=1)["users"][0]
        emulated.call("POST", f"/api/v2/routing/queues/{new}/members", [{"id": user}])
        assert told(listening.hear(1)) == [(new, "live")]
        emulated.call("DELETE", f"/api/v2/routing/queues/{new}")
        assert listening.wait_for("expanded", 2).message.startswith("0 topics more and 1 less")


def test_a_new_user_is_heard(emulated, listen):
    """Live, or looked up where the presence changed before the topic was subscribed to: once."""
    with listen(PRESENCE) as listening:
        new = emulated.call("POST", "/api/v2/users", {"name": "New", "email": f"{time.time()}@example.com"})[
            "id"
        ]
        emulated.set_presence(new, "Meal")
        heard = listening.hear(1)
        listening.wait_for("expanded")
        listening.hear_nothing(0.5)

    assert told(heard) in ([(new, "gap-fill")], [(new, "live")])


def test_a_new_user_is_heard_although_subscribing_failed_at_first(emulated, listen):
    """The refusal is said, what happened meanwhile is looked up all the same, and the channel tries again by itself."""
    path = "/api/v2/notifications/channels/*/subscriptions"
    with listen(PRESENCE) as listening:
        listening.wait_for("connected")
        emulated.break_it(fail_next={"method": "PUT", "path": path, "status": 400, "count": 1})
        new = emulated.call("POST", "/api/v2/users", {"name": "Late", "email": f"{time.time()}@example.com"})[
            "id"
        ]
        emulated.set_presence(new, "Meal")
        first = listening.hear(1)
        wait_until(lambda: any("not listened to yet" in one.message for one in listening.said("expanded")))
        time.sleep(1.0)
        emulated.set_presence(new, "Break")
        second = listening.hear(1)

    assert {topic for topic, _ in told(first + second)} == {new}


def test_objects_without_topics_make_no_channel(emulated, listen):
    """Until there is one."""
    with listen("v2.flows.outcomes.{id}") as listening:
        assert listening.notifications.summary().channels == 0
        emulated.seed(flow_outcomes=1)
        listening.wait_for("expanded")
        assert listening.notifications.summary().channels == 1


# Limits and refusals


def test_rejected_topics_are_named_and_the_others_go_on(emulated, listen, users, queues):
    """With the permissions that are missing; also where the rejected one was combined with a good one."""
    emulated.break_it(deny_topics=["v2.routing.queues.*", "v2.users.*.station"])
    with listen(MEMBERS, "v2.users.{id}?presence&station") as listening:
        rejected = {notice.topics: notice.missing_permissions for notice in listening.said("rejected")}
        assert rejected == {
            (MEMBERS,): ("routing:queue:view",),
            ("v2.users.{id}.station",): ("notifications:topic:view",),
        }
        assert listening.notifications.summary().topics == len(users)
        emulated.set_presence(users[0], "Training")
        assert told(listening.hear(1)) == [(users[0], "live")]
        emulated.break_it(drop_sockets=True)
        listening.wait_for("gap-filled")
        assert len(listening.said("rejected")) == 2


def test_topics_that_do_not_exist_are_rejected(listen, users):
    """Each by itself."""
    gone = "00000000-0000-4000-8000-000000000000"
    with listen(f"v2.users.{gone}.presence", f"v2.users.{users[0]}.presence") as listening:
        (rejected,) = listening.said("rejected")

    assert f"v2.users.{gone}.presence" in rejected.message
    assert rejected.missing_permissions == ()


def take_channels(emulated, count):
    """Somebody else's, who uses the same OAuth client: with a topic each, and without a socket."""
    for _ in range(count):
        channel = emulated.call("POST", "/api/v2/notifications/channels")["id"]
        topic = [{"id": "v2.flows.outcomes.00000000-0000-4000-8000-000000000000"}]
        emulated.call("POST", f"/api/v2/notifications/channels/{channel}/subscriptions", topic)


def test_nobody_loses_a_channel(emulated, listen):
    """Twenty are there already, and refusing comes before making one."""
    take_channels(emulated, 20)

    with pytest.raises(RefusedError, match="take 1 channel away from somebody else"), listen(PRESENCE):
        pass
    assert emulated.notifications()["topics"] == 20


def test_with_displace_somebody_loses_a_channel(emulated, listen, users):
    """Which is said."""
    take_channels(emulated, 20)
    with listen(PRESENCE, displace=True) as listening:
        assert "1 channel of other clients" in listening.said("displaced")[0].message
        emulated.set_presence(users[1], "Busy")
        listening.hear(1)

    assert emulated.notifications()["topics"] == 19


def test_what_cannot_be_expanded_is_refused_at_once(emulated, listen):
    """Before a channel is made."""
    with pytest.raises(UsageError, match="cannot be expanded"), listen("v2.conversations.{id}.transcription"):
        pass
    assert emulated.notifications()["channels"] == 0


def test_a_service_without_sockets_is_an_error(emulated, listen):
    """Whoever begins to listen wants to know soon, and nothing is left."""
    emulated.break_it(refuse_sockets=True)

    with (
        pytest.raises(GenesysError, match="no socket to the notification service") as caught,
        listen(PRESENCE),
    ):
        pass
    assert "HTTP 503" in caught.value.detail
    assert emulated.notifications()["topics"] == 0


# Breaking and going on


def break_meanwhile(emulated, listening, change):
    """Something happens while no socket is open."""
    emulated.break_it(sockets_down_seconds=0.3, drop_sockets=True)
    listening.wait_for("disconnected")
    change()


def test_presences_of_a_gap_are_filled(emulated, listen, users):
    """The last state of each user that changed, and nothing of the others."""
    with listen(PRESENCE) as listening:
        emulated.set_presence(users[0], "Busy")
        listening.hear(1)

        def change():
            for shown in ("Away", "Break"):
                emulated.set_presence(users[1], shown)
            emulated.set_presence(users[2], "Meal")

        break_meanwhile(emulated, listening, change)
        heard = listening.hear(2)
        emulated.set_presence(users[0], "Available")
        assert told(listening.hear(1)) == [(users[0], "live")]
        listening.hear_nothing()

    assert told(heard) == sorted([(users[1], "gap-fill"), (users[2], "gap-fill")])
    shown = {one.topic_name: one.event_body["presenceDefinition"]["systemPresence"] for one in heard}
    assert shown[f"v2.users.{users[1]}.presence"] == "BREAK"
    assert "what lay in between is lost" in listening.said("gap-filled")[0].message
    summary = listening.notifications.summary()
    assert (summary.live, summary.filled, summary.disconnects) == (2, 2, 1)


def test_routing_status_and_activity_are_filled(emulated, listen, users):
    """Of the users that changed."""
    with listen("v2.users.{id}?routingStatus&activity") as listening:
        change = {"status": "IDLE"}
        break_meanwhile(
            emulated,
            listening,
            lambda: emulated.call("PUT", f"/api/v2/users/{users[3]}/routingstatus", change),
        )
        heard = listening.hear(2)
        listening.hear_nothing()

    assert {one.topic: one.event_body["routingStatus"]["status"] for one in heard} == {
        "v2.users.{id}.routingStatus": "IDLE",
        "v2.users.{id}.activity": "IDLE",
    }
    assert {one.source for one in heard} == {"gap-fill"}


def test_membership_is_filled(emulated, listen, users, queues):
    """Who came and who left the queue; nothing when nothing changed."""
    members = f"/api/v2/routing/queues/{queues[0]}/members"
    before = {one["id"] for one in emulated.call("GET", members)["entities"]}
    leaving, coming = min(before), next(user for user in users if user not in before)
    with listen(MEMBERS) as listening:
        # Before the room has read the members, it could not fill a gap.
        wait_until(lambda: requests_of(emulated, members) > 1)
        time.sleep(0.2)

        def change():
            emulated.call("POST", members, [{"id": coming}])
            emulated.call("POST", f"{members}?delete=true", [{"id": leaving}])

        break_meanwhile(emulated, listening, change)
        heard = listening.hear(2)
        emulated.break_it(drop_sockets=True)
        listening.wait_for("gap-filled", 2)
        listening.hear_nothing(0.3)

    assert {one.event_body["user"]["id"]: one.event_body["joined"] for one in heard} == {
        coming: True,
        leaving: False,
    }
    assert listening.said("unfillable") == []


def test_audits_are_filled_each(emulated, listen, users):
    """Of one user several, in one gap, each of them."""
    topic = f"v2.audits.entitytype.UserPresence.entityid.{users[4]}"
    with listen(topic) as listening:
        emulated.set_presence(users[4], "Busy")
        listening.hear(1)

        def change():
            for shown in ("Away", "Break", "Available"):
                emulated.set_presence(users[4], shown)

        break_meanwhile(emulated, listening, change)
        heard = listening.hear(3)
        listening.hear_nothing()

    assert {one.source for one in heard} == {"gap-fill"}
    assert len({one.event_body["id"] for one in heard}) == 3
    assert [one.event_body["propertyChanges"][0]["newValues"] for one in heard] == [
        ["Away"],
        ["Break"],
        ["Available"],
    ]


def test_conversations_are_filled_step_by_step(emulated, listen, users, queues):
    """What came live before the gap is not told again, and what analytics told of is not told live."""
    call = Conversation(emulated, queues[0], users[0])
    with listen("v2.routing.queues.{id}.conversations") as listening:
        steps = [call.step(), call.step()]
        listening.hear(1)

        def go_on():
            time.sleep(0.01)
            steps.append(call.step())
            time.sleep(0.01)
            steps.append(call.step())

        break_meanwhile(emulated, listening, go_on)
        heard = listening.hear(2)
        steps.append(call.step())
        heard += listening.hear(1)
        listening.hear_nothing()

    assert [one.source for one in heard] == ["gap-fill", "gap-fill", "live"]
    assert [identify(one)[3] for one in heard] == steps[2:]
    assert {one.event_body["id"] for one in heard} == {call.key[1]}


def test_what_no_endpoint_tells_is_said(emulated, listen):
    """Once for each gap."""
    with listen("v2.users.{id}?presence&station") as listening:
        for number in (1, 2):
            emulated.break_it(drop_sockets=True)
            assert listening.wait_for("unfillable", number).topics == ("v2.users.{id}.station",)
            listening.wait_for("connected", number + 1)

        assert listening.notifications.summary().unfillable == ("v2.users.{id}.station",)


@pytest.mark.parametrize("fault", ["mute_sockets", "stop_heartbeats"])
def test_a_silent_socket_is_given_up(emulated, listen, users, fault):
    """A dead line, and one that still answers pings but beats no more."""
    with listen(PRESENCE) as listening:
        emulated.break_it(**{fault: True})
        if fault == "mute_sockets":
            emulated.set_presence(users[5], "Meeting")
        assert "no heartbeat for" in listening.wait_for("disconnected").message
        emulated.break_it(**{fault: False})
        if fault == "mute_sockets":
            assert told(listening.hear(1)) == [(users[5], "gap-fill")]


def test_an_announced_close_loses_nothing(emulated, listen, users):
    """A second channel takes over before the first one is closed; it is used again for the next time."""
    with listen(PRESENCE) as listening:
        for number in (1, 2, 3):
            emulated.break_it(announce_close=True)
            for user in users[10:20]:
                emulated.set_presence(user, ("Busy", "Away", "Available")[number - 1])
            assert told(listening.hear(10)) == sorted((user, "live") for user in users[10:20])
            listening.wait_for("renewed", number)
            time.sleep(QUICK.overlap_seconds + 0.3)
        summary = listening.notifications.summary()
        assert (summary.disconnects, summary.live, summary.filled) == (0, 30, 0)
        assert emulated.notifications()["channels"] == 2
        assert emulated.notifications()["topics"] == len(users)


def test_an_announced_close_without_room_for_a_second_channel(emulated, listen, users):
    """The same channel is connected anew, and the gap filled."""
    with listen(PRESENCE) as listening:
        take_channels(emulated, 19)
        emulated.break_it(announce_close=True)
        assert "no room for a second channel" in listening.wait_for("disconnected").message
        listening.wait_for("gap-filled")
        emulated.set_presence(users[0], "Training")
        listening.hear(1)

    assert emulated.notifications()["channels"] == 20


def test_an_expired_token_is_replaced(emulated, listen, users):
    """Its channels are gone with it; what happened meanwhile is filled."""
    with listen(PRESENCE) as listening:
        emulated.break_it(expire_tokens=True)
        emulated.set_presence(users[6], "Break")
        assert told(listening.hear(1)) in ([(users[6], "gap-fill")], [(users[6], "live")])
        assert listening.said("revoked")
        listening.wait_for("gap-filled")
        emulated.set_presence(users[6], "Meal")
        assert told(listening.hear(1)) == [(users[6], "live")]


def test_revoked_credentials_end_the_listening(emulated, listen):
    """Trying again cannot help, so whoever receives is told."""
    with listen(PRESENCE) as listening:
        emulated.break_it(revoke_client=True)
        with pytest.raises(GenesysRefusedError, match="does not accept the OAuth client"):
            list(listening.notifications.receive(time.monotonic() + PATIENCE))


def test_a_displaced_channel_is_said_and_replaced(emulated, listen, users):
    """Where there is room for another."""
    with listen(PRESENCE) as listening:
        emulated.break_it(displace_channels=True)
        assert "another_channel_subscribed" in listening.wait_for("displaced").message
        listening.wait_for("gap-filled")
        emulated.set_presence(users[8], "Meeting")
        assert told(listening.hear(1)) == [(users[8], "live")]


def test_a_displaced_channel_waits_for_room(emulated, listen, users):
    """Rather than take somebody else's; it goes on when the others have gone."""
    with listen(PRESENCE) as listening:
        emulated.break_it(refuse_sockets=True, displace_channels=True)
        listening.wait_for("displaced")
        wait_until(lambda: emulated.notifications()["channels"] == 1)
        take_channels(emulated, 20)
        emulated.break_it(refuse_sockets=False)
        wait_until(lambda: any("somebody else" in one.message for one in listening.said("disconnected")))
        emulated.break_it(expire_tokens=True)
        listening.wait_for("gap-filled")
        emulated.set_presence(users[9], "Away")
        assert told(listening.hear(1)) == [(users[9], "live")]


def test_a_dead_line_does_not_delay_leaving(emulated, listen):
    """A socket that does not answer to being closed is closed anyway."""
    with listen(PRESENCE):
        emulated.break_it(mute_sockets=True)
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_a_rate_limit_does_not_delay_leaving(emulated, listen):
    """Genesys Cloud may ask for a minute of patience; the subscriptions end with the channel anyway."""
    refusal = {"method": "DELETE", "path": "*/subscriptions", "status": 429, "count": 1, "retry_after": 6}
    with listen(PRESENCE, timing=replace(QUICK, leave_seconds=1)):
        emulated.break_it(fail_next=refusal)
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_one_topic_of_many_that_is_rejected(emulated, listen, users):
    """It is named with its id: the others of its template are heard."""
    emulated.break_it(deny_topics=[f"v2.users.{users[0]}.presence"])
    with listen(PRESENCE) as listening:
        assert listening.wait_for("rejected").topics == (f"v2.users.{users[0]}.presence",)
        emulated.set_presence(users[1], "Busy")
        assert told(listening.hear(1)) == [(users[1], "live")]


def test_a_channel_is_renewed_before_it_ends(tmp_path, open_room):
    """Subscribing again makes it live longer; no socket is lost."""
    notices = []
    with run_emulated_genesys(tmp_path, "--heartbeat", "0.3", "--channel-life", "2") as emulated:
        (user, *_) = emulated.seed(users=3)["users"]
        genesys = open_room(emulated.url, CREDENTIALS)
        with open_notifications(genesys, [PRESENCE], timing=QUICK, watch=notices.append) as notifications:
            listening = Listening(notifications, notices)
            listening.wait_for("renewed", 4)
            emulated.set_presence(user, "Busy")
            assert told(listening.hear(1)) == [(user, "live")]
            assert notifications.summary().disconnects == 0
