"""Reads what runs: functions, state machines, clusters, task definitions; and the table behind a function."""

from __future__ import annotations

from typing import Any

from gcbridge.aws.session import Aws
from gcbridge.aws.target_readers.reading import (
    NOT_FOUND,
    attempt,
    documents,
    look_up,
    missing,
    only_given,
)
from gcbridge.model.resource import ResourceObservation


def read_function(aws: Aws, arn: str) -> ResourceObservation:
    """A Lambda function with policy, role and failure queue; IAM actions: lambda:GetFunctionConfiguration, lambda:GetPolicy."""
    client = aws.client("lambda")
    configuration = look_up(
        client, "reading a function", arn, lambda: client.get_function_configuration(FunctionName=arn)
    )
    if configuration is None:
        return missing(arn)
    # A function that nobody was let in by has no policy, and Lambda says "not found".
    answer, denied = attempt(
        lambda: look_up(
            client, "reading the policy of a function", arn, lambda: client.get_policy(FunctionName=arn)
        )
    )
    return ResourceObservation(
        arn=arn,
        exists=True,
        detail=denied,
        state=configuration.get("State", ""),
        policies=None if denied else documents((answer or {}).get("Policy")),
        refers_to=only_given(
            role=configuration.get("Role"),
            failure_queue=configuration.get("DeadLetterConfig", {}).get("TargetArn"),
        ),
    )


def read_state_machine(aws: Aws, arn: str) -> ResourceObservation:
    """A Step Functions state machine; IAM action: states:DescribeStateMachine."""
    client = aws.client("stepfunctions")
    answer = look_up(
        client, "reading a state machine", arn, lambda: client.describe_state_machine(stateMachineArn=arn)
    )
    if answer is None:
        return missing(arn)
    return ResourceObservation(arn=arn, exists=True, state=answer.get("status", ""))


def read_ecs(aws: Aws, arn: str) -> ResourceObservation:
    """An ECS cluster or task definition; IAM actions: ecs:DescribeClusters, ecs:DescribeTaskDefinition."""
    if ":task-definition/" in arn:
        return _read_task_definition(aws, arn)
    ecs = aws.client("ecs")
    answer = look_up(ecs, "reading a cluster", arn, lambda: ecs.describe_clusters(clusters=[arn]))
    found: list[dict[str, Any]] = (answer or {}).get("clusters", [])
    # A deleted cluster may still be described for a while, as INACTIVE.
    if not found or found[0].get("status") == "INACTIVE":
        return missing(arn)
    return ResourceObservation(arn=arn, exists=True, state=found[0].get("status", ""))


def _read_task_definition(aws: Aws, arn: str) -> ResourceObservation:
    ecs = aws.client("ecs")
    answer = look_up(
        ecs,
        "reading a task definition",
        arn,
        lambda: ecs.describe_task_definition(taskDefinition=arn),
        codes=NOT_FOUND | {"ClientException"},
    )
    if answer is None:
        return missing(arn)
    definition: dict[str, Any] = answer["taskDefinition"]
    roles = (definition.get("taskRoleArn"), definition.get("executionRoleArn"))
    return ResourceObservation(
        arn=arn,
        exists=True,
        state=definition.get("status", ""),
        refers_to=only_given(passed_roles=tuple(dict.fromkeys(role for role in roles if role))),
    )


def read_table(aws: Aws, arn: str) -> ResourceObservation:
    """A DynamoDB table; IAM action: dynamodb:DescribeTable."""
    dynamodb = aws.client("dynamodb")
    name = arn.rpartition("/")[2]
    answer = look_up(dynamodb, "reading a table", arn, lambda: dynamodb.describe_table(TableName=name))
    if answer is None:
        return missing(arn)
    return ResourceObservation(arn=arn, exists=True, state=answer["Table"].get("TableStatus", ""))
