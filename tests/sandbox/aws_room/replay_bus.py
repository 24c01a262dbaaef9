"""A bridge with an archive, as Genesys Cloud and Terraform would make it, and events on it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest

from gcbridge.aws.session import Aws, open_aws
from gcbridge.model.replay import ReplayRequest
from gcbridge.sandbox.aws.process import run_emulated_aws
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.replay import replay
from gcbridge.workflows.replay_archive import Timing
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

ACCOUNT = "123456789012"
PARTNER = "999988887777"
KEYS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"}
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"

ENVIRONMENT = f"""\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["{AUDITS}", "{PRESENCE}"]
aws: {{region: eu-central-1, account_id: "{ACCOUNT}", endpoint_url: "ENDPOINT"}}
archive: {{name: ARCHIVE}}
rules:
  audits: {{topics: ["{AUDITS}"], targets: [audits]}}
  presence: {{topics: ["{PRESENCE}"], targets: [presence]}}
  paused: {{topics: ["{AUDITS}"], enabled: false, targets: [audits]}}
targets:
  audits: {{type: sqs}}
  presence: {{type: sqs}}
"""


@dataclass(frozen=True)
class OneDoor(Rooms):
    """Rooms whose every door to AWS leads to the same clients, which a test can listen to."""

    aws: Any = None

    def open_aws(self, account):
        """The clients."""
        del account
        return self.aws


@dataclass
class Bus:
    """A bridge with an archive, events on it, and somebody who replays them two hours later."""

    rooms: Rooms
    aws: Aws
    partner: Any
    start: datetime
    told: list

    @property
    def environment(self):
        """As the file says now."""
        return load_environment(self.rooms.workspace, "dev")

    @property
    def bridge(self):
        """The environment, decided."""
        return self.environment.resolve()

    def timing(self, **changes):
        """Two hours later, by AWS's clock; looks are frequent."""
        now = lambda _aws: self.start + timedelta(hours=2)  # noqa: E731
        return Timing(**{"now": now, "interval_seconds": 0.05, **changes})

    def create(self):
        """What Genesys Cloud and Terraform make."""
        events, bridge = self.aws.events, self.bridge
        self.partner.create_partner_event_source(Name=bridge.event_source_name, Account=ACCOUNT)
        events.create_event_bus(Name=bridge.event_bus_name, EventSourceName=bridge.event_bus_name)
        events.create_archive(
            ArchiveName=bridge.archive.name, EventSourceArn=bridge.event_bus_arn, RetentionDays=30
        )
        for rule in bridge.rules:
            target = bridge.target(rule.targets[0])
            self.aws.sqs.create_queue(
                QueueName=target.queue_name, Attributes={"Policy": json.dumps(policy(target))}
            )
            events.put_rule(
                Name=rule.name,
                EventBusName=bridge.event_bus_name,
                EventPattern=rule.pattern_json,
                State="ENABLED" if rule.enabled else "DISABLED",
            )
            events.put_targets(
                Rule=rule.name,
                EventBusName=bridge.event_bus_name,
                Targets=[{"Id": target.name, "Arn": target.arn}],
            )

    def send(self, topic, *minutes):
        """For each number one event of that many minutes after the start, with the number in it."""
        for first in range(0, len(minutes), 10):
            answer = self.partner.put_partner_events(
                Entries=[
                    {
                        "Source": self.bridge.event_source_name,
                        "DetailType": topic,
                        "Detail": json.dumps({"topicName": topic, "minute": minute}),
                        "Time": self.start + timedelta(minutes=minute),
                    }
                    for minute in minutes[first : first + 10]
                ]
            )
            assert answer["FailedEntryCount"] == 0

    def arrived(self, name, count):
        """So many events of a queue."""
        url = self.aws.sqs.get_queue_url(QueueName=self.bridge.target(name).queue_name)["QueueUrl"]
        found, deadline = [], time.monotonic() + 10
        while len(found) < count and time.monotonic() < deadline:
            answer = self.aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                found.append(json.loads(message["Body"]))
                self.aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def replayed(self, name, count):
        """Minutes of so many events that a replay brought to a queue, with the replay's name."""
        return sorted(
            (event["detail"]["minute"], event["replay-name"]) for event in self.arrived(name, count)
        )

    def request(self, minutes=60, **changes):
        """A replay of so many minutes from the start."""
        times = {
            "since": self.start.isoformat(),
            "until": (self.start + timedelta(minutes=minutes)).isoformat(),
        }
        return ReplayRequest(**{**times, "name": "again", **changes})

    def replay(self, timing=None, confirm=lambda _plan: True, wait=True, **changes):
        """Replay an hour, or what else is asked for."""
        return replay(
            self.rooms,
            self.environment,
            self.request(**changes),
            confirm=confirm,
            wait=wait,
            timing=timing or self.timing(),
        )

    def messages(self, kind):
        """What was told of that kind."""
        return [progress.message for progress in self.told if progress.kind == kind]


def policy(target):
    """Lets exactly the target's rules send."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": target.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": list(target.rule_arns)}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def write_environment(folder, endpoint, archive="gcbridge-dev"):
    file = folder / "environments" / "dev.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ENVIRONMENT.replace("ENDPOINT", endpoint).replace("ARCHIVE", archive))


@contextmanager
def run_slow_aws(folder, events_per_second=20, **options):
    """An emulated AWS that replays so slowly that one can look at it meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GCBRIDGE_SANDBOX_REPLAY_EVENTS_PER_SECOND", str(events_per_second))
        with run_emulated_aws(folder, ACCOUNT, **options) as emulated:
            yield emulated


@contextmanager
def open_bus(folder, emulated) -> Iterator[Bus]:
    """A workspace for a bridge of which nothing was made yet."""
    write_environment(folder, emulated.endpoint)
    told, workspace = [], Workspace(folder)
    aws = open_aws(load_environment(workspace, "dev").resolve().aws, environ=KEYS)
    partner = boto3.client(
        "events",
        endpoint_url=emulated.endpoint,
        region_name="eu-central-1",
        aws_access_key_id=PARTNER,
        aws_secret_access_key="unused",
    )
    start = datetime.now(timezone.utc).replace(second=0, microsecond=0) + timedelta(minutes=1)
    yield Bus(OneDoor(workspace, KEYS, told.append, aws), aws, partner, start, told)
    partner.close()
