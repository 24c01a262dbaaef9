"""Targets that fail on purpose: how often an event is tried, and what becomes of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from control_endpoint import control
from customer_world import RULE, World, arn, policy, wait_for

# Longer than the emulator's pause between two snapshots.
SNAPSHOT_SECONDS = 3.5


def add_rule(world: World, attempts: int = 3) -> str:
    """A rule with a queue, so many retries and a dead-letter queue; returns the queue's ARN."""
    queue: str = world.bridge.add_queue("q", RULE)
    retries = {"RetryPolicy": {"MaximumRetryAttempts": attempts}}
    world.bridge.add_rule(RULE, {"Id": "q", "Arn": queue, **retries, **world.add_dead_letter_queue()})
    return queue


def test_a_target_that_always_fails(aws: Any, world: World) -> None:
    """After the last retry, a dead letter with the number of retries and the limit."""
    queue = add_rule(world, attempts=2)
    control(aws, "POST", {"target_arn": queue, "failure_rate": 1})
    world.bridge.send({"n": 1})
    (letter,) = wait_for(world.dead_letters)
    assert letter["body"]["detail"] == {"n": 1}
    found = {name: letter[name] for name in ("ERROR_CODE", "RETRY_ATTEMPTS", "EXHAUSTED_RETRY_CONDITION")}
    assert found == {
        "ERROR_CODE": "ERROR_FROM_TARGET",
        "RETRY_ATTEMPTS": "2",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
    }
    assert world.messages("q") == []


def test_no_retry_where_none_would_help(aws: Any, world: World) -> None:
    """A failure that can't be retried is a dead letter before PutPartnerEvents has answered."""
    fault = {"failure_rate": 1, "retryable": False, "error_code": "INVALID_PARAMETER"}
    control(aws, "POST", {"target_arn": add_rule(world), **fault})
    world.bridge.send()
    (letter,) = world.dead_letters()
    assert (letter["ERROR_CODE"], letter["RETRY_ATTEMPTS"]) == ("INVALID_PARAMETER", "0")
    assert "EXHAUSTED_RETRY_CONDITION" not in letter


def test_putting_events_does_not_wait_for_retries(aws: Any, world: World) -> None:
    """And a target that works again gets what waited for it."""
    control(aws, "POST", {"target_arn": add_rule(world, attempts=20), "failure_rate": 1})
    start = time.monotonic()
    world.bridge.send({"n": 1})
    assert time.monotonic() - start < 1
    assert world.messages("q") == []
    assert control(aws, "GET")[1]["deliveries_waiting"] == 1
    control(aws, "DELETE")
    assert wait_for(lambda: world.messages("q"))
    assert control(aws, "GET")[1] == {"faults": [], "metrics_late_seconds": 0.0, "deliveries_waiting": 0}


def test_pauses_grow(aws: Any, world: World) -> None:
    """The base is 0.2 s, and each pause between half of a doubling time and all of it."""
    control(aws, "POST", {"target_arn": add_rule(world, attempts=3), "failure_rate": 1})
    start = time.monotonic()
    world.bridge.send()
    assert wait_for(world.dead_letters)
    assert 0.7 <= time.monotonic() - start <= 5


def test_a_permission_that_goes_away_between_attempts_ends_the_retries(aws: Any, world: World) -> None:
    """Each attempt is judged anew."""
    queue = add_rule(world, attempts=20)
    control(aws, "POST", {"target_arn": queue, "failure_rate": 1})
    world.bridge.send()
    sqs = world.aws("sqs")
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    control(aws, "DELETE")
    (letter,) = wait_for(world.dead_letters)
    assert letter["ERROR_CODE"] == "NO_PERMISSIONS"
    assert int(letter["RETRY_ATTEMPTS"]) >= 1


def test_the_same_seed_fails_the_same_attempts(aws: Any, world: World) -> None:
    """A fault says what it has done so far."""
    queue = add_rule(world, attempts=0)
    counts = []
    for _ in range(2):
        _, fault = control(aws, "POST", {"target_arn": queue, "failure_rate": 0.5, "seed": 7})
        assert (fault["attempts"], fault["failures"]) == (0, 0)
        for _ in range(10):
            world.bridge.send()
        counts.append(control(aws, "GET")[1]["faults"][0]["failures"])
    assert counts[0] == counts[1]
    assert 0 < counts[0] < 10


def test_a_reset_forgets_what_waits(aws: Any, world: World) -> None:
    """Nothing of a former test arrives in a queue of the same name."""
    control(aws, "POST", {"target_arn": add_rule(world, attempts=20), "failure_rate": 1})
    world.bridge.send()
    aws.reset()
    assert control(aws, "GET")[1] == {"faults": [], "metrics_late_seconds": 0.0, "deliveries_waiting": 0}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"target_arn": "a"},
        {"target_arn": "a", "failure_rate": 2},
        {"metrics_late_seconds": -1},
        {"metrics_late_seconds": "soon"},
        {"target_arn": "a", "failure_rate": 1, "colour": "red"},
        [],
    ],
)
def test_faults_that_are_none(aws: Any, body: Any) -> None:
    """A 400 says what is wrong."""
    status, answer = control(aws, "POST", body)
    assert status == 400
    assert answer["message"]


def test_deliveries_that_wait_are_lost_in_a_kill(run_aws: Any, connect_to: Any) -> None:
    """AWS keeps them; here neither the queue nor the dead-letter queue gets the event."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    with run_aws() as aws:
        events, sqs = connect_to(aws)("events"), connect_to(aws)("sqs")
        for name in ("q", "dead"):
            sqs.create_queue(QueueName=name, Attributes={"Policy": policy(statement)})
        events.put_rule(Name="own", EventPattern=json.dumps({"source": ["my.app"]}))
        dead = {"DeadLetterConfig": {"Arn": arn("sqs", "dead")}}
        events.put_targets(Rule="own", Targets=[{"Id": "q", "Arn": arn("sqs", "q"), **dead}])
        control(aws, "POST", {"target_arn": arn("sqs", "q"), "failure_rate": 1})
        events.put_events(Entries=[{"Source": "my.app", "DetailType": "t", "Detail": "{}"}])
        assert control(aws, "GET")[1]["deliveries_waiting"] == 1
        time.sleep(SNAPSHOT_SECONDS)
        aws.kill()
        port = aws.port
    with run_aws(port=port) as aws:
        assert control(aws, "GET")[1] == {"faults": [], "metrics_late_seconds": 0.0, "deliveries_waiting": 0}
        sqs = connect_to(aws)("sqs")
        for name in ("q", "dead"):
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            assert "Messages" not in sqs.receive_message(QueueUrl=url)
