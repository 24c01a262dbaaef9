"""What EventBridge needs to write to a target, by kind of target: policies, roles, keys, and that it works at all.

Source: "Using resource-based policies for Amazon EventBridge" and "Using identity-based policies (IAM policies) for Amazon
EventBridge" in the EventBridge user guide; of the other services, what their own guides say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gcbridge.model.resource import ResourceObservation
from gcbridge.model.target import DynamodbTarget
from gcbridge.study.delivery_way import EVENTS_SERVICE, Way, plain_arn, table_arn
from gcbridge.study.identity_policy import Role
from gcbridge.study.key_access import key_requirements
from gcbridge.study.policy_statements import every
from gcbridge.study.requirement import Requirement, require
from gcbridge.study.resource_policy import ServiceRequest, is_permitted
from gcbridge.study.role_access import action_requirement, as_role, trust_requirement, unread

SERVICE_ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"}
"""Service that has policies on its resources -> what EventBridge does there."""
LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
ROLE_ACTIONS = {
    **SERVICE_ACTIONS,
    "kinesis": "kinesis:PutRecord",
    "firehose": "firehose:PutRecord",
    "states": "states:StartExecution",
    "ecs": "ecs:RunTask",
}
"""Service -> what the role does there."""

WORKING = {
    "kinesis": {"ACTIVE", "UPDATING"},
    "firehose": {"ACTIVE"},
    "lambda": {"Active"},
    "states": {"ACTIVE"},
    "ecs": {"ACTIVE"},
    "dynamodb": {"ACTIVE", "UPDATING"},
    "events": {"ACTIVE", "AUTHORIZED", ""},
}
"""Service -> states in which its resources take events."""
PASSING = {
    "CREATING",
    "UPDATING",
    "AUTHORIZING",
    "DEAUTHORIZING",
    "PROVISIONING",
    "PENDING",
    "Pending",
    "Inactive",
}
"""States that change by themselves, soon or with the next event."""


def access_requirements(way: Way) -> Iterator[Requirement]:
    """All that must be so for the rule's events to be accepted by the target.

    Args:
        way: the rule's, to a target that exists.
    """
    if way.resource.exists is None:
        yield unread(way.resource)
    if way.seen.role_arn and way.service != "logs":
        yield from _by_role(way, way.look(way.seen.role_arn))
    elif way.service in _BY_ITSELF:
        yield from _BY_ITSELF[way.service](way)
    else:
        yield Requirement(
            False, f"rule {way.rule.name} names no role, and EventBridge needs one to send there"
        )
    yield from _state(way.resource)
    yield from _BESIDE.get(way.service, _nothing)(way)


def _nothing(_: Way) -> Iterator[Requirement]:
    return iter(())


def _by_policy(way: Way) -> Iterator[Requirement]:
    resource, action = way.resource, SERVICE_ACTIONS[way.service]
    if resource.policies is None:
        yield unread(resource)
    else:
        yield service_requirement(way, resource, action)
    yield from key_requirements(way, resource, None)


def service_requirement(way: Way, resource: ResourceObservation, action: str) -> Requirement:
    """The resource's own policy lets EventBridge do something for this rule.

    Args:
        way: the rule's.
        resource: whose policies were read.
        action: such as `sqs:SendMessage`.
    """
    account = way.bridge.aws.account_id
    request = ServiceRequest(EVENTS_SERVICE, action, resource.arn, way.rule.arn, account)
    return require(
        is_permitted(resource.policies or (), request),
        f"the policy of {resource.arn} lets the rule {action}",
        f"the policy of {resource.arn} does not let {EVENTS_SERVICE} {action} for this rule",
    )


def _by_log_policies(way: Way) -> Iterator[Requirement]:
    """Policies of the account and of the group count together, and EventBridge needs both actions."""
    group = way.resource
    documents = [group, *way.followed(group, "account_policies")]
    gap = next((each for each in documents if each.policies is None), None)
    if gap:
        yield unread(gap)
        return
    policies = tuple(policy for each in documents for policy in each.policies or ())
    account, stream = way.bridge.aws.account_id, f"{group.arn}:log-stream:any"
    requests = [
        ServiceRequest(EVENTS_SERVICE, action, stream, way.rule.arn, account) for action in LOG_ACTIONS
    ]
    yield require(
        every(is_permitted(policies, request) for request in requests),
        f"a resource policy of CloudWatch Logs lets the rule write to {group.arn}",
        f"no resource policy of CloudWatch Logs lets {EVENTS_SERVICE} {' and '.join(LOG_ACTIONS)} on {group.arn} for this rule",
    )


_BY_ITSELF: dict[str, Callable[[Way], Iterator[Requirement]]] = {
    "sqs": _by_policy,
    "sns": _by_policy,
    "lambda": _by_policy,
    "logs": _by_log_policies,
}


def _by_role(way: Way, role: ResourceObservation) -> Iterator[Requirement]:
    resource = way.resource
    yield trust_requirement(way, role)
    if role.exists is False:
        return
    if way.service == "ecs":
        yield from _run_task(way, role)
    else:
        policies = resource.policies if way.service in {*SERVICE_ACTIONS, "events"} else ()
        action, arn = _role_action(way), plain_arn(way.seen.arn)
        yield action_requirement(way, role, action, arn, resource_policies=policies)
    known = as_role(way, role)
    if isinstance(known, Role):
        yield from key_requirements(way, resource, known)


def _role_action(way: Way) -> str:
    if way.service == "events":
        is_bus = ":event-bus/" in way.seen.arn
        return "events:PutEvents" if is_bus else "events:InvokeApiDestination"
    return ROLE_ACTIONS.get(way.service, f"{way.service}:*")


def _run_task(way: Way, role: ResourceObservation) -> Iterator[Requirement]:
    cluster, task = way.seen.arn, way.seen.task_definition_arn
    if not task:
        yield Requirement(False, f"rule {way.rule.name} names no task definition")
        return
    yield action_requirement(way, role, "ecs:RunTask", task, more={"ecs:cluster": cluster})
    definition = way.look(task)
    if definition.exists is False:
        yield Requirement(False, f"task definition {task} does not exist")
    elif definition.exists is None:
        yield unread(definition)
    yield from _state(definition)
    passed = {"iam:passedtoservice": "ecs-tasks.amazonaws.com"}
    for arn in definition.refers_to.get("passed_roles", ()):
        yield action_requirement(way, role, "iam:PassRole", arn, more=passed)


def _state(resource: ResourceObservation) -> Iterator[Requirement]:
    service = resource.arn.split(":")[2]
    if service not in WORKING or not resource.exists or not resource.state:
        return
    met = resource.state in WORKING[service]
    unsure = not met and resource.state in PASSING
    yield Requirement(None if unsure else met, f"{resource.arn} is {resource.state}")


def _api_destination(way: Way) -> Iterator[Requirement]:
    for connection in way.followed(way.resource, "connection"):
        if connection.exists is None:
            yield unread(connection)
        elif not connection.exists:
            yield Requirement(False, f"connection {connection.arn} does not exist")
        yield from _state(connection)


def _firehose(way: Way) -> Iterator[Requirement]:
    """Firehose accepts events that it cannot write, so its own role counts as well."""
    for role in way.followed(way.resource, "role"):
        for arn in way.resource.refers_to.get("objects", ()):
            yield action_requirement(way, role, "s3:PutObject", arn)


def _function(way: Way) -> Iterator[Requirement]:
    if not isinstance(way.target, DynamodbTarget):
        return
    arn = table_arn(way.bridge, way.target)
    table = way.look(arn)
    if table.exists is None:
        yield unread(table)
    elif not table.exists:
        yield Requirement(False, f"table {arn} does not exist")
    yield from _state(table)
    for role in way.followed(way.resource, "role"):
        yield action_requirement(way, role, "dynamodb:PutItem", arn)


_BESIDE: dict[str, Callable[[Way], Iterator[Requirement]]] = {
    "events": _api_destination,
    "firehose": _firehose,
    "lambda": _function,
}
