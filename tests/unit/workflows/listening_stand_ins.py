"""Stand-ins for open channels, probes and displays, with scripts of what comes."""

from contextlib import contextmanager
from datetime import datetime, timezone

from gcbridge.aws.probe import ProbeMessage
from gcbridge.genesys.observing import OrganizationObservation
from gcbridge.model.notification import ListenNotice, ListenSummary, Notification

NOW = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
ORG = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
PRESENCE = "v2.users.{id}.presence"


def heard(status, user="ada", source="live", correlation="c1", at=NOW):
    """An event of the notification service."""
    return Notification(
        topic=PRESENCE,
        topic_name=f"v2.users.{user}.presence",
        event_body={"presenceDefinition": {"systemPresence": status}},
        correlation_id=correlation,
        heard_at=at,
        source=source,
    )


def seen(status, user="ada", correlation="c1", at=NOW, identity="e1", topic=PRESENCE):
    """The same event, as a probe reads it."""
    event = {
        "version": "0",
        "id": identity,
        "detail-type": topic,
        "source": f"aws.partner/genesys.com/cloud/{ORG}/dev",
        "account": "123456789012",
        "time": "2026-03-01T08:00:05Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {
            "topicName": f"v2.users.{user}.presence",
            "version": "2",
            "eventBody": {"presenceDefinition": {"systemPresence": status}},
            "metadata": {"CorrelationId": correlation},
            "timestamp": "2026-03-01T08:00:05.100Z",
        },
    }
    return ProbeMessage(event=event, sent_at=at, received_at=at)


def summary(live=0, topics=3):
    """What came of listening."""
    return ListenSummary(live=live, filled=0, duplicates=0, disconnects=0, channels=1, topics=topics)


def rejection(topic, *permissions):
    """Genesys Cloud rejects a topic."""
    return ListenNotice(
        kind="rejected",
        at=NOW,
        message=f"{topic} was rejected",
        topics=(topic,),
        missing_permissions=permissions,
    )


class Script:
    """Receives what a list holds, one batch a call; a number lets so many seconds pass, an exception is raised.

    When the list is used up, somebody presses Ctrl-C.
    """

    def __init__(self, *batches, told=None):
        self.batches = list(batches)
        self.told = told or summary()
        self.now = 0.0
        self.deadlines = []

    def clock(self):
        """Seconds that passed."""
        return self.now

    def receive(self, deadline):
        """The next batch."""
        self.deadlines.append(deadline)
        if not self.batches:
            raise KeyboardInterrupt
        for item in self.batches.pop(0):
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, float):
                self.now += item
            else:
                yield item
        self.now = max(self.now, deadline)

    def summary(self):
        """Of listening."""
        return self.told


class Opener:
    """Stands for `open_notifications`: notes what it was asked for and tells what happened."""

    def __init__(self, hearing, *notices):
        self.hearing = hearing
        self.notices = notices
        self.asked = None
        self.left = None
        self.is_open = False

    @contextmanager
    def __call__(self, genesys, topics, *, displace, left, watch):
        """Open channels."""
        assert genesys.is_logged_in
        self.left = left
        self.asked = (tuple(topics), displace)
        for notice in self.notices:
            watch(notice)
        self.is_open = True
        try:
            yield self.hearing
        finally:
            self.is_open = False


class Prober:
    """Stands for `temporary_probe`."""

    def __init__(self, receiving):
        self.receiving = receiving
        self.asked = None
        self.is_open = False

    @contextmanager
    def __call__(self, rooms, bridge, *, rule, topics=()):
        """Open a probe."""
        assert bridge.environment in rooms.workspace.environment_names()
        self.asked = (rule and rule.name, topics)
        self.is_open = True
        try:
            yield self.receiving, lambda: None
        finally:
            self.is_open = False


class Rooms:
    """The doors that listening needs; it is its own client of Genesys Cloud."""

    def __init__(self, workspace, org_id=ORG):
        self.workspace = workspace
        self.org_id = org_id
        self.told = []
        self.is_logged_in = False
        self.watch = self.told.append

    def open_genesys(self, organization):
        """Log in."""
        assert organization.region == "eu-central-1"
        return self

    def organization(self):
        """Whose credentials they are."""
        self.is_logged_in = True
        return OrganizationObservation(org_id=self.org_id, name="Test")

    def told_of(self, kind):
        """Subject and message of everything of that kind."""
        return [(told.subject, told.message) for told in self.told if told.kind == kind]


class Shown(list):
    """A display that is read until so many were shown."""

    def __init__(self, until=None):
        super().__init__()
        self.until = until

    def show(self, item):
        """Show one."""
        self.append(item)

    def is_read(self):
        """Whether anybody looks."""
        return self.until is None or len(self) < self.until
