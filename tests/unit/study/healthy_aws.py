"""An AWS account in which a bridge is whole, as the modules would leave it."""

import json

from gcbridge.model.resource import ResourceObservation
from gcbridge.model.result import (
    AwsObservation,
    EventSourceObservation,
    RuleObservation,
    TargetObservation,
)
from gcbridge.study.delivery_settings import as_text
from gcbridge.study.delivery_way import dead_letter_arn, role_arn, table_arn

EVENTS = "events.amazonaws.com"
PREFIX = "arn:aws:events:eu-central-1:123456789012"
CONNECTION = f"{PREFIX}:connection/gcbridge-dev-crm/1f"
API_DESTINATION = f"{PREFIX}:api-destination/gcbridge-dev-crm/2e"
TASK_DEFINITION = "arn:aws:ecs:eu-central-1:123456789012:task-definition/gcbridge-dev-task:1"
TASK_ROLE = "arn:aws:iam::123456789012:role/gcbridge-dev-task-task"
ROLE_ACTIONS = {
    "kinesis": "kinesis:PutRecord",
    "firehose": "firehose:PutRecord",
    "states": "states:StartExecution",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
}


def allow(action, resource=None, principal=None, **conditions):
    statement = {"Effect": "Allow", "Action": action}
    if resource:
        statement["Resource"] = resource
    if principal:
        statement["Principal"] = principal
    if conditions:
        statement["Condition"] = conditions["conditions"]
    return statement


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def for_rules(target, action, resource=None):
    """What a policy says to let exactly the target's rules in."""
    conditions = {"ArnEquals": {"aws:SourceArn": list(target.rule_arns)}}
    return policy(allow(action, resource, {"Service": EVENTS}, conditions=conditions))


def arn_of(target):
    return target.arn or API_DESTINATION


def healthy_target(bridge, target, **changes):
    """What a rule says of a target."""
    written, transformer = target.input, target.input.transformer if target.input else None
    constant = written.constant if written else None
    seen = TargetObservation(
        id=target.name,
        arn=arn_of(target) + (":*" if target.type == "log_group" else ""),
        role_arn=role_arn(bridge, target),
        dead_letter_arn=dead_letter_arn(bridge, target),
        maximum_retry_attempts=target.retry.attempts,
        maximum_event_age_seconds=target.retry.max_age,
        input=None if constant is None else json.dumps(constant),
        input_path=written.path if written else None,
        input_paths=transformer.paths if transformer else {},
        input_template=as_text(transformer.template) if transformer else None,
        message_group=getattr(target, "message_group", None),
        task_definition_arn=TASK_DEFINITION if target.type == "ecs_task" else None,
    )
    return seen.model_copy(update=changes)


def healthy_rule(bridge, rule):
    return RuleObservation(
        name=rule.name,
        state="ENABLED" if rule.enabled else "DISABLED",
        pattern=rule.pattern,
        targets=tuple(healthy_target(bridge, bridge.target(name)) for name in rule.targets),
    )


def resource(arn, **more):
    return ResourceObservation(arn=arn, exists=True, **more)


def role(arn, trust, *statements):
    return resource(arn, policies=(trust,), identity_policies=(policy(*statements),))


def resources_of(bridge, target):
    """All that a delivery to a target touches."""
    if target.dead_letter_queue_name:
        queue = dead_letter_arn(bridge, target)
        yield resource(queue, policies=(for_rules(target, "sqs:SendMessage", queue),))
    if target.role_name:
        trust = for_rules(target, "sts:AssumeRole")
        yield role(role_arn(bridge, target), trust, *_role_statements(target))
    yield from _OWN.get(target.type, _plain)(bridge, target)


def _role_statements(target):
    arn = arn_of(target)
    if target.type == "api_destination":
        return (allow("events:InvokeApiDestination", arn),)
    if target.type == "event_bus":
        return (allow("events:PutEvents", arn),)
    if target.type == "ecs_task":
        cluster = {"ArnEquals": {"ecs:cluster": arn}}
        to_ecs = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        return (
            allow("ecs:RunTask", TASK_DEFINITION, conditions=cluster),
            allow("iam:PassRole", TASK_ROLE, conditions=to_ecs),
        )
    return (allow(ROLE_ACTIONS[arn.split(":")[2]], arn),)


def _plain(bridge, target):
    yield resource(target.arn, state="ACTIVE" if target.role_name else "")


def _by_policy(action):
    def own(bridge, target):
        yield resource(target.arn, policies=(for_rules(target, action, target.arn),))

    return own


def _log_group(bridge, target):
    account = "arn:aws:logs:eu-central-1:123456789012:resource-policies"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    yield resource(target.arn, refers_to={"account_policies": (account,)})
    yield resource(account, policies=(for_rules(target, actions, f"{target.arn}:*"),))


def _function(bridge, target):
    execution = f"arn:aws:iam::123456789012:role/{target.execution_role_name}"
    failures = dead_letter_arn(bridge, target)
    statements = [allow("sqs:SendMessage", failures)]
    if target.type == "dynamodb":
        table = table_arn(bridge, target)
        statements.append(allow("dynamodb:PutItem", table))
        yield resource(table, state="ACTIVE")
    yield role(execution, policy(), *statements)
    yield resource(
        target.arn,
        state="Active",
        policies=(for_rules(target, "lambda:InvokeFunction", target.arn),),
        refers_to={"role": (execution,), "failure_queue": (failures,)},
    )


def _firehose(bridge, target):
    delivery = f"arn:aws:iam::123456789012:role/{target.delivery_role_name}"
    bucket = f"arn:aws:s3:::{target.bucket_name}"
    yield role(delivery, policy(), allow(["s3:GetObject", "s3:PutObject"], f"{bucket}/*"))
    parts = {"role": (delivery,), "objects": (f"{bucket}/{target.prefix}any",)}
    yield resource(target.arn, state="ACTIVE", refers_to=parts)


def _api_destination(bridge, target):
    yield resource(API_DESTINATION, state="ACTIVE", refers_to={"connection": (CONNECTION,)})
    yield resource(CONNECTION, state="AUTHORIZED")


def _event_bus(bridge, target):
    principal = {"AWS": role_arn(bridge, target)}
    yield resource(target.arn, policies=(policy(allow("events:PutEvents", target.arn, principal)),))


def _ecs_task(bridge, target):
    yield resource(target.arn, state="ACTIVE")
    yield resource(TASK_DEFINITION, state="ACTIVE", refers_to={"passed_roles": (TASK_ROLE,)})


_OWN = {
    "sqs": _by_policy("sqs:SendMessage"),
    "sns": _by_policy("sns:Publish"),
    "lambda": _function,
    "dynamodb": _function,
    "log_group": _log_group,
    "firehose": _firehose,
    "api_destination": _api_destination,
    "event_bus": _event_bus,
    "ecs_task": _ecs_task,
}


def healthy_aws(bridge):
    return AwsObservation(
        account_id="123456789012",
        event_source=EventSourceObservation(name=bridge.event_source_name, state="ACTIVE"),
        event_bus_exists=True,
        rules=tuple(healthy_rule(bridge, rule) for rule in bridge.rules),
        resources={each.arn: each for target in bridge.targets for each in resources_of(bridge, target)},
    )
