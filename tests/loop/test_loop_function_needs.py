"""A function with a secret, a queue and a permission, and a web service that wants its key in the body as well.

Making the bridge takes half a minute, so the tests share it and run in this order.
"""

import hashlib
import json

import pytest
from every_target import Web
from loop_workspace import BUS_ONLY, PRESENCE, LoopWorkspace, wait_until
from test_loop_secrets import holders

from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

ROUTING_KEY = 'routing-key-7c2e "not in any file"'
FUNCTION_SECRET = "function-secret-1d0f-not-in-any-file"
FUNCTION = """\
import hashlib
import os

import boto3


def handle(event, context):
    # Whatever a function of the bridge needs, it reaches by boto3 alone.
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["API_KEY_ARN"])["SecretString"]
    boto3.client("dynamodb").put_item(TableName="known", Item={"id": {"S": event["id"]}})
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["OUT_QUEUE_URL"],
        MessageBody=hashlib.sha256(secret.encode()).hexdigest(),
        MessageGroupId=event["detail"]["topicName"],
        MessageDeduplicationId=event["id"],
    )
"""
ENVIRONMENT = (
    BUS_ONLY
    + """\
rules:
  presence:
    topics: ["v2.users.{{id}}.presence"]
    targets: [function, web]
targets:
  function:
    type: lambda
    source: functions/function
    secrets: {{API_KEY_ARN: "SECRET_ARN"}}
    queues: {{out: {{fifo: true}}}}
    permissions:
      - {{actions: [dynamodb:PutItem], resources: ["arn:aws:dynamodb:eu-central-1:{account_id}:table/known"]}}
  web:
    type: api_destination
    url: WEB_URL/v2/enqueue
    authorization:
      type: api_key
      header: X-Routing-Key
      secret: {{environment_variable: ROUTING_KEY}}
      body_key: routing_key
    input:
      transformer:
        paths: {{id: $.id}}
        template: {{event_action: trigger, dedup_key: <id>}}
"""
)


@pytest.fixture(scope="module")
def web():
    """The web service behind the API destination."""
    server = Web()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory, web):
    """A workspace whose environment `loop` has both, applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("needs") / "workspace")
    workspace.environ = {**workspace.environ, "ROUTING_KEY": ROUTING_KEY}
    try:
        made = workspace.aws("secretsmanager").create_secret(Name="api-key", SecretString=FUNCTION_SECRET)
        workspace.aws("dynamodb").create_table(
            TableName="known",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        folder = workspace.root / "functions" / "function"
        folder.mkdir(parents=True)
        (folder / "handler.py").write_text(FUNCTION)
        workspace.text = ENVIRONMENT.replace("WEB_URL", web.url).replace("SECRET_ARN", made["ARN"])
        workspace.write(workspace.text)
        workspace.done = [workspace.ok("plan", "loop", "--json"), workspace.ok("apply", "loop", "--json")]
        yield workspace
    finally:
        workspace.close()


def test_a_second_plan_is_clean(bridge):
    """Neither the key that went past Terraform nor a queue's URL looks like a change."""
    bridge.ok("plan", "loop", "--detailed-exitcode")


def test_each_secret_stays_where_it_is(bridge):
    """Not in HCL, plan, state, or what was said; of the function's only the ARN is known."""
    in_json = json.dumps(ROUTING_KEY)[1:-1]
    assert list(holders(bridge.root, (ROUTING_KEY, in_json, FUNCTION_SECRET))) == []
    said = "".join(done.stdout + done.stderr for done in bridge.done)
    assert not [hidden for hidden in (ROUTING_KEY, in_json, FUNCTION_SECRET) if hidden in said]


def test_the_function_reaches_what_it_was_given(bridge):
    """It reads its secret, writes to the table, and sends to its queue, whose URL the outputs tell."""
    emit(bridge.sandbox, PRESENCE)
    url = bridge.done[1].data["outputs"]["aws"]["function_queue_urls"]["function"]["out"]
    assert url.endswith("/gcbridge-loop-function-out.fifo")
    (message,) = wait_until(lambda: bridge.aws("sqs").receive_message(QueueUrl=url).get("Messages"))
    assert message["Body"] == hashlib.sha256(FUNCTION_SECRET.encode()).hexdigest()
    assert bridge.aws("dynamodb").scan(TableName="known")["Count"] == 1


def test_the_key_is_in_the_header_and_in_the_body(bridge, web):
    """Beside what the input transformer made."""
    _path, headers, body = wait_until(lambda: web.asked)[0]
    assert headers["X-Routing-Key"] == ROUTING_KEY
    received = json.loads(body)
    assert received == {
        "event_action": "trigger",
        "dedup_key": received["dedup_key"],
        "routing_key": ROUTING_KEY,
    }


def test_an_apply_that_changes_the_connection_gives_it_the_key_again(bridge, web):
    """Terraform writes its placeholder in both places; what follows replaces both."""
    bridge.write(bridge.text.replace("X-Routing-Key", "X-Key").replace("routing_key", "key"))
    bridge.plan()
    bridge.ok("apply", "loop")
    bridge.ok("plan", "loop", "--detailed-exitcode")
    web.asked.clear()
    emit(bridge.sandbox, PRESENCE)
    _path, headers, body = wait_until(lambda: web.asked)[0]
    assert (headers["X-Key"], json.loads(body)["key"]) == (ROUTING_KEY, ROUTING_KEY)


def test_destroy_counts_what_a_queue_of_the_function_holds(bridge):
    """A plan that drops the queue is refused while somebody has yet to read it."""
    bridge.write(bridge.text.replace("queues: {{out: {{fifo: true}}}}", "queues: {{}}"))
    queue = 'module.queues_function.aws_sqs_queue.this["out"]'
    bridge.run("plan", "loop").failed(4, "nobody took yet", queue)
    bridge.ok("destroy", "loop", "--auto-approve")
