"""Ten thousand events through a rule whose target fails at random: none is lost, none is there twice."""

from __future__ import annotations

import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from customer_world import RULE, World

PARTNER = "999988887777"
EVENTS = 10_000
BATCH = 20
RETRIES = 2
FAILURE_RATE = 0.3
EVENTS_PER_SECOND = 500
PATIENCE_SECONDS = 60


def let_fail(aws: Any, queue: str) -> None:
    """Let the queue fail at random."""
    fault = {"target_arn": queue, "failure_rate": FAILURE_RATE, "seed": 7}
    address = f"{aws.endpoint}/_sandbox/faults"
    urllib.request.urlopen(address, json.dumps(fault).encode(), timeout=10).close()


def wait_until_nothing_waits(aws: Any) -> None:
    """Wait until the last retry is over."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{aws.endpoint}/_sandbox/faults", timeout=10) as answer:
            if json.load(answer)["deliveries_waiting"] == 0:
                return
        time.sleep(0.1)
    raise AssertionError("deliveries still wait")


def send_all(world: World) -> set[str]:
    """Send the events as the partner, in batches; returns their ids."""
    events = world.aws("events", account=PARTNER)
    entry = {"Source": world.bridge.source, "DetailType": "v2.test"}

    def send_batch(start: int) -> list[str]:
        entries = [{**entry, "Detail": json.dumps({"n": n})} for n in range(start, start + BATCH)]
        answer = events.put_partner_events(Entries=entries)
        assert answer["FailedEntryCount"] == 0
        return [result["EventId"] for result in answer["Entries"]]

    with ThreadPoolExecutor(2) as senders:
        ids = [event_id for batch in senders.map(send_batch, range(0, EVENTS, BATCH)) for event_id in batch]
    assert len(set(ids)) == EVENTS
    return set(ids)


def drain(world: World, queue: str) -> list[str]:
    """The ids of the events in a queue, which is then empty."""
    sqs, ids = world.aws("sqs"), []
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        ids += [json.loads(message["Body"])["id"] for message in messages]
        receipts = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=url, Entries=receipts)
    return ids


def test_ten_thousand_events(aws: Any, world: World, record_property: Any) -> None:
    """Count in the target + count in the dead-letter queue = count sent, event by event."""
    queue = world.bridge.add_queue("q", RULE)
    retries = {"RetryPolicy": {"MaximumRetryAttempts": RETRIES}}
    world.bridge.add_rule(RULE, {"Id": "q", "Arn": queue, **retries, **world.add_dead_letter_queue()})
    let_fail(aws, queue)

    start = time.monotonic()
    sent = send_all(world)
    rate = EVENTS / (time.monotonic() - start)
    wait_until_nothing_waits(aws)
    delivered, dead = drain(world, "q"), drain(world, "dead")

    record_property(
        "figures",
        (
            f"{EVENTS} events at {rate:.0f}/s, target failing at {FAILURE_RATE:.0%}, {RETRIES} retries: "
            f"{len(delivered)} in the target + {len(dead)} dead letters = {len(delivered) + len(dead)}"
        ),
    )
    assert sorted(delivered + dead) == sorted(sent)
    assert len(dead) > 0
    assert rate >= EVENTS_PER_SECOND
