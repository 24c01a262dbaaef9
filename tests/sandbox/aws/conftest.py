"""One emulated AWS for all these tests, emptied before each; clients and short words for what tests do."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config

from gcbridge.sandbox.aws.process import EmulatedAws, run_emulated_aws

CUSTOMER = "123456789012"
PARTNER = "999988887777"
REGION = "eu-west-1"
SOURCE = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev"
TOPIC = "v2.detail.events.conversation.{id}.user.end"

Connect: TypeAlias = Callable[..., Any]


def new_connect(endpoint: str) -> Connect:
    """A maker of boto3 clients: an access key of twelve digits is the account it acts for."""
    new_client: Any = boto3.client

    @functools.cache
    def connect(service: str, account: str = CUSTOMER, region: str = REGION) -> Any:
        return new_client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="unused",
            verify=False,
            config=Config(retries={"max_attempts": 1}),
        )

    return connect


@pytest.fixture(scope="session")
def shared_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedAws]:
    """The process all tests of this folder talk to."""
    with run_emulated_aws(tmp_path_factory.mktemp("aws"), CUSTOMER) as aws:
        yield aws


@pytest.fixture(scope="session")
def shared_connect(shared_aws: EmulatedAws) -> Connect:
    """Clients are slow to make, so they are kept for all tests."""
    return new_connect(shared_aws.endpoint)


@pytest.fixture
def aws(shared_aws: EmulatedAws) -> EmulatedAws:
    """The emulated AWS, empty."""
    shared_aws.reset()
    return shared_aws


@pytest.fixture
def connect(aws: EmulatedAws, shared_connect: Connect) -> Connect:
    """``connect("events", account, region)``: a client of the emptied emulator."""
    return shared_connect


@pytest.fixture
def connect_to() -> Callable[[EmulatedAws], Connect]:
    """``connect_to(aws)``: clients of another emulator than the shared one."""
    return lambda aws: new_connect(aws.endpoint)


@pytest.fixture
def run_aws(tmp_path: Path) -> Callable[..., Any]:
    """A maker of emulators of the test's own, as context managers, with their state in the test's folder."""
    return functools.partial(run_emulated_aws, tmp_path / "aws", CUSTOMER)


def sender_policy(queue_arn: str, rule_arn: str) -> str:
    """The policy AWS documents for a queue that a rule sends to."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True)
class Bridge:
    """A customer's partner bus, and the partner that sends to it."""

    connect: Connect
    source: str = SOURCE

    @property
    def events(self) -> Any:
        """EventBridge as the customer."""
        return self.connect("events")

    def rule_arn(self, rule: str) -> str:
        """The ARN of a rule on the partner bus."""
        return f"arn:aws:events:{REGION}:{CUSTOMER}:rule/{self.source}/{rule}"

    def add_rule(self, rule: str, *targets: dict[str, Any], **fields: Any) -> None:
        """A rule for everything the source sends."""
        pattern = json.dumps({"source": [self.source]})
        self.events.put_rule(Name=rule, EventBusName=self.source, EventPattern=pattern, **fields)
        self.events.put_targets(Rule=rule, EventBusName=self.source, Targets=list(targets))

    def add_queue(self, name: str, rule: str | None = None, **attributes: str) -> str:
        """A queue, with a policy that lets ``rule`` send to it; returns its ARN."""
        arn = f"arn:aws:sqs:{REGION}:{CUSTOMER}:{name}"
        if rule:
            attributes["Policy"] = sender_policy(arn, self.rule_arn(rule))
        self.connect("sqs").create_queue(QueueName=name, Attributes=attributes)
        return arn

    def send(self, detail: Any = None, **fields: Any) -> dict[str, Any]:
        """One event from the partner; returns the entry's result."""
        entry = {"Source": self.source, "DetailType": TOPIC, "Detail": json.dumps(detail or {}), **fields}
        answer = self.connect("events", PARTNER).put_partner_events(Entries=[entry])
        result: dict[str, Any] = answer["Entries"][0]
        return result

    def receive(self, queue: str) -> list[dict[str, Any]]:
        """The messages now in the queue; delivery has ended when ``send`` returns."""
        sqs = self.connect("sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages


@pytest.fixture
def source(connect: Connect) -> str:
    """A source the partner offered to the customer; PENDING."""
    connect("events", PARTNER).create_partner_event_source(Name=SOURCE, Account=CUSTOMER)
    return SOURCE


@pytest.fixture
def bridge(connect: Connect, source: str) -> Bridge:
    """The source with its bus; ACTIVE."""
    connect("events").create_event_bus(Name=source, EventSourceName=source)
    return Bridge(connect, source)
