"""Listening while the notification service is broken again and again: what was caused, against what was told.

What "every event" means:

- Of audits and conversations, every single one: each audit, and each step of a conversation (a session begins or ends), is
  told exactly once, live or filled.
- Of presences, every state that lasted: the API tells the state at the moment when it is asked, so of several changes of one
  user between the loss of a socket and the filling of its gap only the last can be told. A change that is not told is
  excused only if it lies in such a time, and the same user changed again before the end of it.

A change that is neither told nor excused is missing; one that is told more than once is told twice; an event that nobody
caused is a stranger. All three make a trial fail.
"""

import contextlib
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from emulated_genesys import CREDENTIALS

from gcbridge.genesys import open_genesys
from gcbridge.genesys.notifications import open_notifications
from gcbridge.model.bridge import Organization
from gcbridge.study.notifications.moments import milliseconds

PRESENCE = "v2.users.{id}.presence"
AUDITS = "v2.audits.entitytype.UserPresence.entityid.{id}"
AUDIT_TEMPLATE = "v2.audits.entitytype.{id}.entityid.{id}"
CONVERSATIONS = "v2.routing.queues.{id}.conversations"
DETAIL = "v2.detail.events.conversation.{id}"
PRESENCES = ("Available", "Busy", "Away", "Break", "Meal", "Meeting", "Training")
BEFORE_MS = 1_000
"""How long before its loss is noticed a socket may have been dead: the cuts of a trial are noticed at once."""
STEPS = ("customer.start", "acd.start", "acd.end", "user.start", "user.end")
"""Of a conversation; from the second on, the queue has a part in it, and a live event tells of each."""


@dataclass(frozen=True)
class Load:
    """How much is listened to, and how much happens.

    Args:
        users: whose presence is listened to.
        audited: of how many of them audits are listened to.
        queues: whose conversations are listened to.
        events_per_second: changes, about.
    """

    users: int = 2_400
    audited: int = 50
    queues: int = 50
    events_per_second: float = 25


FULL_LOAD = Load()
"""2,500 subscriptions: one for each presence and each queue, one for each audited user."""


@dataclass
class Caused:
    """What was done, by the driver's thread."""

    presences: dict = field(default_factory=dict)
    """User -> moments (milliseconds) at which the presence changed."""
    audits: Counter = field(default_factory=Counter)
    """User -> changes that are audited."""
    steps: dict = field(default_factory=dict)
    """Conversation -> what it looks like after each step."""


@dataclass
class Outcome:
    """What came of a trial."""

    caused: int = 0
    told: int = 0
    live: int = 0
    filled: int = 0
    suppressed: int = 0
    excused: int = 0
    """Presences that nobody could tell of any more."""
    missing: list = field(default_factory=list)
    twice: list = field(default_factory=list)
    strangers: list = field(default_factory=list)
    disconnects: int = 0
    channels: int = 0
    subscriptions: int = 0
    topics: int = 0
    memory_begin_mb: float = 0.0
    memory_end_mb: float = 0.0
    longest_gap_seconds: float = 0.0
    notices: Counter = field(default_factory=Counter)

    @property
    def is_complete(self):
        """Everything was told once."""
        return not (self.missing or self.twice or self.strangers)


class Driver:
    """Changes presences and leads conversations, at random but repeatably, until it is stopped."""

    def __init__(self, emulated, users, audited, queues, load, seed):
        self.caused = Caused()
        self.error = None
        self._emulated = emulated
        self._users, self._audited, self._queues = users, set(audited), queues
        self._pause = 1 / load.events_per_second
        self._random = random.Random(seed)
        self._shown = dict.fromkeys(users, "Available")
        self._stop = threading.Event()
        self._conversation = None
        self._thread = threading.Thread(target=self._drive, name="driver")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def stop(self):
        """Ends after the change that is under way."""
        self._stop.set()
        self._thread.join()

    def _drive(self):
        try:
            due = time.monotonic()
            while not self._stop.is_set():
                if self._random.random() < 0.6:
                    self._change_presence()
                else:
                    self._lead_conversation()
                due += self._pause
                self._stop.wait(max(0.002, due - time.monotonic()))
        except BaseException as error:
            self.error = error
            raise

    def _change_presence(self):
        """Half of them of those whose audits are listened to, and often the same one again."""
        group = sorted(self._audited) if self._random.random() < 0.5 else self._users
        user = self._random.choice(group)
        shown = self._random.choice([one for one in PRESENCES if one != self._shown[user]])
        changed = self._emulated.set_presence(user, shown)
        self._shown[user] = shown
        self.caused.presences.setdefault(user, []).append(milliseconds(changed["modifiedDate"]))
        if user in self._audited:
            self.caused.audits[user] += 1

    def _lead_conversation(self):
        if self._conversation is None or self._conversation.is_over:
            queue = self._random.choice(self._queues)
            self._conversation = Conversation(self._emulated, queue, self._random.choice(self._users))
        state = self._conversation.step()
        if state is not None:
            self.caused.steps.setdefault(self._conversation.key, []).append(state)


class Conversation:
    """A call from its first to its last session; each step goes into analytics, then out as an event of the queue."""

    def __init__(self, emulated, queue, user):
        self._emulated, self._queue, self._user = emulated, queue, user
        self._id = str(uuid.uuid4())
        self._steps = iter(STEPS)
        self._participants = {}
        self.is_over = False

    @property
    def key(self):
        """The topic, and which conversation."""
        return CONVERSATIONS.replace("{id}", self._queue), self._id

    def step(self):
        """One session begins or ends; how the conversation looks then, or None before the queue has a part in it."""
        kind = next(self._steps)
        self.is_over = kind == STEPS[-1]
        who, _, edge = kind.partition(".")
        person = self._participants.setdefault(who, {"id": str(uuid.uuid4()), "session": str(uuid.uuid4())})
        self._tell_analytics(kind, person)
        if edge == "end":
            person["endTime"] = (
                datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            )
        if who == "customer":
            return None
        self._tell_listeners()
        return frozenset((one["id"], "endTime" in one) for one in self._participants.values())

    def _tell_analytics(self, kind, person):
        body = {
            "eventTime": time.time_ns() // 1_000_000,
            "conversationId": self._id,
            "participantId": person["id"],
            "sessionId": person["session"],
            "mediaType": "VOICE",
            "direction": "INBOUND",
        }
        body |= {} if kind.startswith("customer") else {"queueId": self._queue}
        body |= {"userId": self._user} if kind.startswith("user") else {}
        topic = f"{DETAIL}.{kind}"
        self._emulated.emit(topic, {"topicName": topic.replace("{id}", self._id), "eventBody": body})

    def _tell_listeners(self):
        people = [
            {key: one[key] for key in ("id", "endTime") if key in one} for one in self._participants.values()
        ]
        self._emulated.emit(
            CONVERSATIONS,
            {"topicName": self.key[0], "version": "2", "eventBody": {"id": self._id, "participants": people}},
        )


class Disturber:
    """Breaks the notification service at even intervals, and lets the token expire in the middle."""

    def __init__(self, emulated, seconds, disconnects, down_seconds, seed):
        self._emulated = emulated
        self._random = random.Random(seed)
        self._down_seconds = down_seconds
        pause = seconds / (disconnects + 1)
        cuts = [(pause * (number + 1), self._drop) for number in range(disconnects)]
        self._plan = sorted(
            [*cuts, (pause * (disconnects // 2 + 0.5), self._expire)], key=lambda planned: planned[0]
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._disturb, name="disturber")
        self.done = Counter()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join()

    def _disturb(self):
        begun = time.monotonic()
        for due, break_it in self._plan:
            if self._stop.wait(max(0.0, begun + due - time.monotonic())):
                return
            break_it()

    def _drop(self):
        """Of four: two sudden losses, one in the middle of events, one that is announced too late to be of use."""
        down = self._random.uniform(0.2, 1.0) * self._down_seconds
        number = self.done["disconnects"] % 4
        if number == 3:
            self._emulated.break_it(announce_close=True)
        switch = {"drop_socket_after_events": 2} if number == 2 else {"drop_sockets": True}
        self._emulated.break_it(sockets_down_seconds=down, **switch)
        self.done["disconnects"] += 1

    def _expire(self):
        self._emulated.break_it(expire_tokens=True)
        self.done["expiries"] += 1


def run_trial(emulated, *, seconds, disconnects, timing, load=FULL_LOAD, down_seconds=2.0, seed=1, say=print):
    """Listens for so long, while things happen and the service breaks.

    Args:
        emulated: a fresh organization.
        seconds: how long.
        disconnects: how often all sockets, or one of them, are cut.
        timing: of the listening.
        load: how much is listened to and happens.
        down_seconds: how long sockets are refused after a cut, at most.
        seed: the same seed makes the same changes.
        say: told what happens to the listening.

    Returns:
        The outcome.
    """
    ids = emulated.seed(users=load.users, queues=load.queues)
    users, queues = ids["users"][: load.users], ids["queues"][: load.queues]
    audited = users[: load.audited]
    topics = [
        *(PRESENCE.replace("{id}", user) for user in users),
        *(AUDITS.replace("{id}", user) for user in audited),
        *(CONVERSATIONS.replace("{id}", queue) for queue in queues),
    ]
    watch, told = Watch(say), []
    genesys = open_genesys(
        Organization(org_id="trial", region="eu-central-1", base_url=emulated.url), CREDENTIALS
    )
    with (
        contextlib.closing(genesys),
        open_notifications(genesys, topics, timing=timing, watch=watch) as notifications,
    ):
        memory = resident_mb()
        subscriptions = emulated.notifications()["topics"]
        driver = Driver(emulated, users, audited, queues, load, seed)
        disturber = Disturber(emulated, seconds, disconnects, down_seconds, seed)
        with driver, disturber:
            told += map(identify, notifications.receive(time.monotonic() + seconds))
        assert driver.error is None, driver.error
        told += settle(notifications, watch, timing)
        summary = notifications.summary()
        outcome = judge(driver.caused, told, watch.gaps())
    outcome.live, outcome.filled, outcome.suppressed = summary.live, summary.filled, summary.duplicates
    outcome.disconnects, outcome.channels, outcome.topics = (
        summary.disconnects,
        summary.channels,
        summary.topics,
    )
    outcome.subscriptions = subscriptions
    outcome.memory_begin_mb, outcome.memory_end_mb = memory, resident_mb()
    outcome.longest_gap_seconds = max((end - begin for begin, end in watch.gaps()), default=0) / 1000
    outcome.notices = Counter(notice.kind for notice in watch.notices)
    assert disturber.done == {"disconnects": disconnects, "expiries": 1}, disturber.done
    return outcome


def settle(notifications, watch, timing):
    """What still comes: until every gap was filled, and audits and conversations were looked up once more."""
    deadline = time.monotonic() + 60
    told = []
    while watch.is_open and time.monotonic() < deadline:
        told += map(identify, notifications.receive(time.monotonic() + 0.2))
    told += map(identify, notifications.receive(time.monotonic() + timing.look_again_seconds + 1))
    return told


class Watch:
    """Remembers notices, and from them the times without a socket."""

    def __init__(self, say):
        self.notices = []
        self._say = say

    def __call__(self, notice):
        """Is told of one."""
        self.notices.append(notice)
        self._say(f"{notice.at:%H:%M:%S} {notice.kind}: {notice.message}")

    @property
    def is_open(self):
        """Some gap was not filled yet."""
        return self._open_after()[-1][1] > 0 if self.notices else False

    def gaps(self):
        """Begin and end, in milliseconds, of each time in which some socket was lost, or its gap not yet filled."""
        gaps, begin = [], None
        for at, count in self._open_after():
            if count and begin is None:
                begin = at
            elif not count and begin is not None:
                gaps.append((begin - BEFORE_MS, at))
                begin = None
        return gaps

    def _open_after(self):
        """How many gaps are open, after each notice: each loss is filled once."""
        count, found = 0, []
        for notice in self.notices:
            count += "the socket is lost" in notice.message
            count -= notice.kind == "gap-filled" and "turned up" not in notice.message
            found.append((stamp(notice), count))
        return found


def judge(caused, told, gaps):
    """Holds what was told against what was caused.

    Args:
        caused: by the driver.
        told: see `identify`, in the order in which it was told.
        gaps: begin and end in milliseconds, see `Watch.gaps`.
    """
    outcome = Outcome(told=len(told))
    seen = Counter(told)
    outcome.twice = [key for key, count in seen.items() if count > 1]
    wanted = {
        ("conversation", *conversation, state)
        for conversation, states in caused.steps.items()
        for state in states
    }
    presences = {(PRESENCE, user, at) for user, moments in caused.presences.items() for at in moments}
    outcome.caused = len(wanted) + len(presences) + caused.audits.total()
    outcome.missing = [key for key in wanted if key not in seen]
    audits = Counter(key[1] for key in seen if key[0] == AUDIT_TEMPLATE)
    outcome.missing += [
        (AUDIT_TEMPLATE, user, f"{audits[user]} of {count}")
        for user, count in caused.audits.items()
        if audits[user] < count
    ]
    outcome.strangers = [key for key in seen if key[0] != AUDIT_TEMPLATE and key not in wanted | presences]
    outcome.strangers += [
        (AUDIT_TEMPLATE, user, count) for user, count in audits.items() if count > caused.audits[user]
    ]
    for lost in presences - seen.keys():
        if is_excused(lost, caused, gaps):
            outcome.excused += 1
        else:
            outcome.missing.append(lost)
    return outcome


def is_excused(presence, caused, gaps):
    """No socket was open for the change, and when the API was asked there was a later one."""
    _, user, at = presence
    return any(
        begin <= at <= end and any(at < later <= end for later in caused.presences[user])
        for begin, end in gaps
    )


def identify(one):
    """What was told, in the driver's terms."""
    body = one.event_body
    if one.topic == PRESENCE:
        return PRESENCE, one.topic_name.split(".")[2], milliseconds(body["modifiedDate"])
    if one.topic == AUDIT_TEMPLATE:
        return AUDIT_TEMPLATE, body["entity"]["id"], body["id"]
    state = frozenset((person["id"], "endTime" in person) for person in body["participants"])
    return "conversation", one.topic_name, body["id"], state


def stamp(notice):
    """When it was said, in milliseconds."""
    return int(notice.at.timestamp() * 1000)


def resident_mb():
    """Memory of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
