"""One environment with every kind of target, and what stands at the end of each."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config
from loop_workspace import BUS_ONLY, PRESENCE, wait_until

FUNCTION = """\
import os

import boto3


def handle(event, context):
    # What a consumer would do: take the event on, with AWS's own SDK.
    boto3.client("sqs").send_message(QueueUrl=os.environ["HEARD"], MessageBody=event["detail"]["topicName"])
"""

EVERY_TARGET = (
    BUS_ONLY
    + """\
archive: {{retention_days: 7}}
rules:
  presence-1:
    topics: ["v2.users.{{id}}.presence"]
    targets: [queue, ordered, secured, topic, function]
  presence-2:
    topics: ["v2.users.{{id}}.presence"]
    targets: [stream, lake, log, machine, web]
  presence-3:
    topics: ["v2.users.{{id}}.presence"]
    targets: [elsewhere, task, table, known]
targets:
  queue:
    type: sqs
    input:
      transformer:
        paths: {{id: $.id, user: $.detail.topicName, state: $.detail.eventBody.presenceDefinition.systemPresence}}
        template: {{id: <id>, user: <user>, state: <state>, text: "it is <state>"}}
  ordered:
    type: sqs
    fifo: true
    message_group: presence
    input: {{transformer: {{paths: {{id: $.id, detail: $.detail}}, template: {{id: <id>, detail: <detail>}}}}}}
  secured: {{type: sqs, encryption: new_key}}
  topic: {{type: sns}}
  function: {{type: lambda, source: functions/heard, environment: {{HEARD: "HEARD_QUEUE_URL"}}}}
  stream: {{type: kinesis, partition_key_path: $.detail.topicName}}
  lake: {{type: firehose, buffer_seconds: 1, buffer_mb: 1, destroy_objects: true}}
  log: {{type: log_group}}
  machine:
    type: step_functions
    definition: {{StartAt: Done, States: {{Done: {{Type: Succeed}}}}}}
  web:
    type: api_destination
    url: WEB_URL/hooks/*
    path_values: [$.detail-type]
    headers: {{X-Topic: $.detail.topicName}}
    authorization: {{type: api_key, header: X-Api-Key, secret: {{environment_variable: WEB_KEY}}}}
    input: {{constant: {{text: presence changed}}}}
  elsewhere: {{type: event_bus, region: us-east-1}}
  task:
    type: ecs_task
    image: public.ecr.aws/docker/library/busybox:1.37
    subnets: [subnet-0a1b2c3d]
    input: {{constant: {{containerOverrides: [{{name: events, environment: [{{name: CALLED, value: "yes"}}]}}]}}}}
  table: {{type: dynamodb}}
  known: {{type: existing, arn: "KNOWN_QUEUE_ARN"}}
"""
)
WEB_KEY = "web-key-5b1f-not-in-any-file"


class Web(ThreadingHTTPServer):
    """A web service that remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Remember)
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Remember(BaseHTTPRequestHandler):
    def do_POST(self):
        """Keep path, headers and body."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, dict(self.headers), body.decode()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Nobody reads it."""


def prepare(workspace, web):
    """Everything that the environment expects to be there, and the environment itself."""
    sqs = workspace.aws("sqs")
    heard = sqs.create_queue(QueueName="heard")["QueueUrl"]
    known = sqs.create_queue(QueueName="known")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=known, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    folder = workspace.root / "functions" / "heard"
    folder.mkdir(parents=True)
    (folder / "handler.py").write_text(FUNCTION)
    text = EVERY_TARGET.replace("HEARD_QUEUE_URL", heard).replace("WEB_URL", web.url)
    workspace.write(text.replace("KNOWN_QUEUE_ARN", arn))


def listen(workspace):
    """Queues behind the topic and behind the bus of the other region, so that what arrives there can be read."""
    sqs, sns = workspace.aws("sqs"), workspace.aws("sns")
    subscribe(sqs, sns, f"arn:aws:sns:eu-central-1:{workspace.sandbox.account_id}:gcbridge-loop-topic")
    events, far = aws(workspace, "events", "us-east-1"), aws(workspace, "sqs", "us-east-1")
    bus = "gcbridge-loop-elsewhere"
    pattern = json.dumps({"source": [{"prefix": "aws.partner/genesys.com"}]})
    rule = events.put_rule(Name="all", EventBusName=bus, EventPattern=pattern)["RuleArn"]
    queue = far.create_queue(QueueName="far")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{workspace.sandbox.account_id}:far"
    allow(far, queue, arn, "events.amazonaws.com", rule)
    events.put_targets(Rule="all", EventBusName=bus, Targets=[{"Id": "far", "Arn": arn}])


def stop_listening(workspace):
    """What Terraform did not make, it cannot remove."""
    events = aws(workspace, "events", "us-east-1")
    events.remove_targets(Rule="all", EventBusName="gcbridge-loop-elsewhere", Ids=["far"])
    events.delete_rule(Name="all", EventBusName="gcbridge-loop-elsewhere")
    far = aws(workspace, "sqs", "us-east-1")
    far.delete_queue(QueueUrl=far.get_queue_url(QueueName="far")["QueueUrl"])
    sqs = workspace.aws("sqs")
    for name in ("behind-topic", "heard", "known"):
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])


def subscribe(sqs, sns, topic):
    """A queue behind a topic."""
    queue = sqs.create_queue(QueueName="behind-topic")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow(sqs, queue, arn, "sns.amazonaws.com", topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)


def allow(sqs, queue, arn, service, source):
    """Let a service write into a queue."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})


def aws(workspace, service, region):
    """A client of another region."""
    return boto3.client(
        service,
        endpoint_url=workspace.sandbox.aws.url,
        region_name=region,
        aws_access_key_id=workspace.sandbox.account_id,
        aws_secret_access_key="by-hand",
        config=Config(proxies={}),
    )


def messages(sqs, name):
    """Bodies of everything in a queue, taken out."""
    queue = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    bodies = []
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def from_queue(name, region="eu-central-1"):
    """A reader of a queue."""
    return lambda workspace, _: messages(aws(workspace, "sqs", region), name)


def from_stream(workspace, _):
    """Every record of the stream, with its partition key."""
    kinesis = workspace.aws("kinesis")
    records = []
    for shard in kinesis.list_shards(StreamName="gcbridge-loop-stream")["Shards"]:
        place = kinesis.get_shard_iterator(
            StreamName="gcbridge-loop-stream", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records += kinesis.get_records(ShardIterator=place)["Records"]
    return [json.dumps({"key": r["PartitionKey"], "event": json.loads(r["Data"])}) for r in records]


def from_lake(workspace, _):
    """Every line of every object, with the object's key in front."""
    s3 = workspace.aws("s3")
    bucket = f"gcbridge-{workspace.sandbox.account_id}-eu-central-1-loop-lake"
    lines = []
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
        text = gzip.decompress(body).decode()
        lines += [f"{item['Key']} {line}" for line in text.splitlines()]
    return lines


def from_log(workspace, _):
    """Every message of the log group."""
    found = workspace.aws("logs").filter_log_events(logGroupName="/aws/events/gcbridge/loop/log")
    return [event["message"] for event in found["events"]]


def from_machine(workspace, _):
    """Input of every execution."""
    states = workspace.aws("stepfunctions")
    arn = f"arn:aws:states:eu-central-1:{workspace.sandbox.account_id}:stateMachine:gcbridge-loop-machine"
    executions = states.list_executions(stateMachineArn=arn)["executions"]
    return [states.describe_execution(executionArn=e["executionArn"])["input"] for e in executions]


def from_web(_, web):
    """Everything that the web service was asked."""
    return [json.dumps({"path": path, "headers": headers, "body": body}) for path, headers, body in web.asked]


def from_task(workspace, _):
    """Overrides of every task that was started."""
    ecs = workspace.aws("ecs")
    tasks = [
        arn
        for status in ("RUNNING", "STOPPED")
        for arn in ecs.list_tasks(cluster="gcbridge-loop-task", desiredStatus=status)["taskArns"]
    ]
    found = ecs.describe_tasks(cluster="gcbridge-loop-task", tasks=tasks)["tasks"] if tasks else []
    return [json.dumps(task["overrides"]) for task in found]


def from_table(workspace, _):
    """Every item of the table."""
    items = workspace.aws("dynamodb").scan(TableName="gcbridge-loop-table")["Items"]
    return [json.dumps({key: next(iter(value.values())) for key, value in item.items()}) for item in items]


READERS = {
    "queue": from_queue("gcbridge-loop-queue"),
    "ordered": from_queue("gcbridge-loop-ordered.fifo"),
    "secured": from_queue("gcbridge-loop-secured"),
    "topic": from_queue("behind-topic"),
    "function": from_queue("heard"),
    "stream": from_stream,
    "lake": from_lake,
    "log": from_log,
    "machine": from_machine,
    "web": from_web,
    "elsewhere": from_queue("far", "us-east-1"),
    "task": from_task,
    "table": from_table,
    "known": from_queue("known"),
}
"""Target -> what reads all that arrived there; queues are emptied by it."""


def arrived(workspace, web, target, seconds=30):
    """The first thing that arrives at a target."""
    return wait_until(lambda: READERS[target](workspace, web), seconds)[0]


def is_presence(event):
    """Whether it is the whole event of a presence change."""
    return event["detail-type"] == PRESENCE and event["detail"]["topicName"].startswith("v2.users.")
