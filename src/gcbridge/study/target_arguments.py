"""Target -> the arguments that its module is called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gcbridge.errors import GcbridgeError
from gcbridge.model import target as decided
from gcbridge.model.stack import FunctionPackage
from gcbridge.model.target_options_spec import (
    ApiKeyAuthorizationSpec,
    AuthorizationSpec,
    BasicAuthorizationSpec,
    OauthAuthorizationSpec,
)
from gcbridge.study.function_arguments import function_statements, function_variables, unscoped_actions
from gcbridge.study.hcl import Reference

Arguments = dict[str, Any]


def module_of(target: decided.AnyTarget) -> str:
    """The module that makes a target."""
    return _MODULES[type(target)][0]


def describe(target: decided.AnyTarget, packages: Mapping[str, FunctionPackage]) -> Arguments:
    """What a target's module is told besides account and rules.

    Args:
        target: what to make.
        packages: target name -> code of its function.

    Raises:
        GcbridgeError: the code of a function is missing.
    """
    return without_none(_MODULES[type(target)][1](target, _Parts(target, packages)))


def new_key(target: decided.AnyTarget) -> Reference | None:
    """The ARN of the key that is made for a target, as the root module knows it."""
    return Reference(f"module.key_{target.name}.arn") if target.encryption == "new_key" else None


def package_path(target: decided.AnyTarget) -> str:
    """Where the code of a target's function lies in the root module."""
    return f"packages/{target.name}.zip"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What several kinds of targets are described with."""

    target: decided.AnyTarget
    packages: Mapping[str, FunctionPackage]

    @property
    def key(self) -> Any:
        return self.target.key_arn or new_key(self.target)

    @property
    def role(self) -> Arguments:
        return {"role_name": self.target.role_name}

    @property
    def function(self) -> Arguments:
        """What the two kinds of targets with a packaged function have in common."""
        if self.target.name not in self.packages:
            raise GcbridgeError(f"the code of target {self.target.name} was not packaged")
        return {
            "package_file": package_path(self.target),
            "package_sha256_base64": self.packages[self.target.name].sha256_base64,
            "failure_queue_arn": dead_letter_arn(self.target),
            "execution_statements": self._key_statements or None,
        }

    @property
    def _key_statements(self) -> list[Arguments]:
        """A function that puts what it failed on into an encrypted queue has to use the queue's key."""
        key = new_key(self.target)
        if key is None or self.target.dead_letter_queue_name is None:
            return []
        return [{"actions": ["kms:Decrypt", "kms:GenerateDataKey"], "resources": [key]}]


def without_none(values: Arguments) -> Arguments:
    """What is None is left to the default of the one who is told."""
    return {key: value for key, value in values.items() if value is not None}


def dead_letter_arn(target: decided.AnyTarget) -> Reference | None:
    """The ARN of a target's dead-letter queue, as the root module knows it."""
    return (
        None if target.dead_letter_queue_name is None else Reference(f"module.dead_letter_{target.name}.arn")
    )


def _sqs(target: decided.SqsTarget, parts: _Parts) -> Arguments:
    return {
        "queue_name": target.queue_name,
        "fifo": target.spec.fifo or None,
        "message_retention_seconds": target.spec.message_retention_seconds,
        "visibility_timeout_seconds": target.spec.visibility_timeout_seconds,
        "kms_key_arn": parts.key,
        **parts.role,
    }


def _sns(target: decided.SnsTarget, parts: _Parts) -> Arguments:
    return {"topic_name": target.topic_name, "kms_key_arn": parts.key, **parts.role}


def _lambda(target: decided.LambdaTarget, parts: _Parts) -> Arguments:
    spec, function = target.spec, parts.function
    return {
        "function_name": target.function_name,
        "execution_role_name": target.execution_role_name,
        "handler": spec.handler,
        "runtime": spec.runtime,
        "timeout_seconds": spec.timeout_seconds,
        "memory_mb": spec.memory_mb,
        "environment": function_variables(target),
        **function,
        "execution_statements": [*(function["execution_statements"] or []), *function_statements(target)]
        or None,
        "unscoped_actions": unscoped_actions(target),
    }


def _kinesis(target: decided.KinesisTarget, parts: _Parts) -> Arguments:
    return {
        "stream_name": target.stream_name,
        "retention_hours": target.spec.retention_hours,
        "shard_count": target.spec.shard_count,
        "kms_key_arn": parts.key,
        **parts.role,
    }


def _firehose(target: decided.FirehoseTarget, parts: _Parts) -> Arguments:
    spec = target.spec
    return {
        "stream_name": target.stream_name,
        "bucket_name": target.bucket_name,
        "create_bucket": spec.create_bucket,
        "delivery_role_name": target.delivery_role_name,
        "prefix": target.prefix,
        "partition_by_topic": spec.partition_by_topic,
        "buffer_seconds": spec.buffer_seconds,
        "buffer_mb": spec.buffer_mb,
        "force_destroy": spec.destroy_objects,
        **parts.role,
    }


def _log_group(target: decided.LogGroupTarget, _: _Parts) -> Arguments:
    return {"log_group_name": target.log_group_name, "retention_in_days": target.spec.retention_days}


def _step_functions(target: decided.StepFunctionsTarget, parts: _Parts) -> Arguments:
    given = target.spec.execution_role_arn
    return {
        "state_machine_name": target.state_machine_name,
        "definition": target.definition_json,
        "machine_type": target.spec.machine_type,
        "execution_role_arn": given,
        "execution_role_name": None if given else target.execution_role_name,
        **parts.role,
    }


def _api_destination(target: decided.ApiDestinationTarget, parts: _Parts) -> Arguments:
    spec = target.spec
    return {
        "name": target.destination_name,
        "endpoint_url": spec.url,
        "http_method": spec.method,
        "rate_limit_per_second": spec.rate_per_second,
        "authorization": _authorization(spec.authorization) if spec.authorization else None,
        **parts.role,
    }


def _authorization(written: AuthorizationSpec) -> Arguments:
    """Everything but the secret, which never reaches Terraform."""
    match written:
        case ApiKeyAuthorizationSpec():
            return without_none({"type": "API_KEY", "key_name": written.header, "body_key": written.body_key})
        case BasicAuthorizationSpec():
            return {"type": "BASIC", "username": written.username}
        case OauthAuthorizationSpec():
            return {
                "type": "OAUTH",
                "client_id": written.client_id,
                "authorization_endpoint": written.token_url,
                "http_method": written.http_method,
                "body": dict(sorted(written.body.items())),
            }


def _event_bus(target: decided.EventBusTarget, parts: _Parts) -> Arguments:
    return {
        "event_bus_name": target.event_bus_name,
        "receiver_region": target.receiver_region,
        "receiver_account_id": target.receiver_account_id,
        "create_event_bus": target.is_new,
        **parts.role,
    }


def _ecs_task(target: decided.EcsTaskTarget, parts: _Parts) -> Arguments:
    spec = target.spec
    return {
        "name": target.task_name,
        "cluster_arn": spec.cluster_arn,
        "task_definition_arn": spec.task_definition_arn,
        "pass_role_arns": spec.pass_role_arns or None,
        "image": spec.image,
        "cpu": spec.cpu if spec.image else None,
        "memory": spec.memory_mb if spec.image else None,
        "environment": dict(sorted(spec.environment.items())) or None,
        **parts.role,
    }


def _dynamodb(target: decided.DynamodbTarget, parts: _Parts) -> Arguments:
    spec = target.spec
    return {
        "table_name": None if spec.table_arn else target.table_name,
        "table_arn": spec.table_arn,
        "key_path": spec.key_path,
        "time_path": spec.time_path,
        "ttl_days": spec.ttl_days,
        "function_name": target.function_name,
        "execution_role_name": target.execution_role_name,
        **parts.function,
    }


def _existing(target: decided.ExistingTarget, parts: _Parts) -> Arguments:
    return {"arn": target.arn, "policy_name": target.policy_name, "kms_key_arn": target.key_arn, **parts.role}


_MODULES: dict[type, tuple[str, Callable[[Any, _Parts], Arguments]]] = {
    decided.SqsTarget: ("target-sqs", _sqs),
    decided.SnsTarget: ("target-sns", _sns),
    decided.LambdaTarget: ("target-lambda", _lambda),
    decided.KinesisTarget: ("target-kinesis", _kinesis),
    decided.FirehoseTarget: ("target-firehose", _firehose),
    decided.LogGroupTarget: ("target-log-group", _log_group),
    decided.StepFunctionsTarget: ("target-step-functions", _step_functions),
    decided.ApiDestinationTarget: ("target-api-destination", _api_destination),
    decided.EventBusTarget: ("target-event-bus", _event_bus),
    decided.EcsTaskTarget: ("target-ecs-task", _ecs_task),
    decided.DynamodbTarget: ("target-dynamodb", _dynamodb),
    decided.ExistingTarget: ("target-existing", _existing),
}
