"""ECS as a target: a task is recorded as running. No container is started."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import ecs

from gcbridge.sandbox.aws.answers import is_ok
from gcbridge.sandbox.aws.callers import Caller
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource

TASKS_SERVICE = "ecs-tasks.amazonaws.com"
INPUTS = ("Input", "InputPath", "InputTransformer")
# The service models ecs/2014-11-13 and events/2015-10-07 write the same fields differently.
PASSED_ON = {
    "PlatformVersion": "platformVersion",
    "Group": "group",
    "LaunchType": "launchType",
    "EnableExecuteCommand": "enableExecuteCommand",
}
MAX_STARTER_LENGTH = 36


def overrides_of(delivery: Delivery) -> dict[str, Any]:
    """The overrides of the task: the target's input; nothing of the event unless there is one.

    Raises:
        DeliveryError: ``INVALID_JSON``; the input is not a JSON object.
    """
    if not any(delivery.target.get(name) for name in INPUTS):
        return {}
    try:
        overrides = json.loads(delivery.payload)
    except ValueError:
        overrides = None
    if not isinstance(overrides, dict):
        raise DeliveryError("INVALID_JSON", "The input of an ECS task must be a JSON object of overrides.")
    return overrides


def lower_first(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the first letters that ECS writes."""
    return {name[0].lower() + name[1:]: value for name, value in fields.items()}


def network_of(parameters: dict[str, Any], definition: dict[str, Any]) -> dict[str, Any]:
    """The network of the task.

    Raises:
        DeliveryError: ``INVALID_PARAMETER``; the definition's network mode and the target do not agree.
    """
    network = (parameters.get("NetworkConfiguration") or {}).get("awsvpcConfiguration")
    if bool(network) != (definition.get("networkMode") == "awsvpc"):
        message = "A network configuration is needed for network mode awsvpc, and allowed for no other."
        raise DeliveryError("INVALID_PARAMETER", message)
    return {"networkConfiguration": {"awsvpcConfiguration": lower_first(network)}} if network else {}


def require_permissions(caller: Caller, cluster_arn: str, definition: dict[str, Any]) -> None:
    """Refuse what the role may not do: run the task, or pass on the roles that the task has.

    Raises:
        DeliveryError: ``NO_PERMISSIONS``.
    """
    caller.require("ecs:RunTask", definition["taskDefinitionArn"], None, {"ecs:cluster": cluster_arn})
    for name in ("taskRoleArn", "executionRoleArn"):
        if definition.get(name):
            context = {"iam:passedtoservice": TASKS_SERVICE}
            caller.require("iam:PassRole", definition[name], None, context)


def deliver_to_cluster(delivery: Delivery) -> None:
    """Run the target's task definition in the cluster.

    Raises:
        DeliveryError: the cluster or the definition is not there, the role may not run it, or the
            input or the network does not fit.
    """
    owner, parameters = delivery.owner("cluster"), delivery.target.get("EcsParameters") or {}
    with request_scope(owner.account_id, owner.region):
        if ecs._clusters.get(owner.resource.removeprefix("cluster/")) is None:
            raise no_resource("cluster", delivery.arn)
        definition_arn = parameters.get("TaskDefinitionArn", "")
        definition = ecs._task_defs.get(ecs._resolve_td_key(definition_arn))
        if definition is None:
            raise no_resource("task definition", definition_arn)
        require_permissions(delivery.caller(needs_role=True), delivery.arn, definition)
        request = {
            "cluster": delivery.arn,
            "taskDefinition": definition_arn,
            "count": parameters.get("TaskCount", 1),
            "startedBy": f"events-rule/{delivery.rule['Name']}"[:MAX_STARTER_LENGTH],
            "overrides": overrides_of(delivery),
            **network_of(parameters, definition),
            **{ours: parameters[theirs] for theirs, ours in PASSED_ON.items() if theirs in parameters},
        }
        answer = ecs._run_task(request)
    if not is_ok(answer):
        raise DeliveryError("ERROR_FROM_TARGET", answer[2].decode(), retryable=True)
