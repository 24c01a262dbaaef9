"""An emulated AWS that holds one bridge, and the partner that sends events to it."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from target_kinds import Builder, one_target

from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.session import Aws, open_aws
from gcbridge.model.bridge import Bridge
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.target import SqsTarget
from gcbridge.sandbox.aws.process import run_emulated_aws
from gcbridge.study.delivery_way import dead_letter_arn
from gcbridge.study.resolve import resolve

ACCOUNT = "123456789012"
PARTNER = "999988887777"
REGION = "eu-central-1"
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"


@pytest.fixture(scope="session")
def emulated_aws(tmp_path_factory):
    with run_emulated_aws(tmp_path_factory.mktemp("aws"), ACCOUNT) as emulated:
        yield emulated


@pytest.fixture
def bridge(emulated_aws):
    """A bridge with a queue and a log group, of an environment that was not applied yet."""
    emulated_aws.reset()
    spec = EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": REGION,
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": [AUDITS, PRESENCE],
            },
            "aws": {"region": REGION, "account_id": ACCOUNT, "endpoint_url": emulated_aws.endpoint},
            "rules": {
                "audits": {"topics": [AUDITS], "targets": ["log", "queue"]},
                "presence": {"topics": [PRESENCE], "targets": ["queue"]},
                "paused": {"topics": [AUDITS], "enabled": False, "targets": ["queue"]},
            },
            "targets": {"queue": {"type": "sqs"}, "log": {"type": "log_group"}},
        }
    )
    return resolve("dev", spec)


@pytest.fixture
def aws(bridge):
    """The room's own session with the account that receives."""
    return open_aws(bridge.aws, environ={"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"})


@pytest.fixture
def journal(tmp_path):
    return ProbeJournal(tmp_path / "probes")


@dataclass
class World:
    """Builds the bridge bit by bit, as Terraform and Genesys Cloud would, and sends events over it."""

    aws: Aws
    bridge: Bridge
    partner: Any

    def create_source(self):
        """Genesys Cloud makes the event source."""
        self.partner.create_partner_event_source(Name=self.bridge.event_source_name, Account=ACCOUNT)

    def create_bus(self):
        """The bus makes the source ACTIVE."""
        name = self.bridge.event_source_name
        self.aws.events.create_event_bus(Name=name, EventSourceName=name)

    def create_targets(self):
        """Targets, with their policies and dead-letter queues."""
        for target in self.bridge.targets:
            policy = self.queue_policy(target, dead_letter_arn(self.bridge, target))
            self.aws.sqs.create_queue(QueueName=target.dead_letter_queue_name, Attributes={"Policy": policy})
            if isinstance(target, SqsTarget):
                self.aws.sqs.create_queue(
                    QueueName=target.queue_name, Attributes={"Policy": self.queue_policy(target)}
                )
            else:
                self.aws.logs.create_log_group(logGroupName=target.log_group_name)
                self.aws.logs.put_resource_policy(
                    policyName="gcbridge-dev", policyDocument=self.log_policy(target)
                )

    def queue_policy(self, target, arn=None):
        """Lets exactly the target's rules send to its queue, or to another one."""
        return self.policy(target, ["sqs:SendMessage"], arn or target.arn)

    def log_policy(self, target):
        """Lets exactly the target's rules write."""
        actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
        return self.policy(target, actions, f"{target.arn}:*")

    def policy(self, target, actions, resource):
        """A policy for EventBridge."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": actions,
            "Resource": resource,
            "Condition": {"ArnEquals": {"aws:SourceArn": list(target.rule_arns)}},
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def create_rules(self):
        """Rules, with their targets attached."""
        bus = self.bridge.event_bus_name
        for rule in self.bridge.rules:
            state = "ENABLED" if rule.enabled else "DISABLED"
            self.aws.events.put_rule(
                Name=rule.name, EventBusName=bus, EventPattern=rule.pattern_json, State=state
            )
            self.aws.events.put_targets(
                Rule=rule.name,
                EventBusName=bus,
                Targets=[self.rule_target(self.bridge.target(name)) for name in rule.targets],
            )

    def rule_target(self, target):
        """What a rule says of a target."""
        letters = {"Arn": dead_letter_arn(self.bridge, target)}
        return {"Id": target.name, "Arn": target.arn, "DeadLetterConfig": letters}

    def create_everything(self):
        """A healthy bridge."""
        self.create_source()
        self.create_bus()
        self.create_targets()
        self.create_rules()

    def queue_url(self, name):
        """The queue's address."""
        return self.aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def send(self, topic=AUDITS):
        """The partner sends an event; its id is what the receiver will see."""
        answer = self.partner.put_partner_events(
            Entries=[
                {
                    "Source": self.bridge.event_source_name,
                    "DetailType": topic,
                    "Detail": json.dumps({"topicName": topic, "marker": uuid.uuid4().hex}),
                    "Time": datetime.now(timezone.utc),
                }
            ]
        )
        assert answer["FailedEntryCount"] == 0
        return answer["Entries"][0]["EventId"]

    def probe_rules(self):
        """Names of the probe rules on the bus."""
        rules = self.aws.events.list_rules(EventBusName=self.bridge.event_bus_name)["Rules"]
        return [rule["Name"] for rule in rules if rule["Name"].startswith("gcbridge-probe-")]

    def probe_queues(self):
        """Addresses of all probe queues."""
        return self.aws.sqs.list_queues(QueueNamePrefix="gcbridge-probe-").get("QueueUrls", [])


@pytest.fixture
def world(aws, bridge, emulated_aws):
    partner = boto3.client(
        "events",
        endpoint_url=emulated_aws.endpoint,
        region_name=REGION,
        aws_access_key_id=PARTNER,
        aws_secret_access_key="unused",
    )
    yield World(aws, bridge, partner)
    partner.close()


@pytest.fixture
def build(emulated_aws, world):
    """``build(kind)``: a bridge with one target of that kind, whole."""

    def build_one(kind, **options):
        bridge = one_target(emulated_aws.endpoint, kind, **options)
        world.create_source()
        world.create_bus()
        keys = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"}
        builder = Builder(open_aws(bridge.aws, environ=keys), bridge)
        builder.build()
        return builder

    return build_one


@pytest.fixture
def built(world):
    """The same world with a healthy bridge in it."""
    world.create_everything()
    return world
