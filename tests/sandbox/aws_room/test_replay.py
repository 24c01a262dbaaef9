"""Archived events come again: all of them, to whom they are for, and never before somebody said so."""

import time
from datetime import timedelta

import pytest
from botocore.exceptions import EndpointConnectionError
from replay_bus import AUDITS, KEYS, PRESENCE, open_bus, run_slow_aws, write_environment

from gcbridge.errors import AwsError, RefusedError, UsageError, WaitTimeoutError
from gcbridge.workflows.replay import cancel_replay, list_replays, resume_replay, watch_replay
from gcbridge.workflows.replay_waits import WatchStopped
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def slow_aws(tmp_path_factory):
    """One for all tests of this file."""
    with run_slow_aws(tmp_path_factory.mktemp("replays")) as emulated:
        yield emulated


@pytest.fixture
def empty_bus(slow_aws, tmp_path):
    """Nothing was made yet."""
    slow_aws.reset()
    with open_bus(tmp_path, slow_aws) as opened:
        yield opened


@pytest.fixture
def bus(empty_bus):
    """Archive, rules and queues; no event yet."""
    empty_bus.create()
    return empty_bus


@pytest.fixture
def busy(bus):
    """Forty audit events, one a minute, all delivered and read; their replay takes two seconds."""
    bus.send(AUDITS, *range(40))
    assert len(bus.arrived("audits", 40)) == 40
    return bus


def interrupt_at(count):
    """A sleep that sleeps, until Ctrl-C."""
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == count:
            raise KeyboardInterrupt
        time.sleep(min(seconds, 0.05))

    return sleep


def test_every_rule_gets_its_events_again(bus):
    """With `replay-name` on them; what is outside of the window stays in the archive."""
    bus.send(AUDITS, 0, 5, 61)
    bus.send(PRESENCE, 59, 60)
    assert (len(bus.arrived("audits", 3)), len(bus.arrived("presence", 2))) == (3, 2)

    done = bus.replay()

    assert (done.state, done.rules, done.rule_arns) == ("COMPLETED", (), ())
    assert done.window.start == bus.start
    assert done.last_replayed == bus.start + timedelta(minutes=59)
    assert done.seconds is not None
    assert bus.replayed("audits", 2) == [(0, "again"), (5, "again")]
    assert bus.replayed("presence", 1) == [(59, "again")]
    assert bus.messages("finished")[-1].startswith("COMPLETED: 100 % of the window")


def test_only_some_rules(bus):
    """The others do not see it."""
    bus.send(AUDITS, 0)
    bus.send(PRESENCE, 0)
    assert (len(bus.arrived("audits", 1)), len(bus.arrived("presence", 1))) == (1, 1)

    done = bus.replay(rules=("presence",))

    assert done.rules == ("presence",)
    assert done.rule_arns == (bus.bridge.rule_arn("presence"),)
    assert bus.replayed("presence", 1) == [(0, "again")]
    url = bus.aws.sqs.get_queue_url(QueueName=bus.bridge.target("audits").queue_name)["QueueUrl"]
    assert "Messages" not in bus.aws.sqs.receive_message(QueueUrl=url)


def test_a_person_sees_what_was_decided_and_may_say_no(bus):
    """Nothing is started then."""
    shown = []

    with pytest.raises(RefusedError, match="was not started"):
        bus.replay(confirm=shown.append, since="-9h", name=None)

    (plan,) = shown
    assert plan.name.startswith("gcbridge-dev-")
    assert (plan.archive_arn, plan.event_bus_arn) == (bus.bridge.archive_arn, bus.bridge.event_bus_arn)
    assert plan.settle_seconds == 600
    assert "it holds nothing that came before" in plan.notes[0]
    assert list_replays(bus.rooms, bus.environment) == ()


@pytest.mark.parametrize(
    ("rules", "words", "hint"),
    [
        (("audit",), "no rule audit", "did you mean --rule audits"),
        (("paused",), "is disabled and would receive nothing", "gcbridge plan dev"),
    ],
)
def test_rules_that_would_receive_nothing(bus, rules, words, hint):
    """A replay for nobody would look like a success."""
    with pytest.raises(UsageError, match=words) as caught:
        bus.replay(rules=rules)

    assert hint in caught.value.hint


@pytest.mark.parametrize("changes", [{"name": "no spaces"}, {"name": "n" * 65}, {"settle": "soon"}])
def test_what_cannot_be_asked_for(bus, changes):
    """Before anything is started."""
    with pytest.raises(UsageError):
        bus.replay(**changes)

    assert list_replays(bus.rooms, bus.environment) == ()


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        """Seconds."""
        return self.seconds

    def sleep(self, seconds):
        """Moves the clock; AWS, which is real here, gets a moment."""
        time.sleep(0.001)
        self.seconds += seconds


def test_late_events_are_waited_for(bus):
    """Ten minutes after the end of the window, counted down; the end is one minute ago here."""
    clock = Clock()

    bus.replay(minutes=119, timing=bus.timing(clock=clock, sleep=clock.sleep))

    waited = [message for message in bus.messages("running") if "late events" in message]
    assert len(waited) == 9 * 60
    assert waited[0].endswith("9:00 left")
    assert waited[-1].endswith("0:01 left")


def test_no_wait_for_late_events(bus):
    """Who knows that nothing is on its way need not wait."""
    assert bus.replay(minutes=119, settle="0").state == "COMPLETED"


def test_ctrl_c_before_the_start(bus):
    """Nothing was started, and that is said."""
    with pytest.raises(KeyboardInterrupt) as caught:
        bus.replay(minutes=119, timing=bus.timing(sleep=interrupt_at(3)))

    assert not isinstance(caught.value, WatchStopped)
    assert bus.messages("failed") == ["interrupted; no replay was started"]
    assert list_replays(bus.rooms, bus.environment) == ()


def test_ctrl_c_while_it_runs(busy):
    """Watching stops, the replay does not; anybody can look at it again."""
    with pytest.raises(WatchStopped) as caught:
        busy.replay(timing=busy.timing(sleep=interrupt_at(5)))

    assert (caught.value.name, caught.value.started) == ("again", True)
    assert watch_replay(busy.rooms, busy.environment, timing=busy.timing()).state == "COMPLETED"
    assert len(busy.arrived("audits", 40)) == 40


def test_ctrl_c_while_aws_is_asked_to_start(bus):
    """Then nobody knows whether it was started, and nobody claims to."""

    def interrupt(**_request):
        raise KeyboardInterrupt

    bus.aws.events.meta.events.register("before-call.events.StartReplay", interrupt)

    with pytest.raises(WatchStopped) as caught:
        bus.replay()

    assert caught.value.started is False


def test_not_waited_for(busy):
    """It is started and goes on."""
    assert busy.replay(wait=False).is_under_way
    assert watch_replay(busy.rooms, busy.environment, "again", timing=busy.timing()).state == "COMPLETED"


def test_cancelled_and_resumed(busy, slow_aws, tmp_path):
    """No event is lost, and what comes twice lies within one minute; another machine can do it."""
    busy.replay(wait=False)
    while (list_replays(busy.rooms, busy.environment)[0].last_replayed or busy.start) <= busy.start:
        time.sleep(0.02)

    cancelled = cancel_replay(busy.rooms, busy.environment, timing=busy.timing())

    assert cancelled.state == "CANCELLED"
    assert busy.start < cancelled.last_replayed < busy.start + timedelta(minutes=39)
    reached = int((cancelled.last_replayed - busy.start).total_seconds()) // 60
    assert busy.replayed("audits", reached + 1) == [(minute, "again") for minute in range(reached + 1)]

    write_environment(tmp_path / "elsewhere", slow_aws.endpoint)
    elsewhere = Rooms(Workspace(tmp_path / "elsewhere"), KEYS)
    shown = []
    resumed = resume_replay(
        elsewhere,
        busy.environment,
        confirm=lambda plan: not shown.append(plan),
        new_name="rest",
        timing=busy.timing(),
    )

    assert (resumed.state, resumed.window.end) == ("COMPLETED", cancelled.window.end)
    assert resumed.window.start == cancelled.last_replayed - timedelta(minutes=1)
    assert "may come twice" in shown[0].notes[0]
    assert "goes on after again" in resumed.description
    assert busy.replayed("audits", 41 - reached) == [(minute, "rest") for minute in range(reached - 1, 40)]


def test_resumed_for_the_same_rules(busy):
    """The filter is read from AWS."""
    busy.replay(wait=False, rules=("audits",))
    cancel_replay(busy.rooms, busy.environment, timing=busy.timing())

    resumed = resume_replay(
        busy.rooms, busy.environment, "again", confirm=lambda _plan: True, timing=busy.timing()
    )

    assert resumed.rules == ("audits",)
    assert resumed.name.startswith("gcbridge-dev-")


def test_what_cannot_be_resumed(busy):
    """A replay that runs is watched; of one that is complete, nothing is left."""
    resume = {"confirm": lambda _plan: True, "timing": busy.timing()}
    busy.replay(wait=False)
    with pytest.raises(RefusedError, match="is still") as caught:
        resume_replay(busy.rooms, busy.environment, **resume)
    assert caught.value.hint == "watch it: gcbridge replay dev --watch again"

    watch_replay(busy.rooms, busy.environment, timing=busy.timing())

    with pytest.raises(RefusedError, match="is COMPLETED; nothing of it is left"):
        resume_replay(busy.rooms, busy.environment, **resume)


def test_what_cannot_be_cancelled(busy):
    """Nothing runs, several run, or the name is wrong."""
    with pytest.raises(UsageError, match="knows no replay of archive"):
        cancel_replay(busy.rooms, busy.environment)
    busy.replay(wait=False)
    busy.replay(wait=False, name="too")

    with pytest.raises(UsageError, match="2 replays run") as several:
        cancel_replay(busy.rooms, busy.environment)
    with pytest.raises(UsageError, match="knows no replay agian") as unknown:
        cancel_replay(busy.rooms, busy.environment, "agian")

    assert set(several.value.detail.split()) == {"again", "too"}
    assert "did you mean again?" in unknown.value.hint
    assert cancel_replay(busy.rooms, busy.environment, "again", timing=busy.timing()).state == "CANCELLED"
    with pytest.raises(RefusedError, match="is CANCELLED; there is nothing to cancel") as ended:
        cancel_replay(busy.rooms, busy.environment, "again")
    assert "--resume again" in ended.value.hint


def test_a_name_is_used_once(bus):
    """AWS keeps it."""
    bus.replay()

    with pytest.raises(RefusedError, match="a replay named again exists already") as caught:
        bus.replay()

    assert "gcbridge replay dev --watch again" in caught.value.hint


def test_ten_at_once(bus):
    """More than ten AWS does not run; what to look at is said."""
    bus.send(AUDITS, *range(60), *range(60), *range(60), *range(60))
    for number in range(10):
        bus.aws.events.start_replay(
            ReplayName=f"replay-{number}",
            EventSourceArn=bus.bridge.archive_arn,
            EventStartTime=bus.start,
            EventEndTime=bus.start + timedelta(hours=1),
            Destination={"Arn": bus.bridge.event_bus_arn},
        )

    with pytest.raises(AwsError, match="as many replays as it allows") as caught:
        bus.replay()

    assert "gcbridge replay dev --list" in caught.value.hint


def test_list(bus):
    """The newest first."""
    bus.replay(name="first")
    time.sleep(1.1)
    bus.replay(name="second", rules=("audits",))

    found = list_replays(bus.rooms, bus.environment)

    assert [(summary.name, summary.state) for summary in found] == [
        ("second", "COMPLETED"),
        ("first", "COMPLETED"),
    ]


def test_replays_of_other_archives_are_left_alone(bus, slow_aws):
    """Not listed, not cancelled."""
    bus.replay()
    write_environment(bus.rooms.workspace.root, slow_aws.endpoint, archive="another")

    assert list_replays(bus.rooms, bus.environment) == ()
    with pytest.raises(RefusedError, match="is not of this environment"):
        cancel_replay(bus.rooms, bus.environment, "again")


def test_no_archive_yet(empty_bus):
    """The environment wants one, and nobody has applied it."""
    with pytest.raises(RefusedError, match="archive gcbridge-dev does not exist yet") as caught:
        empty_bus.replay()

    assert "gcbridge apply dev" in caught.value.hint


def test_an_archive_of_another_bus(empty_bus):
    """Its events belong to somebody else."""
    events = empty_bus.aws.events
    other = events.create_event_bus(Name="other")["EventBusArn"]
    events.create_archive(ArchiveName="gcbridge-dev", EventSourceArn=other)

    with pytest.raises(RefusedError, match="is of another event bus") as caught:
        empty_bus.replay()

    assert other in caught.value.detail


def test_nothing_of_the_window_is_left(bus):
    """It ended before the archive was made."""
    with pytest.raises(RefusedError, match="holds nothing of"):
        bus.replay(since="-9h", until="-8h")


def test_aws_out_of_reach_while_it_runs(busy):
    """The replay is not lost with the connection, and how to look again is said."""

    def unplug(_seconds):
        busy.aws.events.meta.events.register("before-call.events.DescribeReplay", fail)

    def fail(**_request):
        raise EndpointConnectionError(endpoint_url=busy.bridge.aws.endpoint_url)

    with pytest.raises(AwsError, match="could not be reached") as caught:
        busy.replay(timing=busy.timing(sleep=unplug))

    assert "AWS goes on with the replay" in caught.value.hint
    assert caught.value.hint.endswith("gcbridge replay dev --watch again")


def test_aws_that_never_knows_what_it_started(bus):
    """Nobody is sent to start it a second time."""
    clock = Clock()

    def not_yet(http_response, parsed, **_rest):
        parsed["Error"] = {"Code": "ResourceNotFoundException", "Message": "Replay again does not exist."}
        http_response.status_code = 400

    bus.aws.events.meta.events.register("after-call.events.DescribeReplay", not_yet)

    with pytest.raises(WaitTimeoutError, match="does not know it after 30 s") as caught:
        bus.replay(timing=bus.timing(clock=clock, sleep=clock.sleep))

    assert "do not start it again" in caught.value.hint
