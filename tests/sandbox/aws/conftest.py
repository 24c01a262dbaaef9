"""One emulated AWS for all these tests, emptied before each; clients and short words for what tests do."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from customer_world import World
from recorded_endpoint import run_endpoint

from gcbridge.sandbox.aws.process import EmulatedAws, run_emulated_aws

CUSTOMER = "123456789012"
PARTNER = "999988887777"
REGION = "eu-west-1"
SOURCE = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev"
TOPIC = "v2.detail.events.conversation.{id}.user.end"

MIRROR_ROOTS = ("/opt", "/usr/share", "/usr/local/share")
AWS_PROVIDER = "registry.terraform.io/hashicorp/aws"

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


@pytest.fixture(scope="session")
def provider_mirror() -> Path | None:
    """A folder that holds the AWS provider unpacked, or None: then the registry has to be in reach."""
    named = os.environ.get("GCBRIDGE_PROVIDER_MIRROR")
    candidates = [Path(named)] if named else [p for root in MIRROR_ROOTS for p in Path(root).glob("*")]
    return next((folder for folder in candidates if (folder / AWS_PROVIDER).is_dir()), None)


@pytest.fixture
def terraform_environment(aws: EmulatedAws, provider_mirror: Path | None, tmp_path: Path) -> dict[str, str]:
    """All that the child process gets: no variable of the caller but PATH and HOME."""
    mirror = f'filesystem_mirror {{\n  path = "{provider_mirror}"\n}}' if provider_mirror else ""
    direct = f'direct {{\n  exclude = ["{AWS_PROVIDER}"]\n}}' if provider_mirror else "direct {}"
    configuration = tmp_path / "cli.tfrc"
    configuration.write_text(f"provider_installation {{\n{mirror}\n{direct}\n}}\n")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TF_CLI_CONFIG_FILE": str(configuration),
        "TF_IN_AUTOMATION": "1",
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": CUSTOMER,
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "3",
    }


class Terraform:
    """Runs terraform in one folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def __call__(self, *arguments: str, expected: int = 0) -> str:
        """Run one command and return what it printed; any exit code but ``expected`` fails the test with that."""
        command = ["terraform", arguments[0], "-no-color", *arguments[1:]]
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def start_terraform(terraform_environment: dict[str, str], tmp_path: Path) -> Callable[..., Terraform]:
    """``start_terraform(hcl, name=value)``: Terraform in a folder with that root and those variables, initialised."""

    def start(hcl: str, **variables: str) -> Terraform:
        folder = tmp_path / "stack"
        folder.mkdir()
        (folder / "main.tf").write_text(hcl)
        (folder / "terraform.tfvars.json").write_text(json.dumps(variables))
        run = Terraform(folder, terraform_environment)
        run("init", "-input=false")
        return run

    return start


@pytest.fixture
def world(bridge: Bridge) -> Iterator[World]:
    """The bridge, and an endpoint outside of AWS."""
    with run_endpoint() as endpoint:
        yield World(bridge, endpoint)
