"""Ways to break a bridge by hand: each block breaks one thing, and mends it at its end."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps

import boto3
from botocore.config import Config
from loop_workspace import AUDIT, BUS_ONLY, FOREIGN_ACCOUNT, FOREIGN_ORG, PRESENCE, LoopWorkspace, wait_until

from gcbridge.sandbox.loopback import call_json, find_free_port

MANY_TARGETS = (
    BUS_ONLY
    + """\
rules:
  presence:
    topics: ["v2.users.{{id}}.presence"]
    targets: [crm, vault, stream]
  audits:
    topics: ["v2.audits.entitytype.{{id}}.entityid.{{id}}"]
    where: {{eventBody: {{serviceName: [Presence]}}}}
    targets: [trail, sealed]
targets:
  crm: {{type: sqs}}
  vault: {{type: sqs, encryption: "KEY_ARN"}}
  stream: {{type: kinesis, shard_count: 1}}
  trail: {{type: log_group}}
  sealed: {{type: sqs, encryption: new_key}}
"""
)
"""A bridge that can break in many places: a customer's own key, a new key, a role, two kinds of policies."""

PARTNER_ACCOUNT = "999988887777"
UNSENT = "v2.users.{id}.routingStatus"
"""A topic that the integration does not send."""


@dataclass(frozen=True)
class Break:
    """One thing that somebody broke, and how the verdict has to name it.

    `says` stands in what was observed at the link or in its hint. `also` are the other links that this break rightly
    breaks: a key may encrypt a queue and its dead-letter queue.
    """

    name: str
    broken: Callable[[LoopWorkspace], AbstractContextManager[None]]
    link: str
    says: str
    also: tuple[str, ...] = ()


def mended(way):
    """A block from a function that breaks, yields, and mends: it mends whatever ends the block."""

    @contextmanager
    @wraps(way)
    def block(workspace):
        steps = way(workspace)
        next(steps)
        try:
            yield
        finally:
            next(steps, None)

    return block


def prepare(workspace):
    """The customer's key, which exists before the bridge, and the environment."""
    everything = {"Effect": "Allow", "Principal": {"AWS": account_root(workspace)}, "Action": "kms:*"}
    policy = {"Version": "2012-10-17", "Statement": [{**everything, "Resource": "*"}]}
    key = workspace.aws("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]
    workspace.customer_key = key["KeyId"]
    workspace.write(MANY_TARGETS.replace("KEY_ARN", key["Arn"]))


def account_root(workspace):
    """The principal that stands for the whole account."""
    return f"arn:aws:iam::{workspace.sandbox.account_id}:root"


# What an administrator does in Genesys Cloud.


def integration(workspace):
    """The bridge's integration, as Genesys Cloud tells of it."""
    (found,) = workspace.genesys("GET", "/api/v2/integrations?expand=config.current")["entities"]
    return found


def intend(workspace, state, reported):
    """Switch the integration, and wait for what it reports then."""
    path = f"/api/v2/integrations/{integration(workspace)['id']}"
    workspace.genesys("PATCH", path, {"intendedState": state})
    wait_until(lambda: integration(workspace)["reportedState"]["code"] == reported)


def configure(workspace, **properties):
    """Change properties of the integration; what they were before."""
    path = f"/api/v2/integrations/{integration(workspace)['id']}/config/current"
    current = workspace.genesys("GET", path)
    workspace.genesys("PUT", path, {**current, "properties": {**current["properties"], **properties}})
    wait_until(lambda: integration(workspace)["reportedState"]["code"] == "ACTIVE")
    return {name: current["properties"][name] for name in properties}


@mended
def integration_disabled(workspace):
    """Somebody switches the integration off."""
    intend(workspace, "DISABLED", "INACTIVE")
    yield
    intend(workspace, "ENABLED", "ACTIVE")


@mended
def integration_in_error(workspace):
    """The integration is switched off and on, and does not come up again."""
    workspace.faults(activation_error="the account refused the source")
    intend(workspace, "DISABLED", "INACTIVE")
    intend(workspace, "ENABLED", "ERROR")
    yield
    workspace.no_faults()
    intend(workspace, "DISABLED", "INACTIVE")
    intend(workspace, "ENABLED", "ACTIVE")


@mended
def topic_taken_out(workspace):
    """Somebody edits the topic filter."""
    before = configure(workspace, eventFilter=[AUDIT])
    yield
    configure(workspace, **before)


def moved(**properties):
    """The integration sends elsewhere than the environment says."""

    @mended
    def broken(workspace):
        before = configure(workspace, **properties)
        yield
        withdraw_source(workspace)
        configure(workspace, **before)
        take_source_up(workspace)

    return broken


@mended
def integration_deleted(workspace):
    """Somebody deletes the integration, and makes another one like it later."""
    before = integration(workspace)
    workspace.genesys("DELETE", f"/api/v2/integrations/{before['id']}")
    wait_until(lambda: source_state(workspace) == "DELETED")
    yield
    made = workspace.genesys("POST", "/api/v2/integrations", {"integrationType": before["integrationType"]})
    path = f"/api/v2/integrations/{made['id']}/config/current"
    workspace.genesys("PUT", path, {**before["config"]["current"], "version": 1})
    intend(workspace, "ENABLED", "ACTIVE")
    take_source_up(workspace)


def troubled(**switches):
    """The organization, or what is on the way from it, misbehaves."""

    @mended
    def broken(workspace):
        workspace.faults(**switches)
        yield
        workspace.no_faults()

    return broken


@mended
def events_lost(workspace):
    """Nothing shows it, but no event comes through."""
    impatient = ("timeout_seconds: 15", "timeout_seconds: 5")
    with environment_edited(impatient)(workspace), troubled(lose_eventbridge_percent=100)(workspace):
        yield


# What becomes of the partner event source and of the bus.


def partner(workspace):
    """What Genesys itself calls of AWS."""
    return boto3.client(
        "events",
        endpoint_url=workspace.sandbox.aws.url,
        region_name="eu-central-1",
        aws_access_key_id=PARTNER_ACCOUNT,
        aws_secret_access_key="partner",
        config=Config(proxies={}),
    )


def source_state(workspace):
    """State of the bridge's source, as AWS tells it."""
    sources = workspace.aws("events").list_event_sources()["EventSources"]
    return next((each["State"] for each in sources if each["Name"] == workspace.source_name()), None)


def withdraw_source(workspace):
    """The partner deletes the source; its bus stays."""
    account = workspace.sandbox.account_id
    partner(workspace).delete_partner_event_source(Name=workspace.source_name(), Account=account)


def take_source_up(workspace):
    """A source that was made again beside its old bus waits until it is activated."""
    wait_until(lambda: source_state(workspace) == "PENDING")
    workspace.aws("events").activate_event_source(Name=workspace.source_name())


@mended
def source_deleted(workspace):
    """The source is gone, although the integration is ACTIVE."""
    withdraw_source(workspace)
    yield
    account = workspace.sandbox.account_id
    partner(workspace).create_partner_event_source(Name=workspace.source_name(), Account=account)
    take_source_up(workspace)


@mended
def source_deactivated(workspace):
    """Somebody calls DeactivateEventSource: the bus stays, the source is PENDING."""
    workspace.aws("events").deactivate_event_source(Name=workspace.source_name())
    yield
    workspace.aws("events").activate_event_source(Name=workspace.source_name())


@mended
def bus_gone(workspace):
    """Somebody deletes the event bus with all its rules."""
    events, bus = workspace.aws("events"), workspace.source_name()
    rules = [take_rule(events, bus, name) for name in ("presence", "audits")]
    events.delete_event_bus(Name=bus)
    yield
    events.create_event_bus(Name=bus, EventSourceName=bus)
    for rule, targets in rules:
        put_rule(events, bus, rule, targets)


# What becomes of rules.


def take_rule(events, bus, name):
    """Delete a rule; what it was, for `put_rule`."""
    rule = events.describe_rule(Name=name, EventBusName=bus)
    targets = events.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]
    events.remove_targets(Rule=name, EventBusName=bus, Ids=[target["Id"] for target in targets])
    events.delete_rule(Name=name, EventBusName=bus)
    return rule, targets


def put_rule(events, bus, rule, targets):
    """Make a rule again as it was."""
    pattern = rule["EventPattern"]
    events.put_rule(Name=rule["Name"], EventBusName=bus, EventPattern=pattern, State=rule["State"])
    events.put_targets(Rule=rule["Name"], EventBusName=bus, Targets=targets)


@mended
def rule_disabled(workspace):
    """Somebody calls DisableRule."""
    workspace.aws("events").disable_rule(Name="audits", EventBusName=workspace.source_name())
    yield
    workspace.aws("events").enable_rule(Name="audits", EventBusName=workspace.source_name())


@mended
def rule_gone(workspace):
    """Somebody deletes a rule."""
    events, bus = workspace.aws("events"), workspace.source_name()
    rule, targets = take_rule(events, bus, "audits")
    yield
    put_rule(events, bus, rule, targets)


def pattern_becomes(**changes):
    """Somebody edits a pattern in the console."""

    @mended
    def broken(workspace):
        events, place = workspace.aws("events"), {"Name": "audits", "EventBusName": workspace.source_name()}
        before = events.describe_rule(**place)["EventPattern"]
        events.put_rule(**place, EventPattern=json.dumps({**json.loads(before), **changes}))
        yield
        events.put_rule(**place, EventPattern=before)

    return broken


@mended
def pattern_that_never_matches(workspace):
    """The environment declares a pattern that matches nothing, and it was applied."""
    asked = f'topics: ["{AUDIT}"]\n    where: {{eventBody: {{serviceName: [Presence]}}}}'
    pattern = f'pattern: {{detail-type: ["{UNSENT}"]}}'
    with environment_edited((asked, pattern))(workspace):
        events, bus = workspace.aws("events"), workspace.source_name()
        rule, targets = take_rule(events, bus, "audits")
        applied = json.dumps({"source": [bus], "detail-type": [UNSENT]})
        put_rule(events, bus, {**rule, "EventPattern": applied}, targets)
        yield
        take_rule(events, bus, "audits")
        put_rule(events, bus, rule, targets)


@mended
def target_detached(workspace):
    """Somebody removes a target from its rule."""
    events, place = workspace.aws("events"), {"Rule": "presence", "EventBusName": workspace.source_name()}
    targets = events.list_targets_by_rule(**place)["Targets"]
    events.remove_targets(**place, Ids=["crm"])
    yield
    events.put_targets(**place, Targets=targets)


# What becomes of targets, of what lets EventBridge in, and of dead-letter queues.


def queue_url(workspace, name):
    """Where a queue of the bridge is."""
    return workspace.aws("sqs").get_queue_url(QueueName=f"gcbridge-loop-{name}")["QueueUrl"]


def attributes(workspace, name, *wanted):
    """Attributes of a queue of the bridge."""
    answer = workspace.aws("sqs").get_queue_attributes(
        QueueUrl=queue_url(workspace, name), AttributeNames=list(wanted)
    )
    return answer["Attributes"]


def queue_deleted(name):
    """Somebody deletes a queue."""

    @mended
    def broken(workspace):
        sqs, kept = workspace.aws("sqs"), attributes(workspace, name, "Policy", "SqsManagedSseEnabled")
        sqs.delete_queue(QueueUrl=queue_url(workspace, name))
        yield
        sqs.create_queue(QueueName=f"gcbridge-loop-{name}", Attributes=kept)

    return broken


def queue_closed(name):
    """Somebody empties the policy of a queue."""

    @mended
    def broken(workspace):
        sqs, url = workspace.aws("sqs"), queue_url(workspace, name)
        policy = attributes(workspace, name, "Policy")
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        yield
        sqs.set_queue_attributes(QueueUrl=url, Attributes=policy)

    return broken


@mended
def stream_deleted(workspace):
    """Somebody deletes the stream."""
    kinesis, name = workspace.aws("kinesis"), "gcbridge-loop-stream"
    kinesis.delete_stream(StreamName=name)
    wait_until(lambda: name not in kinesis.list_streams()["StreamNames"])
    yield
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


@mended
def log_policy_gone(workspace):
    """Somebody deletes the resource policy of CloudWatch Logs."""
    logs = workspace.aws("logs")
    policies = logs.describe_resource_policies()["resourcePolicies"]
    for policy in policies:
        logs.delete_resource_policy(policyName=policy["policyName"])
    yield
    for policy in policies:
        logs.put_resource_policy(policyName=policy["policyName"], policyDocument=policy["policyDocument"])


@mended
def role_emptied(workspace):
    """Somebody deletes what the delivery role may do."""
    iam, role = workspace.aws("iam"), "gcbridge-eu-central-1-loop-stream-deliver"
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=name)
    yield
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


@mended
def customer_key_disabled(workspace):
    """Somebody disables the customer's key."""
    workspace.aws("kms").disable_key(KeyId=workspace.customer_key)
    yield
    workspace.aws("kms").enable_key(KeyId=workspace.customer_key)


@mended
def key_policy_wrong(workspace):
    """Somebody takes EventBridge out of the policy of the key that the bridge made."""
    kms = workspace.aws("kms")
    key = attributes(workspace, "sealed", "KmsMasterKeyId")["KmsMasterKeyId"]
    before = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    policy = json.loads(before)
    policy["Statement"] = [each for each in policy["Statement"] if "Service" not in each["Principal"]]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    yield
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=before)


@mended
def target_refusing(workspace):
    """A target refuses what everything lets through; its event ends in the dead-letter queue."""
    arn = f"arn:aws:sqs:eu-central-1:{workspace.sandbox.account_id}:gcbridge-loop-crm"
    faults = f"{workspace.sandbox.aws.url}/_sandbox/faults"
    call_json(faults, {"target_arn": arn, "failure_rate": 1, "retryable": False})
    yield
    call_json(faults, {"target_arn": arn, "failure_rate": 0})
    workspace.aws("sqs").purge_queue(QueueUrl=queue_url(workspace, "crm-dead-letter"))


# What becomes of the credentials and of the environment.


def environment_edited(*changes):
    """Somebody edits the environment file: each change is a text and what stands in its place."""

    @mended
    def broken(workspace):
        file = workspace.file("loop")
        before = after = file.read_text()
        for old, new in changes:
            assert old in after, old
            after = after.replace(old, new)
        file.write_text(after)
        yield
        file.write_text(before)

    return broken


def nobody_answers(section):
    """A cloud cannot be reached: nobody listens at its address."""

    def broken(workspace):
        key = {"aws": "endpoint_url", "genesys": "base_url"}[section]
        address = f"http://127.0.0.1:{find_free_port()}"
        change = (f"\n{section}:\n", f"\n{section}:\n  {key}: {address}\n")
        return environment_edited(change)(workspace)

    return broken


def credentials(**environ):
    """Somebody exports other credentials."""

    @mended
    def broken(workspace):
        before = workspace.environ
        workspace.environ = {**before, **environ}
        yield
        workspace.environ = before

    return broken


def permission(rule, target):
    """Name of a link."""
    return f"permission of rule {rule} on target {target}"


def dead_letters(rule, target):
    """Name of a link."""
    return f"dead-letter queue of rule {rule} on target {target}"


BREAKS = (
    Break(
        "client revoked",
        troubled(revoke_client=True),
        "genesys organization",
        "GENESYSCLOUD_OAUTHCLIENT_ID",
    ),
    Break(
        "token refused", troubled(reject_tokens=True), "genesys organization", "GENESYSCLOUD_OAUTHCLIENT_ID"
    ),
    Break(
        "credentials of another organization",
        lambda site: environment_edited((site.sandbox.org_id, FOREIGN_ORG))(site),
        "genesys organization",
        FOREIGN_ORG,
    ),
    Break("Genesys Cloud unreachable", nobody_answers("genesys"), "genesys organization", "reach"),
    Break("integration deleted", integration_deleted, "integration exists", "Admin > Integrations"),
    Break(
        "integration disabled", integration_disabled, "integration enabled", "switched the integration off"
    ),
    Break(
        "integration in error",
        integration_in_error,
        "integration reported ACTIVE",
        "the account refused the source",
    ),
    Break(
        "suffix changed",
        moved(eventSourceSuffix="elsewhere"),
        "integration event source suffix",
        "elsewhere",
    ),
    Break("account changed", moved(awsAccountId=FOREIGN_ACCOUNT), "integration AWS account", FOREIGN_ACCOUNT),
    Break("topic missing", topic_taken_out, "integration topics", f"not sent: {PRESENCE}"),
    Break(
        "AWS credentials of another account",
        credentials(AWS_ACCESS_KEY_ID=FOREIGN_ACCOUNT),
        "aws account",
        FOREIGN_ACCOUNT,
    ),
    Break("AWS unreachable", nobody_answers("aws"), "aws account", "aws.endpoint_url"),
    Break("source deleted", source_deleted, "event source exists", "state DELETED"),
    Break("source PENDING", source_deactivated, "event source ACTIVE", "activate-event-source"),
    Break("bus gone", bus_gone, "event bus exists", "AWS drops every event"),
    Break("rule disabled", rule_disabled, "rule audits", "switched the rule by hand"),
    Break("rule gone", rule_gone, "rule audits", "the bus has no such rule"),
    Break(
        "pattern edited",
        pattern_becomes(detail={"eventBody": {"noSuchField": ["anything"]}}),
        "rule audits",
        "noSuchField",
    ),
    Break("pattern that never matches", pattern_that_never_matches, "pattern of rule audits", UNSENT),
    Break("target detached", target_detached, "target crm of rule presence", "does not send to it"),
    Break("queue deleted", queue_deleted("crm"), "target crm of rule presence", "does not exist"),
    Break("stream deleted", stream_deleted, "target stream of rule presence", "does not exist"),
    Break("queue closed", queue_closed("crm"), permission("presence", "crm"), "sqs:SendMessage"),
    Break("log policy gone", log_policy_gone, permission("audits", "trail"), "logs:PutLogEvents"),
    Break("role emptied", role_emptied, permission("presence", "stream"), "kinesis:PutRecord"),
    Break(
        "customer's key disabled",
        customer_key_disabled,
        permission("presence", "vault"),
        "is Disabled",
    ),
    Break(
        "key policy wrong",
        key_policy_wrong,
        permission("audits", "sealed"),
        "kms:GenerateDataKey",
        also=(dead_letters("audits", "sealed"),),
    ),
    Break(
        "dead-letter queue closed",
        queue_closed("crm-dead-letter"),
        dead_letters("presence", "crm"),
        "undeliverable events of the rule are lost",
    ),
    Break(
        "dead-letter queue deleted",
        queue_deleted("trail-dead-letter"),
        dead_letters("audits", "trail"),
        "does not exist",
    ),
    Break("events lost", events_lost, "event seen on the bus", "every link up to the bus holds"),
    Break(
        "target refuses",
        target_refusing,
        "delivery from rule presence to target crm",
        "gcbridge dlq loop show",
        also=("dead-letter queue of target crm",),
    ),
)
"""In causal order."""
