"""A probe sees events arrive, and never outlives its use."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import boto3
import pytest
from botocore.config import Config

from gcbridge.aws.probe import open_probe
from gcbridge.aws.probe_names import ProbeNames, choose_names
from gcbridge.aws.probe_sweep import sweep_probes
from gcbridge.errors import AwsError

pytestmark = pytest.mark.sandbox

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"


def first(probe, seconds=10):
    return next(probe.receive(time.monotonic() + seconds))


def assert_gone(world, journal):
    assert world.probe_rules() == []
    assert world.probe_queues() == []
    assert list(journal.entries()) == []


def test_event_is_seen(aws, bridge, built, journal):
    """An event that the partner sends comes out of the probe whole, with the times it was queued and read."""
    with open_probe(aws, bridge, journal) as probe:
        event_id = built.send()
        message = first(probe)

    assert message.event["id"] == event_id
    assert message.event["source"] == bridge.event_source_name
    assert message.event["detail-type"] == AUDITS
    assert timedelta(0) <= message.received_at - message.sent_at < timedelta(seconds=10)


def test_only_some_topics(aws, bridge, built, journal):
    """A probe that looks at one topic does not see the others."""
    with open_probe(aws, bridge, journal, detail_types=[PRESENCE]) as probe:
        built.send(AUDITS)
        event_id = built.send(PRESENCE)
        assert first(probe).event["id"] == event_id


def test_the_pattern_of_a_rule(aws, bridge, built, journal):
    """A probe may have exactly the pattern of a declared rule, to see what that rule sees."""
    pattern = next(rule.pattern_json for rule in bridge.rules if rule.name == "presence")
    with open_probe(aws, bridge, journal, pattern_json=pattern) as probe:
        made = aws.events.describe_rule(Name=probe.names.rule_name, EventBusName=bridge.event_bus_name)
        built.send(AUDITS)
        event_id = built.send(PRESENCE)
        assert first(probe).event["id"] == event_id

    assert made["EventPattern"] == pattern


def test_deadline(aws, bridge, built, journal):
    """Without events the iterator ends at its deadline."""
    with open_probe(aws, bridge, journal) as probe:
        started = time.monotonic()
        assert list(probe.receive(started + 1.2)) == []

    assert 1.0 <= time.monotonic() - started < 4


def test_each_event_once(aws, bridge, built, journal):
    """What was read is deleted, and does not come again."""
    with open_probe(aws, bridge, journal) as probe:
        sent = {built.send() for _ in range(12)}
        seen = [message.event["id"] for message in probe.receive(time.monotonic() + 2)]

    assert sorted(seen) == sorted(sent)


@pytest.mark.parametrize("taken", [0, 1, 3, 10, 12])
def test_stopping_in_the_middle_loses_nothing(aws, bridge, built, journal, taken):
    """What was read and not handed out comes with the next call; nothing comes twice, and the queue ends up empty."""
    with open_probe(aws, bridge, journal) as probe:
        sent = {built.send() for _ in range(12)}
        seen = [message.event["id"] for message in islice(probe.receive(time.monotonic() + 5), taken)]
        seen += [
            message.event["id"] for message in islice(probe.receive(time.monotonic() + 5), 12 - len(seen))
        ]
        rest = [message.event["id"] for message in probe.receive(time.monotonic())]
        assert wait_until_empty(aws, probe.queue_url)

    assert sorted(seen) == sorted(sent)
    assert rest == []


def wait_until_empty(aws, url):
    """Messages are deleted while others are read."""
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    end = time.monotonic() + 10
    while time.monotonic() < end:
        left = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        if set(left.values()) == {"0"}:
            return True
        time.sleep(0.05)
    return False


def milliseconds(delays):
    ordered = sorted(1000 * delay.total_seconds() for delay in delays)
    return {"p50": ordered[len(ordered) // 2], "p95": ordered[int(0.95 * len(ordered))], "max": ordered[-1]}


def test_it_keeps_up(aws, bridge, built, journal, record_property):
    """A probe hands events out as fast as they arrive: what it adds to a latency is a few milliseconds."""
    sent, seen = [], {}

    def send():
        for _ in range(100):
            sent.extend([built.send(AUDITS), built.send(PRESENCE)])

    with open_probe(aws, bridge, journal) as probe, ThreadPoolExecutor(1) as partner:
        started = time.monotonic()
        sending = partner.submit(send)
        for message in probe.receive(started + 60):
            seen[message.event["id"]] = message.received_at - message.sent_at
            if len(seen) == 200:
                break
        sending.result()
        took = time.monotonic() - started

    figures = milliseconds(seen.values())
    shown = ", ".join(f"{name} {value:.0f} ms" for name, value in figures.items())
    record_property("figures", f"200 events in {took:.1f} s; from the queue to the probe {shown}")
    assert sorted(seen) == sorted(sent)
    assert figures["p50"] < 100


def test_probe_while_it_lives(aws, bridge, built, journal):
    """Rule and queue are tagged, the queue is for this rule only, and the journal knows both."""
    with open_probe(aws, bridge, journal) as probe:
        names = probe.names
        assert list(journal.entries()) == [names]
        assert built.probe_rules() == [names.rule_name]
        assert names.queue_name.startswith("gcbridge-probe-dev-")
        assert aws.sqs.list_queue_tags(QueueUrl=probe.queue_url)["Tags"] == names.tags
        attributes = aws.sqs.get_queue_attributes(QueueUrl=probe.queue_url, AttributeNames=["All"])[
            "Attributes"
        ]
        assert attributes["MessageRetentionPeriod"] == "3600"
        assert attributes["SqsManagedSseEnabled"] == "true"
        assert bridge.rule_arn(names.rule_name) in attributes["Policy"]

    assert_gone(built, journal)


@pytest.mark.parametrize("ending", [KeyboardInterrupt, ValueError])
def test_interrupted(aws, bridge, built, journal, ending):
    """Whatever ends the block, the probe goes, and what ended it is passed on."""
    with pytest.raises(ending), open_probe(aws, bridge, journal):
        raise ending

    assert_gone(built, journal)


def test_creation_fails_half_way(aws, bridge, world, journal):
    """Without a bus the rule cannot be made; the queue that was made before it is removed."""
    with pytest.raises(AwsError, match="creating the probe's rule"), open_probe(aws, bridge, journal):
        pytest.fail("the probe was opened")

    assert world.probe_queues() == []
    assert list(journal.entries()) == []


def test_settling(aws, bridge, built, journal):
    """The caller says how long a new rule is given to take effect, once it exists."""
    slept = []

    def sleep(seconds):
        slept.append((seconds, len(built.probe_rules())))

    with open_probe(aws, bridge, journal, settle_seconds=7, sleep=sleep):
        pass

    assert slept == [(7, 1)]


def test_clean_up_that_fails(aws, bridge, built, journal):
    """What could not be removed stays in the journal, and the first error is the one that is seen."""
    deaf_sqs = boto3.client(
        "sqs",
        endpoint_url="http://127.0.0.1:9",
        region_name=bridge.aws.region,
        aws_access_key_id="x",
        aws_secret_access_key="y",
        config=Config(retries={"total_max_attempts": 1}),
    )
    deaf = replace(aws, sqs=deaf_sqs)

    with pytest.raises(AwsError, match="could not be reached"), open_probe(deaf, bridge, journal):
        pytest.fail("the probe was opened")

    assert len(list(journal.entries())) == 1


PROBING = """
import sys, time
from pathlib import Path
from gcbridge.aws.probe import open_probe
from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.session import open_aws
from gcbridge.model.bridge import Bridge

bridge = Bridge.model_validate_json(sys.stdin.read())
aws = open_aws(bridge.aws, environ={"AWS_ACCESS_KEY_ID": bridge.aws.account_id, "AWS_SECRET_ACCESS_KEY": "x"})
with open_probe(aws, bridge, ProbeJournal(Path(sys.argv[1]))) as probe:
    print(probe.names.model_dump_json(), flush=True)
    list(probe.receive(time.monotonic() + 60))
"""


@pytest.fixture
def probing(bridge, built, journal):
    """Another gcbridge, which waits for events, and the names of its probe."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROBING, str(journal.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        process.stdin.write(bridge.model_dump_json())
        process.stdin.close()
        yield process, ProbeNames.model_validate_json(process.stdout.readline())
        process.kill()


def test_ctrl_c_while_waiting(built, journal, probing):
    """Ctrl-C ends the wait at once and leaves nothing behind."""
    process, _ = probing
    pressed = time.monotonic()

    process.send_signal(signal.SIGINT)
    process.wait(timeout=10)

    assert time.monotonic() - pressed < 3
    assert_gone(built, journal)


def test_sweep_after_a_kill(aws, bridge, built, journal, probing):
    """The probe of a process that was killed is removed by the next sweep, and not before the process is gone."""
    process, names = probing
    assert sweep_probes(aws, bridge, journal) == ()

    process.kill()
    process.wait()

    assert built.probe_rules() == [names.rule_name]
    assert sweep_probes(aws, bridge, journal) == (names.rule_name, names.queue_name)
    assert_gone(built, journal)


def test_sweep_by_age(aws, bridge, built, journal, probing):
    """The probe of another machine, unknown to the journal here, goes when it is older than any verification."""
    process, names = probing
    process.kill()
    process.wait()
    journal.remove(names.run_id)

    assert sweep_probes(aws, bridge, journal) == ()
    assert sweep_probes(aws, bridge, journal, lifetime=timedelta(seconds=-5)) == (
        names.rule_name,
        names.queue_name,
    )
    assert_gone(built, journal)


def test_sweep_before_anything_was_made(aws, bridge, built, journal):
    """A process killed between writing its journal and its first call leaves nothing but the entry."""
    finished = subprocess.Popen([sys.executable, "-c", ""])
    finished.wait()
    journal.write(choose_names(bridge).model_copy(update={"pid": finished.pid}))

    sweep_probes(aws, bridge, journal)

    assert_gone(built, journal)


def test_sweep_leaves_the_living_alone(aws, bridge, built, journal):
    """A probe in use, the declared rules, and other environments' probes are not touched."""
    with open_probe(aws, bridge, journal) as probe:
        assert sweep_probes(aws, bridge, journal) == ()
        assert sweep_probes(aws, bridge.model_copy(update={"environment": "test"}), journal) == ()
        event_id = built.send()
        assert first(probe).event["id"] == event_id

    assert len(aws.events.list_rules(EventBusName=bridge.event_bus_name)["Rules"]) == len(bridge.rules)


def test_sweep_without_a_bus(aws, bridge, world, journal):
    """Sweeping an environment that was never applied finds nothing."""
    assert sweep_probes(aws, bridge, journal) == ()
