"""tail --compare: which events count, what is shown of them, and when it is over."""

import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from listening_stand_ins import (
    NOW,
    ORG,
    PRESENCE,
    Opener,
    Prober,
    Rooms,
    Script,
    Shown,
    heard,
    rejection,
    seen,
)

from gcbridge.errors import AwsError, UsageError
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.topics.heard import HeardTopics
from gcbridge.workflows.both_ways import Admission, BothWays, over_eventbridge
from gcbridge.workflows.compare import compare
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.event_stream import Sieve
from gcbridge.workflows.listen import Notices
from gcbridge.workflows.tail import TailRequest
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import write_organization_topics

ACW = "v2.detail.events.conversation.{id}.acw"
ENVIRONMENT = f"""\
genesys:
  region: eu-central-1
  org_id: "{ORG}"
  event_source_suffix: dev
  topics: ["{PRESENCE}", "{ACW}"]
aws: {{region: eu-central-1, account_id: "123456789012"}}
rules:
  away:
    topics: ["{PRESENCE}"]
    where: {{eventBody: {{presenceDefinition: {{systemPresence: [AWAY]}}}}}}
    targets: [queue]
  acw: {{topics: ["{ACW}"], targets: [queue]}}
targets:
  queue: {{type: sqs}}
"""
GRACE = timedelta(seconds=10)


class Display(Shown):
    """Keeps what is shown as short words."""

    def show_first(self, sighting):
        """One way."""
        self.append(f"{sighting.way} {sighting.correlation_id}")

    def show_decided(self, event):
        """Decided."""
        self.append(f"{event.kind} {event.correlation_id}")


class OnBus:
    """What a probe saw, one batch each time it is looked at."""

    def __init__(self, *batches):
        self.batches = list(batches)

    def drain(self):
        """The next batch."""
        return iter(self.batches.pop(0) if self.batches else ())


def watch(script, on_bus, seconds=60, display=None, sieve=None):
    """Both ways over a scripted clock; both steps of a script take 0.2 s."""
    shown = Display() if display is None else display
    admission = Admission(HeardTopics((PRESENCE,)), Notices(print), sieve or Sieve(None), lambda _: True)
    ways = BothWays(
        script.receive,
        on_bus,
        admission,
        shown,
        lambda: None,
        clock=script.clock,
        now=lambda: NOW + timedelta(seconds=script.now),
    )
    return shown, ways.run(seconds, GRACE)


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def test_what_comes_both_ways_is_paired_as_it_comes():
    script = Script([heard("BUSY", at=later(0))], [], [], [heard("AWAY", correlation="c2", at=later(1))])
    on_bus = OnBus([], [], [seen("BUSY", at=later(0.5))])

    shown, result = watch(script, on_bus)

    assert shown == ["websocket c1", "both c1", "websocket c2"]
    assert (result.summary.both, result.summary.undecided, result.ending) == (1, 1, "interrupted")
    assert result.summary.later.p50 == 0.5


def test_what_stays_alone_is_told_when_the_grace_is_over():
    script = Script([heard("BUSY")], [11.0], [])

    shown, result = watch(script, OnBus())

    assert shown == ["websocket c1", "only-websocket c1"]
    assert result.summary.only_websocket == 1


def test_at_the_end_partners_are_waited_for_and_nobody_else():
    """What is new after the end is not shown, since its partner would not be waited for either."""
    script = Script(
        [heard("BUSY")], [heard("AWAY", correlation="c2")], [heard("LATE", correlation="c3")], [], []
    )
    on_bus = OnBus([], [], [], [seen("BUSY")], [seen("AWAY", correlation="c2", identity="e2")])

    shown, result = watch(script, on_bus, seconds=0.4)

    assert shown == ["websocket c1", "websocket c2", "both c1", "both c2"]
    assert (result.summary.both, result.ending, len(script.deadlines)) == (2, "time", 5)


def test_at_the_end_it_waits_no_longer_than_the_grace():
    script = Script([heard("BUSY", at=later(0.4))], [], [5.0], [5.0], [], [])

    shown, result = watch(script, OnBus(), seconds=0.4)

    assert shown == ["websocket c1", "only-websocket c1"]
    assert (result.summary.only_websocket, result.summary.undecided, result.ending) == (1, 0, "time")


def test_a_second_ctrl_c_is_not_needed():
    """Who interrupts waits for nothing; what is open is counted as such."""
    script = Script([heard("BUSY")], [KeyboardInterrupt()])

    _, result = watch(script, OnBus())

    assert (result.summary.undecided, result.summary.only_websocket) == (1, 0)


def test_nobody_reads_on():
    _, result = watch(Script([heard("BUSY")]), OnBus(), display=Display(until=1))

    assert result.ending == "unread"


def test_when_an_event_was_sent():
    """EventBridge's own `time` has whole seconds only."""
    message = seen("BUSY")
    assert over_eventbridge(message).sent_at == later(5.1)

    del message.event["detail"]["timestamp"]
    assert over_eventbridge(message).sent_at == later(5)


@pytest.mark.parametrize(
    ("detail", "topic_name", "body"),
    [
        (None, "", {}),
        ("text", "", {}),
        ({"topicName": 5, "eventBody": []}, "5", {}),
        ({"metadata": None}, "", {}),
    ],
)
def test_an_event_of_another_form_is_no_reason_to_fail(detail, topic_name, body):
    message = seen("BUSY")
    message.event["detail"] = detail
    message.event["time"] = "yesterday"

    sighting = over_eventbridge(message)

    assert (sighting.topic_name, sighting.event_body, sighting.sent_at) == (topic_name, body, None)


@pytest.fixture
def rooms(tmp_path):
    """A workspace whose organization sends one topic over EventBridge alone."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    workspace = Workspace(tmp_path)
    topics = (
        Topic(topic=ACW, transports=("EventBridge",), source="organization"),
        Topic(topic=PRESENCE, transports=("All",), source="organization"),
    )
    catalogue = TopicCatalogue(topics=topics, taken_at="2026-03-01", origin="organization Test", asked=True)
    write_organization_topics(workspace, "dev", catalogue)
    return Rooms(workspace)


class Probed:
    """A probe that sees everything in its first poll."""

    def __init__(self, *events):
        self.events = list(events)
        self.is_read = False

    def receive(self, _deadline):
        """What is left."""
        time.sleep(0.01)
        while self.events:
            event = self.events.pop(0)
            if isinstance(event, Exception):
                raise event
            yield replace(event, received_at=datetime.now(timezone.utc))
        self.is_read = True


class Waiting(Script):
    """Hears what the script says, and is interrupted one step after the probe was read."""

    def __init__(self, probed, *batches):
        super().__init__(*batches)
        self.probed = probed

    def receive(self, deadline):
        """The next batch."""
        time.sleep(0.01)
        if not self.batches and self.probed.is_read:
            self.probed.is_read = False
            self.batches = [[], [KeyboardInterrupt()]]
        if self.batches:
            yield from super().receive(deadline)


def run(rooms, probed, *batches, notices=(), **request):
    """As if it all happened now: this is the one place that looks at the clock of this machine."""
    now = datetime.now(timezone.utc)
    batches = [[event.model_copy(update={"heard_at": now}) for event in batch] for batch in batches]
    opener, prober, shown = Opener(Waiting(probed, *batches), *notices), Prober(probed), Display()
    environment = load_environment(rooms.workspace, "dev", any_topic=True)
    result = compare(
        rooms, environment, TailRequest(**request), shown, grace="10s", opener=opener, prober=prober
    )
    assert (opener.is_open, prober.is_open) == (False, False)
    return opener, prober, shown, result


def test_topics_that_go_both_ways_are_compared(rooms):
    """The others are named; the probe asks for no more, and what EventBridge brings of others does not count."""
    probed = Probed(seen("BUSY"), seen("ACW", topic=ACW, identity="e2"))

    opener, prober, shown, result = run(rooms, probed, [heard("BUSY")])

    assert opener.asked == ((PRESENCE,), False)
    assert prober.asked == (None, (PRESENCE,))
    assert shown[1:] == ["both c1"]
    assert (result.summary.both, result.summary.undecided, result.summary.topics) == (1, 0, (PRESENCE,))
    assert result.summary.unheard == {
        ACW: "the notification service does not carry it (its transports: EventBridge)"
    }


def test_a_rule_is_asked_about_what_came_over_the_websocket(rooms):
    """EventBridge has asked it already."""
    probed = Probed(seen("AWAY", correlation="c2"))

    _, prober, _, result = run(rooms, probed, [heard("BUSY"), heard("AWAY", correlation="c2")], rule="away")

    assert prober.asked == ("away", (PRESENCE,))
    assert (result.summary.both, result.summary.undecided) == (1, 0)


def test_a_filter_is_asked_about_both_ways(rooms):
    probed = Probed(seen("BUSY"), seen("AWAY", correlation="c2", identity="e2"))
    expression = "eventBody.presenceDefinition.systemPresence == 'AWAY'"

    _, _, shown, result = run(
        rooms, probed, [heard("BUSY"), heard("AWAY", correlation="c2")], filter=expression
    )

    assert (result.summary.both, result.summary.undecided, result.sieve.kept_back) == (1, 0, 2)
    assert {line.split()[1] for line in shown} == {"c2"}


def test_what_genesys_cloud_rejects_is_not_compared(rooms):
    """One user of whom nothing may be heard is no loss of the WebSocket."""
    probed = Probed(seen("BUSY", user="bob"), seen("BUSY", correlation="c2", identity="e2"))
    notice = rejection("v2.users.bob.presence", "users:presence:view")

    _, _, _, result = run(rooms, probed, [heard("BUSY", correlation="c2")], notices=[notice])

    assert (result.summary.both, result.summary.undecided) == (1, 0)
    assert result.summary.unheard["v2.users.bob.presence"] == "v2.users.bob.presence was rejected"


def test_no_topic_goes_both_ways(rooms):
    with pytest.raises(UsageError, match="no topic of dev goes both ways"):
        run(rooms, Probed(), rule="acw")


def test_a_failure_of_the_probe_ends_everything(rooms):
    with pytest.raises(AwsError, match="gone"):
        run(rooms, Probed(AwsError("the probe's queue is gone")), [], [], [], [], [])
