"""Every kind of target receives a letter as EventBridge would have delivered it."""

import gzip
import io
import json
import threading
import time
import zipfile
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from buried_letters import ACCOUNT, REGION, Letters

from gcbridge.aws.delivery_attempt import Delivery, NotAcceptedError
from gcbridge.aws.redelivery import log_event, open_delivery
from gcbridge.model.dead_letter import Selection
from gcbridge.workflows.redrive import redrive_dead_letters

pytestmark = pytest.mark.sandbox

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
  first: {{targets: [ordered, topic, stream, files, log]}}
  second: {{targets: [written_log, machine, task, table, function]}}
  third: {{targets: [basic, key, oauth, known]}}
targets:
  ordered: {{type: sqs, fifo: true, message_group: calls}}
  topic: {{type: sns}}
  stream: {{type: kinesis, partition_key_path: $.detail.number}}
  files: {{type: firehose}}
  log: {{type: log_group}}
  written_log:
    type: log_group
    input: {{transformer: {{paths: {{at: $.time, n: $.detail.number}}, template: '{{"timestamp": <at>, "message": "no <n>"}}'}}}}
  machine: {{type: step_functions, definition: {{StartAt: Done, States: {{Done: {{Type: Succeed}}}}}}}}
  task:
    type: ecs_task
    image: public.ecr.aws/docker/library/busybox:latest
    subnets: [subnet-1]
    input: {{constant: {{containerOverrides: [{{name: main, command: [run]}}]}}}}
  table: {{type: dynamodb}}
  function: {{type: existing, arn: "arn:aws:lambda:eu-central-1:123456789012:function:mine"}}
  basic: &api
    type: api_destination
    url: http://127.0.0.1:%PORT%/calls/*
    path_values: [$.detail.number]
    headers: {{X-Source: $.source}}
    query: {{topic: $.detail-type}}
    authorization: {{type: basic, username: me, secret: {{environment_variable: PASSWORD}}}}
  key:
    <<: *api
    authorization: {{type: api_key, header: X-Key, secret: {{secret_arn: "%SECRET%#key"}}}}
  oauth:
    <<: *api
    authorization:
      type: oauth
      client_id: gcbridge
      token_url: http://127.0.0.1:%PORT%/token
      secret: {{environment_variable: PASSWORD}}
  known: {{type: api_destination, arn: "%KNOWN%", authorization: {{type: api_key, header: X-Key, secret: {{environment_variable: PASSWORD}}}}}}
"""
PASSWORD = "s3cr3t/with+signs"


class Endpoint(HTTPServer):
    """An HTTP endpoint that writes down what it is asked, and answers as it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked = []
        self.statuses = []
        self.tokens = 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Answering(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self):
        """Any path is the endpoint, but that of the tokens."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, dict(self.headers), body))
        status, said = 200, b"{}"
        if self.path == "/token":
            self.server.tokens += 1
            said = json.dumps({"access_token": f"token-{self.server.tokens}", "expires_in": 3600}).encode()
        elif self.server.statuses:
            status = self.server.statuses.pop(0)
            said = f"refused: {self.headers.get('X-Key')} {self.headers.get('Authorization')}".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        """Nothing is printed."""


@pytest.fixture(scope="module")
def endpoint():
    server = Endpoint()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def letters(emulated_aws, tmp_path, endpoint):
    """The queues exist; what else a target is, each test makes."""
    emulated_aws.reset()
    endpoint.asked.clear()
    endpoint.statuses.clear()
    text = ENVIRONMENT.replace("%PORT%", str(endpoint.server_port))
    text = text.replace("%SECRET%", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:api-AbCdEf")
    text = text.replace("%KNOWN%", f"arn:aws:events:{REGION}:{ACCOUNT}:api-destination/known/0c6b1f6e")
    return Letters(tmp_path, emulated_aws.endpoint, environment=text, create_targets=False, PASSWORD=PASSWORD)


def redrive(letters, target, count=1):
    """Bury and send again."""
    letters.bury(count, target=target)
    return redrive_dead_letters(letters.rooms, letters.environment, Selection(target=target), per_second=500)


def assert_sent(result, count=1):
    assert (result.sent, result.refusals, result.complete, result.left) == (count, (), True, 0), result


def allow(service, *actions, **rest):
    """A policy document for one of AWS's services, or, where it is empty, for whoever has it."""
    who = {"Principal": {"Service": service}} if service else {}
    statement = {"Effect": "Allow", "Action": list(actions), **who, **rest}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def is_event(text):
    return json.loads(text)["id"] == "NO_PERMISSIONS-0"


def test_fifo_queue(letters):
    """In the target's message group."""
    url = letters.aws.sqs.create_queue(
        QueueName=letters.bridge.target("ordered").queue_name,
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]

    assert_sent(redrive(letters, "ordered"))

    message = letters.aws.sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][
        0
    ]
    assert is_event(message["Body"])
    assert message["Attributes"]["MessageGroupId"] == "calls"


def test_topic(letters):
    """A subscriber gets the event as message."""
    sns, target = letters.aws.client("sns"), letters.bridge.target("topic")
    arn = sns.create_topic(Name=target.topic_name)["TopicArn"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:subscriber"
    allowed = allow("sns.amazonaws.com", "sqs:SendMessage", Resource=queue)
    url = letters.aws.sqs.create_queue(QueueName="subscriber", Attributes={"Policy": allowed})["QueueUrl"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)

    assert_sent(redrive(letters, "topic"))

    body = letters.aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"][0]["Body"]
    assert is_event(json.loads(body)["Message"])


def test_stream(letters):
    """Under the partition key that the path leads to."""
    kinesis, name = letters.aws.client("kinesis"), letters.bridge.target("stream").stream_name
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})

    assert_sent(redrive(letters, "stream"))

    shard = kinesis.describe_stream(StreamName=name)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    record = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"][0]
    assert is_event(record["Data"])
    assert record["PartitionKey"] == "0"


def test_files(letters):
    """Firehose takes the record; when it writes the object is its own matter."""
    s3, firehose = letters.aws.client("s3"), letters.aws.client("firehose")
    s3.create_bucket(Bucket="events", CreateBucketConfiguration={"LocationConstraint": REGION})
    iam = letters.aws.client("iam")
    trust = allow("firehose.amazonaws.com", "sts:AssumeRole")
    role = iam.create_role(RoleName="write", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    may_write = allow("", "s3:PutObject", "s3:AbortMultipartUpload", Resource="arn:aws:s3:::events/*")
    iam.put_role_policy(RoleName="write", PolicyName="write", PolicyDocument=may_write)
    firehose.create_delivery_stream(
        DeliveryStreamName=letters.bridge.target("files").stream_name,
        ExtendedS3DestinationConfiguration={
            "RoleARN": role,
            "BucketARN": "arn:aws:s3:::events",
            "BufferingHints": {"IntervalInSeconds": 0, "SizeInMBs": 1},
        },
    )

    assert_sent(redrive(letters, "files"))

    assert is_event(first_object(s3))


def first_object(s3):
    """What was written, GZIP or not."""
    for _ in range(50):
        found = s3.list_objects_v2(Bucket="events").get("Contents", [])
        if found:
            data = s3.get_object(Bucket="events", Key=found[0]["Key"])["Body"].read()
            return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        time.sleep(0.1)
    return pytest.fail("no object was written")


def test_log_groups(letters):
    """In a stream of its own; a transformer may say time and text."""
    for name in ("log", "written_log"):
        letters.aws.logs.create_log_group(logGroupName=letters.bridge.target(name).log_group_name)

    assert_sent(redrive(letters, "log"))
    redrive(letters, "written_log")

    (event,) = logged(letters, "log")
    assert is_event(event["message"])
    assert event["logStreamName"].startswith("gcbridge-redrive-")


def logged(letters, target):
    group = letters.bridge.target(target).log_group_name
    return letters.aws.logs.filter_log_events(logGroupName=group, startTime=0)["events"]


def test_log_events():
    """Time as ISO 8601 or milliseconds; anything else is a message as it is."""
    known = {"timestamp": 1_767_225_600_000, "message": "no 1"}

    assert log_event('{"timestamp":"2026-01-01T00:00:00Z","message":"no 1"}') == known
    assert log_event('{"timestamp":1767225600000,"message":"no 1"}') == known
    assert log_event('{"timestamp":"1767225600000","message":"no 1"}') == known
    assert log_event('{"timestamp":1767225600000,"message":{"n":1}}')["message"] == '{"n":1}'
    for payload in ("no JSON", '{"timestamp":"later","message":"m"}', '{"message":"m"}'):
        assert log_event(payload, lambda: 5.0) == {"timestamp": 5000, "message": payload}


def test_state_machine(letters):
    """The execution is named after event and letter, so that a repeat starts no second one."""
    machines, target = letters.aws.client("stepfunctions"), letters.bridge.target("machine")
    machines.create_state_machine(
        name=target.state_machine_name,
        definition=target.definition_json,
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/any",
    )

    assert_sent(redrive(letters, "machine", count=2), 2)

    found = machines.list_executions(stateMachineArn=target.arn)["executions"]
    assert sorted(execution["name"][:17] for execution in found) == ["NO_PERMISSIONS-0-", "NO_PERMISSIONS-1-"]
    started = machines.describe_execution(executionArn=found[0]["executionArn"])
    assert json.loads(started["input"])["source"] == letters.bridge.event_source_name

    deliver = open_delivery(letters.aws, target, {})
    for _ in range(2):
        deliver(Delivery("{}", {"id": "e-1"}, "m-1"))
    assert len(machines.list_executions(stateMachineArn=target.arn)["executions"]) == 3


def test_task(letters):
    """With the overrides that the target's input writes."""
    ecs, target = letters.aws.client("ecs"), letters.bridge.target("task")
    ecs.create_cluster(clusterName=target.task_name)
    ecs.register_task_definition(
        family=target.task_name,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "main", "image": "busybox", "essential": True}],
    )

    assert_sent(redrive(letters, "task"))

    tasks = ecs.list_tasks(cluster=target.task_name)["taskArns"]
    tasks += ecs.list_tasks(cluster=target.task_name, desiredStatus="STOPPED")["taskArns"]
    (task,) = ecs.describe_tasks(cluster=target.task_name, tasks=tasks)["tasks"]
    assert task["overrides"]["containerOverrides"][0]["command"] == ["run"]


@pytest.mark.parametrize("target", ["function", "table"])
def test_functions(letters, target):
    """Lambda takes the event; without the function the letter stays."""
    missing = redrive(letters, target)
    name = letters.bridge.target(target).arn.rpartition(":")[2]
    letters.aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="handler.handle",
        Role=f"arn:aws:iam::{ACCOUNT}:role/any",
        Code={"ZipFile": code("def handle(event, context):\n    return None\n")},
    )

    assert (missing.sent, missing.refused) == (0, 1)
    assert_sent(redrive_dead_letters(letters.rooms, letters.environment, Selection(target=target)))


def code(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("handler.py", text)
    return packed.getvalue()


def test_http_request(letters, endpoint):
    """Method, path values, headers, query and body, with the user's name and password."""
    assert_sent(redrive(letters, "basic"))

    ((path, headers, body),) = endpoint.asked
    assert path == "/calls/0?topic=v2.users.%7Bid%7D.presence"
    assert headers["X-Source"] == letters.bridge.event_source_name
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Authorization"] == f"Basic {b64encode(f'me:{PASSWORD}'.encode()).decode()}"
    assert is_event(body)


def test_http_key_from_secrets_manager(letters, endpoint):
    """One value of a JSON secret."""
    secrets = letters.aws.client("secretsmanager")
    arn = secrets.create_secret(Name="api", SecretString=json.dumps({"key": "from-the-store"}))["ARN"]
    target = letters.bridge.target("key")
    text = (letters.rooms.workspace.root / "environments/dev.yaml").read_text()
    written = target.spec.authorization.secret.secret_arn.partition("#")[0]
    letters.rewrite(text.replace(written, arn))

    assert_sent(redrive(letters, "key"))

    assert endpoint.asked[0][1]["X-Key"] == "from-the-store"


def test_http_token(letters, endpoint):
    """A token is asked for once, and again when it is refused."""
    endpoint.statuses[:] = [200, 401]
    endpoint.tokens = 0

    assert_sent(redrive(letters, "oauth", count=3), 3)

    token_request = parse_qs(endpoint.asked[0][2])
    assert token_request == {
        "client_id": ["gcbridge"],
        "client_secret": [PASSWORD],
        "grant_type": ["client_credentials"],
    }
    used = [headers["Authorization"] for path, headers, _ in endpoint.asked if path != "/token"]
    assert used == ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]


def test_existing_http_destination(letters, endpoint):
    """AWS knows its address, the environment its secret."""
    events = letters.aws.events
    connection = events.create_connection(
        Name="known",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "another"}},
    )["ConnectionArn"]
    events.create_api_destination(
        Name="known",
        ConnectionArn=connection,
        InvocationEndpoint=f"http://127.0.0.1:{endpoint.server_port}/known",
        HttpMethod="POST",
    )

    assert_sent(redrive(letters, "known"))

    assert (endpoint.asked[0][0], endpoint.asked[0][1]["X-Key"]) == ("/known", PASSWORD)


@pytest.mark.parametrize("target", ["basic", "oauth"])
def test_a_refusal_tells_no_secret(letters, endpoint, target):
    """An endpoint may repeat what it was sent."""
    endpoint.statuses[:] = [500]

    result = redrive(letters, target)

    assert result.refusals[0].reason.startswith("the endpoint answered 500: refused: None B")
    said = result.model_dump_json()
    assert PASSWORD not in said
    assert b64encode(f"me:{PASSWORD}".encode()).decode() not in said
    assert "token-" not in said


def test_an_endpoint_that_is_gone(letters, endpoint):
    """The letter stays; the error's own text would name the URL with its query."""
    text = (letters.rooms.workspace.root / "environments/dev.yaml").read_text()
    letters.rewrite(text.replace(f":{endpoint.server_port}/calls", ":1/calls"))

    result = redrive(letters, "basic")

    assert result.refusals[0].reason == "the endpoint could not be reached: NewConnectionError"
    assert result.left == 1


def test_a_secret_that_is_missing(letters):
    """Nothing is tried, and what to export is said."""
    letters.rooms.environ.pop("PASSWORD")

    result = redrive(letters, "basic")

    assert "the environment variable PASSWORD is not set" in result.targets[0].stopped
    assert (result.sent, result.left) == (0, 1)


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        (f"arn:aws:sqs:us-east-1:{ACCOUNT}:far", "the target is in us-east-1"),
        (f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/mine", "a target of this kind"),
        (f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/mine", "a target of this kind"),
    ],
)
def test_what_gcbridge_cannot_send_to(letters, arn, why):
    """It is said before anything is tried."""
    target = letters.bridge.target("function").model_copy(update={"arn": arn})

    with pytest.raises(NotAcceptedError, match=why):
        open_delivery(letters.aws, target, {})
