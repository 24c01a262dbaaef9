"""What a Lambda target's function has beside its code: variables, permissions, queues that it sends to."""

from __future__ import annotations

from typing import Any

from gcbridge.model.target import LambdaTarget
from gcbridge.study.hcl import Reference

Arguments = dict[str, Any]
EVERYTHING = "*"


def queues_label(target: LambdaTarget) -> str:
    """Label of the module call that makes the queues of a function."""
    return f"queues_{target.name}"


def queue_arguments(target: LambdaTarget) -> Arguments:
    """What the module of the queues is told besides the account."""
    return {
        "queues": {
            queue.name: {
                "queue_name": queue.queue_name,
                "fifo": queue.fifo,
                "message_retention_seconds": queue.message_retention_seconds,
            }
            for queue in target.queues
        }
    }


def function_variables(target: LambdaTarget) -> Arguments | None:
    """The environment variables: as written, secrets by their ARN, queues by their URL; None where there are none."""
    urls = {
        queue.variable: Reference(f"module.{queues_label(target)}.urls.{queue.name}")
        for queue in target.queues
    }
    variables = {**target.spec.environment, **target.spec.secrets, **urls}
    return dict(sorted(variables.items())) or None


def function_statements(target: LambdaTarget) -> list[Arguments]:
    """What the code may do to resources that are named: its secrets, its queues, and what was written."""
    statements: list[Arguments] = []
    if target.spec.secrets:
        arns = sorted(set(target.spec.secrets.values()))
        statements.append({"actions": ["secretsmanager:GetSecretValue"], "resources": arns})
    if target.queues:
        queues = [Reference(f"module.{queues_label(target)}.arns.{queue.name}") for queue in target.queues]
        statements.append({"actions": ["sqs:SendMessage"], "resources": queues})
    statements += [
        {"actions": list(permission.actions), "resources": list(permission.resources)}
        for permission in target.spec.permissions
        if permission.resources != (EVERYTHING,)
    ]
    return statements


def unscoped_actions(target: LambdaTarget) -> list[str] | None:
    """What the code may do on whatever there is; None where that is nothing."""
    actions = {
        action
        for permission in target.spec.permissions
        if permission.resources == (EVERYTHING,)
        for action in permission.actions
    }
    return sorted(actions) or None
