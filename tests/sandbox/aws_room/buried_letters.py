"""An environment with its dead-letter queues, and letters in them, as EventBridge would put them there."""

import json

from gcbridge.aws.session import open_aws
from gcbridge.model.progress import watch_nothing
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

ACCOUNT, REGION = "123456789012", "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"}
ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{{id}}.presence"]
aws:
  region: eu-central-1
  account_id: "123456789012"
  endpoint_url: {endpoint}
rules:
  first: {{targets: [crm, part, bus, table]}}
  second: {{targets: [crm]}}
targets:
  crm: {{type: sqs}}
  part: {{type: sqs, input: {{transformer: {{paths: {{n: $.detail.number}}, template: '{{"number": <n>}}'}}}}}}
  bus: {{type: event_bus}}
  table: {{type: dynamodb}}
"""


class Letters:
    """An environment in a folder of its own, with the queues that exist, and letters to put into them."""

    def __init__(
        self,
        folder,
        endpoint,
        watch=watch_nothing,
        *,
        environment=ENVIRONMENT,
        create_targets=True,
        **secrets,
    ):
        (folder / "environments").mkdir()
        self.rooms = Rooms(Workspace(folder), {**CREDENTIALS, **secrets}, watch)
        self.rewrite(environment.format(endpoint=endpoint))
        self.aws = open_aws(self.bridge.aws, environ=CREDENTIALS)
        for target in self.bridge.targets:
            self.aws.sqs.create_queue(QueueName=target.dead_letter_queue_name)
            if create_targets and target.type == "sqs":
                self.aws.sqs.create_queue(QueueName=target.queue_name)

    def rewrite(self, text):
        """The environment says something else."""
        (self.rooms.workspace.root / "environments/dev.yaml").write_text(text)
        self.environment = load_environment(self.rooms.workspace, "dev")
        self.bridge = self.environment.resolve()

    def url(self, name):
        """A queue's address."""
        return self.aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def bury(self, count, target="crm", rule="first", code="NO_PERMISSIONS", **more):
        """Put letters into a target's queue, as EventBridge does; their events carry a number."""
        chosen = self.bridge.target(target)
        attributes = {
            "RULE_ARN": self.bridge.rule_arn(rule),
            "TARGET_ARN": chosen.arn
            or f"arn:aws:events:{REGION}:{ACCOUNT}:api-destination/{chosen.destination_name}/0c6b",
            "ERROR_CODE": code,
            "ERROR_MESSAGE": f"{code} was said",
            "RETRY_ATTEMPTS": "0",
            **more,
        }
        written = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        url = self.url(chosen.dead_letter_queue_name)
        for number in range(count):
            event = {
                "id": f"{code}-{number}",
                "source": self.bridge.event_source_name,
                "detail-type": "v2.users.{id}.presence",
                "time": "2026-01-01T00:00:00Z",
                "detail": {"number": number},
            }
            self.aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event), MessageAttributes=written)

    def depth(self, target):
        """Letters in a target's dead-letter queue: those that can be received, and all."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.url(self.bridge.target(target).dead_letter_queue_name)
        found = self.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), sum(int(found[name]) for name in names)

    def received(self, target):
        """Bodies that a target received."""
        url, bodies = self.url(self.bridge.target(target).queue_name), []
        while messages := self.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in messages]
        return bodies

    def remove(self, target):
        """The target's queue is gone."""
        self.aws.sqs.delete_queue(QueueUrl=self.url(self.bridge.target(target).queue_name))
