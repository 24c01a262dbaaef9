"""Letters that something is wrong with, and queues that change meanwhile: nothing is lost, and nothing is in the way."""

import json
import sys
import threading
import time
from datetime import timedelta

import pytest
from buried_letters import ACCOUNT, ENVIRONMENT, REGION, Letters

from gcbridge.aws.dead_letters import find_letter_queue, look_into
from gcbridge.aws.delivery_attempt import Delivery
from gcbridge.aws.redelivery import log_event, open_delivery
from gcbridge.aws.session import server_time
from gcbridge.errors import RefusedError
from gcbridge.model.dead_letter import Selection
from gcbridge.workflows.dlq import purge_dead_letters
from gcbridge.workflows.letter_sender import LetterSender, Run
from gcbridge.workflows.pacing import Budget, Pacer
from gcbridge.workflows.redrive import redrive_dead_letters

pytestmark = pytest.mark.sandbox

ORDERED = ENVIRONMENT.replace("crm: {{type: sqs}}", "crm: {{type: sqs, fifo: true, message_group: all}}")


@pytest.fixture
def letters(emulated_aws, tmp_path):
    emulated_aws.reset()
    return Letters(tmp_path, emulated_aws.endpoint)


def sender_of(letters, deliver, until=None):
    """What sends the letters of crm with `deliver`."""
    target = letters.bridge.target("crm")
    run = Run(
        letters.bridge,
        letters.aws,
        Selection(),
        Pacer(500),
        Budget(None),
        threading.Event(),
        lambda _progress: None,
        until=until,
    )
    queue = find_letter_queue(letters.aws, target.dead_letter_queue_name)
    return LetterSender(run, target, queue, deliver)


def test_a_fifo_queue_drops_the_same_letter_only(emulated_aws, tmp_path):
    """Deduplication by content would swallow others that say the same, after which they would be deleted."""
    emulated_aws.reset()
    letters = Letters(tmp_path, emulated_aws.endpoint, environment=ORDERED, create_targets=False)
    target, fifo = letters.bridge.target("crm"), {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    letters.aws.sqs.create_queue(QueueName=target.queue_name, Attributes=fifo)
    deliver = open_delivery(letters.aws, target, {})

    for letter_id in ("letter-1", "letter-2", "letter-3", "letter-3"):
        deliver(Delivery('{"presence":"away"}', None, letter_id))

    name = "ApproximateNumberOfMessages"
    found = letters.aws.sqs.get_queue_attributes(
        QueueUrl=letters.url(target.queue_name), AttributeNames=[name]
    )
    assert int(found["Attributes"][name]) == 3


def test_letters_of_a_former_target_are_not_in_the_way(letters):
    """The target was not even asked, so it is not taken to be broken."""
    letters.bury(12, TARGET_ARN=f"arn:aws:sqs:{REGION}:{ACCOUNT}:former")
    letters.bury(3, code="THROTTLING")

    result = redrive_dead_letters(letters.rooms, letters.environment, per_second=500)

    assert (result.sent, result.refused, result.left) == (3, 12, 12)
    assert letters.depth("crm") == (12, 12)


def test_a_letter_that_cannot_be_sent_is_refused_and_the_others_go(letters):
    """Whatever is wrong with one letter, it stays where it is and is counted."""
    letters.bury(4)
    sent = []

    def deliver(delivery):
        if delivery.event["detail"]["number"] == 1:
            "\ud800".encode()
        sent.append(delivery.event["detail"]["number"])

    sender = sender_of(letters, deliver)
    sender.send_all()

    assert (sorted(sent), sender.sent, sender.refused.total()) == ([0, 2, 3], 3, 1)
    assert sender.refusals[0].reason == "it cannot be sent as it is: UnicodeEncodeError"
    assert letters.depth("crm") == (1, 1)


def test_letters_that_come_back_are_left_to_the_next_redrive(letters):
    """A function that fails again puts its letters into the same queue: sending those as well would never end."""
    letters.bury(3)
    began, sent = server_time(letters.aws) + timedelta(seconds=1), []

    def deliver(delivery):
        if not sent:
            time.sleep(1.1)
        sent.append(delivery.letter_id)
        letters.bury(1 if len(sent) < 30 else 0, code="AGAIN")

    sender = sender_of(letters, deliver, until=began)
    sender.send_all()

    assert (sender.sent, sender.stopped) == (3, "")
    assert letters.depth("crm") == (3, 3)


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_log_event_whose_timestamp_is_no_number(number):
    """It is written as it is, at the present time."""
    payload = f'{{"timestamp":{number},"message":"hello"}}'

    assert log_event(payload, now=lambda: 12) == {"timestamp": 12_000, "message": payload}


def test_a_queue_that_cannot_be_read_is_not_called_empty(letters):
    """A purge of it is refused before anything is deleted elsewhere."""
    letters.bury(2)
    letters.bury(2, target="part")
    url = letters.url(letters.bridge.target("part").dead_letter_queue_name)
    policy = json.dumps({"deadLetterTargetArn": letters.bridge.target("crm").arn, "maxReceiveCount": 1})
    letters.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})

    with pytest.raises(RefusedError, match="gcbridge-dev-part-dead-letter") as raised:
        purge_dead_letters(letters.rooms, letters.environment, confirm=lambda *_: True)

    assert "redrive policy of its own" in raised.value.detail
    assert letters.depth("crm") == (2, 2)


@pytest.mark.parametrize(("at_most", "seconds"), [(1000, 30), (10_000, 300)])
def test_a_long_look_hides_letters_for_longer(letters, at_most, seconds):
    """Letters that came back meanwhile would look like the end of the queue, and the rest would go uncounted."""
    letters.bury(1)
    asked = []
    letters.aws.sqs.meta.events.register(
        "provide-client-params.sqs.ReceiveMessage",
        lambda params, **_more: asked.append(params["VisibilityTimeout"]),
    )
    queue = find_letter_queue(letters.aws, letters.bridge.target("crm").dead_letter_queue_name)

    look_into(letters.aws, queue, lambda _message: True, limit=sys.maxsize, at_most=at_most)

    assert set(asked) == {seconds}
