"""ReceiveMessage that waits: it ends when a message arrives, and not at the emulator's leisure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def sqs(connect: Any) -> Any:
    """SQS with a queue ``q``."""
    sqs = connect("sqs")
    sqs.create_queue(QueueName="q", Attributes={"ReceiveMessageWaitTimeSeconds": "1"})
    return sqs


def url_of(sqs: Any) -> str:
    """The queue's address."""
    return str(sqs.get_queue_url(QueueName="q")["QueueUrl"])


def receive(sqs: Any, **wishes: int) -> tuple[list[Any], float]:
    """Messages, and how long that took."""
    start = time.monotonic()
    messages = sqs.receive_message(QueueUrl=url_of(sqs), **wishes).get("Messages", [])
    return messages, time.monotonic() - start


def later(seconds: float, work: Callable[[], Any]) -> threading.Timer:
    """Do something while somebody else waits."""
    timer = threading.Timer(seconds, work)
    timer.start()
    return timer


def test_it_ends_when_a_message_arrives(sqs: Any) -> None:
    """Within far less than the tenth of a second that ministack sleeps; the best of several is what counts."""
    delays = []
    for _ in range(5):
        sent: list[float] = []

        def send(sent: list[float] = sent) -> None:
            sent.append(time.monotonic())
            sqs.send_message(QueueUrl=url_of(sqs), MessageBody="now")

        timer = later(0.15, send)
        messages, _ = receive(sqs, WaitTimeSeconds=10, VisibilityTimeout=60)
        delays.append(time.monotonic() - sent[0])
        timer.join()
        assert [message["Body"] for message in messages] == ["now"]
    assert min(delays) < 0.05


@pytest.mark.parametrize(
    ("wishes", "least"), [({"WaitTimeSeconds": 0}, 0.0), ({}, 1.0), ({"WaitTimeSeconds": 2}, 2.0)]
)
def test_without_a_message_it_waits_as_wished(sqs: Any, wishes: dict[str, int], least: float) -> None:
    """As the request says, else as the queue says."""
    messages, seconds = receive(sqs, **wishes)
    assert messages == []
    assert least <= seconds < least + 0.9


def test_a_message_that_becomes_visible_again_ends_it_too(sqs: Any) -> None:
    """Nobody has sent anything then."""
    sqs.send_message(QueueUrl=url_of(sqs), MessageBody="again")
    (message,), _ = receive(sqs, VisibilityTimeout=60)
    give_back = {"QueueUrl": url_of(sqs), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
    timer = later(0.2, lambda: sqs.change_message_visibility(**give_back))
    messages, seconds = receive(sqs, WaitTimeSeconds=10)
    timer.join()
    assert [message["Body"] for message in messages] == ["again"]
    assert seconds < 3


def test_a_queue_that_is_not_there(sqs: Any) -> None:
    """It refuses at once."""
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.receive_message(QueueUrl=f"{url_of(sqs)}-none", WaitTimeSeconds=5)
