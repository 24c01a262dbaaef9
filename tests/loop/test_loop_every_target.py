"""One bridge with every kind of target: everything arrives, and a permission that is taken away is seen and mended.

Making it takes most of a minute, most of which is the AWS provider waiting for queues and streams; so the tests
share one bridge and run in this order.
"""

import json
import time

import pytest
from every_target import (
    READERS,
    WEB_KEY,
    Web,
    arrived,
    aws,
    is_presence,
    listen,
    prepare,
    stop_listening,
)
from loop_workspace import PRESENCE, LoopWorkspace, changes, wait_until
from wildcards import wildcards

from gcbridge.sandbox.runtime import emit, sandbox_status

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def web():
    """The web service behind the API destination."""
    server = Web()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory, web):
    """A workspace whose environment `loop` has every kind of target, applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("every") / "workspace")
    workspace.environ = {**workspace.environ, "WEB_KEY": WEB_KEY}
    try:
        prepare(workspace, web)
        workspace.plan()
        workspace.applied = workspace.ok("apply", "loop", "--json").data
        listen(workspace)
        yield workspace
    finally:
        workspace.close()


def shown_plans(workspace):
    """`terraform show -json` of every plan of the AWS stack."""
    return [json.loads((folder / "aws.json").read_text()) for folder in workspace.bundles()]


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there, to the last attribute."""
    bridge.ok("plan", "loop", "--detailed-exitcode")


def test_no_wildcard_stands_in_a_policy_of_the_plan(bridge):
    """Every action and every resource is exact; streams of a log group and objects of a bucket have no names yet."""
    assert [found for plan in shown_plans(bridge) for found in wildcards(plan)] == []


def test_no_secret_stands_in_any_file(bridge):
    """Neither in HCL nor in plan or state: the connection got it past Terraform."""
    files = [path for path in (bridge.root / ".gcbridge").rglob("*") if path.is_file()]
    own = [path for path in files if "_sandbox" not in path.parts]
    assert own
    assert [path for path in own if WEB_KEY.encode() in path.read_bytes()] == []


@pytest.fixture(scope="module")
def event_sent(bridge):
    """A presence change in the organization, sent once."""
    emit(bridge.sandbox, PRESENCE)
    return time.time()


ARRIVES = {
    "queue": lambda body: (
        set(json.loads(body)) == {"id", "user", "state", "text"}
        and json.loads(body)["text"] == f"it is {json.loads(body)['state']}"
    ),
    "ordered": lambda body: {"topicName", "eventBody"} <= set(json.loads(body)["detail"]),
    "secured": lambda body: is_presence(json.loads(body)),
    "topic": lambda body: is_presence(json.loads(json.loads(body)["Message"])),
    "function": lambda body: body.startswith("v2.users.") and body.endswith(".presence"),
    "stream": lambda body: json.loads(body)["key"] == json.loads(body)["event"]["detail"]["topicName"],
    "lake": lambda line: (
        line.startswith("v2.users._id_.presence/20") and is_presence(json.loads(line.split(" ", 1)[1]))
    ),
    "log": lambda body: is_presence(json.loads(body)),
    "machine": lambda body: is_presence(json.loads(body)),
    "web": lambda seen: (
        json.loads(seen)["headers"]["X-Api-Key"] == WEB_KEY
        and json.loads(seen)["path"].startswith("/hooks/v2.users.")
        and json.loads(json.loads(seen)["body"]) == {"text": "presence changed"}
    ),
    "elsewhere": lambda body: is_presence(json.loads(body)),
    "task": lambda body: '"CALLED"' in body,
    "table": lambda body: is_presence(json.loads(json.loads(body)["event"])),
    "known": lambda body: is_presence(json.loads(body)),
}
"""Target -> whether what arrived is what its environment file asks for."""


@pytest.mark.parametrize("target", READERS)
def test_an_event_reaches_every_target(bridge, web, event_sent, target):
    """As the environment says: whole, a part of it, transformed, or a constant."""
    assert event_sent
    body = arrived(bridge, web, target)
    assert ARRIVES[target](body), body


def test_verify_finds_every_link_sound(bridge):
    """Permission and dead-letter queue of each target were read, and an event came through."""
    done = bridge.run("verify", "loop", "--json")
    failed = [check for check in done.data["checks"] if check["status"] == "failed"]
    assert (done.exit_code, failed) == (0, []), done.stderr
    skipped = [check["name"] for check in done.data["checks"] if check["status"] == "skipped"]
    assert [name for name in skipped if name.startswith(("permission", "dead-letter queue"))] == []


def role(target):
    """Name of the role that EventBridge delivers with."""
    return f"gcbridge-eu-central-1-loop-{target}-deliver"


def drop_role_policy(target):
    """Take away what a delivery role may do."""

    def drop(workspace):
        iam = workspace.aws("iam")
        for name in iam.list_role_policies(RoleName=role(target))["PolicyNames"]:
            iam.delete_role_policy(RoleName=role(target), PolicyName=name)

    return drop


def drop_queue_policy(name):
    """Take away who may send to a queue."""

    def drop(workspace):
        sqs = workspace.aws("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})

    return drop


def drop_bus_policies(workspace):
    """Take away what the role may do, and what the receiving bus lets it do: either would be enough."""
    drop_role_policy("elsewhere")(workspace)
    events = aws(workspace, "events", "us-east-1")
    events.remove_permission(EventBusName="gcbridge-loop-elsewhere", RemoveAllPermissions=True)


def drop_function_permission(name):
    """Take away who may call a function."""

    def drop(workspace):
        functions = workspace.aws("lambda")
        policy = json.loads(functions.get_policy(FunctionName=name)["Policy"])
        for statement in policy["Statement"]:
            functions.remove_permission(FunctionName=name, StatementId=statement["Sid"])

    return drop


def drop_log_policy(workspace):
    """Take away who may write to the log group."""
    logs = workspace.aws("logs")
    for policy in logs.describe_resource_policies()["resourcePolicies"]:
        logs.delete_resource_policy(policyName=policy["policyName"])


DROP = {
    "queue": drop_queue_policy("gcbridge-loop-queue"),
    "ordered": drop_queue_policy("gcbridge-loop-ordered.fifo"),
    "secured": drop_queue_policy("gcbridge-loop-secured"),
    "function": drop_function_permission("gcbridge-loop-function"),
    "log": drop_log_policy,
    "elsewhere": drop_bus_policies,
    "table": drop_function_permission("gcbridge-loop-table-writer"),
    **{
        name: drop_role_policy(name)
        for name in ("topic", "stream", "lake", "machine", "web", "task", "known")
    },
}
"""Target -> what takes its permission away by hand."""


@pytest.fixture(scope="module")
def broken(bridge):
    """The same bridge after somebody took away every permission, and one event later."""
    for drop in DROP.values():
        drop(bridge)
    emit(bridge.sandbox, PRESENCE)
    bridge.verified = bridge.run("verify", "loop", "--json")
    bridge.drifted = bridge.run("plan", "loop", "--json", "--detailed-exitcode")
    return bridge


@pytest.mark.parametrize("target", DROP)
def test_without_its_permission_an_event_is_kept(broken, target):
    """In the target's own dead-letter queue, with the reason."""
    sqs = broken.aws("sqs")
    url = sqs.get_queue_url(QueueName=f"gcbridge-loop-{target}-dead-letter")["QueueUrl"]
    (letter,) = wait_until(
        lambda: sqs.receive_message(
            QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=0, MaxNumberOfMessages=1
        ).get("Messages")
    )
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    assert f"/{rule_of(target)}" in attributes["RULE_ARN"]
    assert is_presence(json.loads(letter["Body"]))


def rule_of(target):
    """The rule that sends to it."""
    places = list(READERS)
    return f"presence-{1 + places.index(target) // 5}"


@pytest.mark.parametrize("target", DROP)
def test_verify_names_the_link_that_is_broken(broken, target):
    """That one, of this target; not only that something is wrong."""
    assert broken.verified.exit_code == 3
    failed = [check["name"] for check in broken.verified.data["checks"] if check["status"] == "failed"]
    assert f"permission of rule {rule_of(target)} on target {target}" in failed


@pytest.mark.parametrize("target", DROP)
def test_plan_shows_that_the_permission_is_gone(broken, target):
    """As a change of that target's module."""
    assert broken.drifted.exit_code == 2, broken.drifted.stderr
    addresses = [change.split(" ", 1)[1] for change in changes(broken.drifted.data, "aws")]
    assert [address for address in addresses if address.startswith(f"module.target_{target}.")]


def test_apply_repairs_all_of_it(broken):
    """Afterwards verify finds every permission again; what waits in the dead-letter queues it still reports."""
    broken.ok("apply", "loop")
    broken.ok("plan", "loop", "--detailed-exitcode")
    verified = broken.run("verify", "loop", "--json")
    failed = [check["name"] for check in verified.data["checks"] if check["status"] == "failed"]
    assert [name for name in failed if not name.startswith("dead-letter queue of target")] == []
    assert len(failed) == len(DROP)


@pytest.mark.parametrize("target", [name for name in DROP if name != "elsewhere"])
def test_redrive_delivers_what_could_not_be_delivered(broken, web, target):
    """The same reader finds it at the end, and the dead-letter queue is empty."""
    READERS[target](broken, web)
    broken.ok("dlq", "loop", "redrive", "--target", target, "--yes")
    assert arrived(broken, web, target)
    assert depth(broken, target) == 0


def depth(workspace, target):
    """Letters in a target's dead-letter queue."""
    sqs = workspace.aws("sqs")
    url = sqs.get_queue_url(QueueName=f"gcbridge-loop-{target}-dead-letter")["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(
        int(n) for n in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()
    )


def test_destroy_leaves_nothing(broken):
    """Not one resource of any kind, in any region; a letter that nobody looked at stands in the way first."""
    stop_listening(broken)
    guarded = "module.dead_letter_elsewhere.aws_sqs_queue.this"
    broken.run("destroy", "loop", "--auto-approve").failed(4, guarded, "--allow-destroy")
    broken.ok("destroy", "loop", "--auto-approve", "--allow-destroy", guarded)
    contents = broken.contents()
    assert {kind: count for kind, count in contents.items() if count} == {}
    assert sandbox_status(broken.sandbox.folder).integrations == 0
