"""TargetSpec -> Target: every name decided, so that permissions can be written, and checked, by exact ARN."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcbridge.model import target as decided
from gcbridge.model import target_spec as written
from gcbridge.model.bridge import AwsAccount, Rule
from gcbridge.model.function_spec import FunctionQueueSpec
from gcbridge.model.target_options_spec import ReferenceSpec
from gcbridge.model.target_spec import TargetSpec
from gcbridge.study import target_names as names
from gcbridge.study.lake import resolve_lake

OWN_POLICY_SERVICES = frozenset({"lambda", "logs"})
"""Services whose permission can be added beside what is there already; everything else existing gets a role."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a target stands: its environment, account, name and rules."""

    environment: str
    aws: AwsAccount
    name: str
    rules: tuple[Rule, ...]

    @property
    def resource(self) -> str:
        return names.resource_name(self.environment, self.name)

    def arn(self, service: str, resource: str) -> str:
        aws = self.aws
        return f"arn:{aws.partition}:{service}:{aws.region}:{aws.account_id}:{resource}"

    def role(self, purpose: str = "deliver") -> str:
        return names.role_name(self.aws.region, self.environment, self.name, purpose)


def resolve_target(
    environment: str, aws: AwsAccount, name: str, spec: TargetSpec, rules: tuple[Rule, ...]
) -> decided.AnyTarget:
    """A target follows from what was written, its environment's name and its account.

    Args:
        environment: name of the environment.
        aws: account that receives.
        name: the target's name.
        spec: what was written.
        rules: the rules that send to it.
    """
    place = _Place(environment, aws, name, rules)
    existing = spec.arn if isinstance(spec, ReferenceSpec | written.ExistingTargetSpec) else None
    if existing and not isinstance(spec, written.EventBusTargetSpec):
        return _existing(place, spec, existing)
    return _RESOLVERS[type(spec)](place, spec)


def _common(place: _Place, spec: Any, arn: str | None, *, role: bool) -> dict[str, Any]:
    own_key = spec.encryption.startswith("arn:")
    dead_letters = names.dead_letter_queue_name(place.environment, place.name)
    return {
        "name": place.name,
        "rules": tuple(rule.name for rule in place.rules),
        "rule_arns": tuple(rule.arn for rule in place.rules),
        "arn": arn,
        "role_name": place.role() if role or own_key else None,
        "dead_letter_queue_name": dead_letters if spec.dead_letter else None,
        "retry": spec.retry,
        "input": spec.input,
        "encryption": "own_key" if own_key else spec.encryption,
        "key_arn": spec.encryption if own_key else None,
    }


def _existing(place: _Place, spec: Any, arn: str) -> decided.ExistingTarget:
    role = arn.split(":")[2] not in OWN_POLICY_SERVICES
    return decided.ExistingTarget(
        **_common(place, spec, arn, role=role),
        written_type=spec.type,
        policy_name=place.resource if arn.split(":")[2] == "logs" else None,
        message_group=getattr(spec, "message_group", None) or (place.name if arn.endswith(".fifo") else None),
        partition_key_path=getattr(spec, "partition_key_path", None),
        http=spec if isinstance(spec, written.ApiDestinationTargetSpec) else None,
    )


def _sqs(place: _Place, spec: written.SqsTargetSpec) -> decided.SqsTarget:
    name = spec.queue_name or place.resource
    name = f"{name}.fifo" if spec.fifo else name
    return decided.SqsTarget(
        **_common(place, spec, place.arn("sqs", name), role=False),
        queue_name=name,
        message_group=(spec.message_group or place.name) if spec.fifo else None,
        spec=spec,
    )


def _sns(place: _Place, spec: written.SnsTargetSpec) -> decided.SnsTarget:
    name = spec.topic_name or place.resource
    return decided.SnsTarget(
        **_common(place, spec, place.arn("sns", name), role=True), topic_name=name, spec=spec
    )


def _lambda(place: _Place, spec: written.LambdaTargetSpec) -> decided.LambdaTarget:
    name = spec.function_name or place.resource
    return decided.LambdaTarget(
        **_common(place, spec, place.arn("lambda", f"function:{name}"), role=False),
        function_name=name,
        execution_role_name=place.role("execute"),
        queues=tuple(_function_queue(place, queue, spec.queues[queue]) for queue in sorted(spec.queues)),
        spec=spec,
    )


def _function_queue(place: _Place, name: str, spec: FunctionQueueSpec) -> decided.FunctionQueue:
    return decided.FunctionQueue(
        name=name,
        queue_name=names.function_queue_name(place.environment, place.name, name, fifo=spec.fifo),
        variable=names.queue_variable(name),
        fifo=spec.fifo,
        message_retention_seconds=spec.message_retention_seconds,
    )


def _kinesis(place: _Place, spec: written.KinesisTargetSpec) -> decided.KinesisTarget:
    name = spec.stream_name or place.resource
    return decided.KinesisTarget(
        **_common(place, spec, place.arn("kinesis", f"stream/{name}"), role=True),
        stream_name=name,
        lake=resolve_lake(place.environment, place.aws, place.name, spec.to_s3) if spec.to_s3 else None,
        spec=spec,
    )


def _firehose(place: _Place, spec: written.FirehoseTargetSpec) -> decided.FirehoseTarget:
    name = spec.stream_name or place.resource
    aws = place.aws
    bucket = names.bucket_name(aws.account_id, aws.region, place.environment, place.name)
    return decided.FirehoseTarget(
        **_common(place, spec, place.arn("firehose", f"deliverystream/{name}"), role=True),
        stream_name=name,
        bucket_name=spec.bucket_name or bucket,
        delivery_role_name=place.role("write"),
        prefix=spec.prefix if spec.prefix is not None else _prefix(place.rules, spec),
        spec=spec,
    )


def _prefix(rules: tuple[Rule, ...], spec: written.FirehoseTargetSpec) -> str:
    """Objects lie below their topic where it is known beforehand; a topic's braces do not belong in a key."""
    topics = {topic for rule in rules for topic in rule.topics or ("",)}
    if spec.partition_by_topic or len(topics) != 1 or topics == {""}:
        return "events/"
    return topics.pop().replace("{", "_").replace("}", "_") + "/"


def _log_group(place: _Place, spec: written.LogGroupTargetSpec) -> decided.LogGroupTarget:
    name = spec.log_group_name or names.log_group_name(place.environment, place.name)
    return decided.LogGroupTarget(
        **_common(place, spec, place.arn("logs", f"log-group:{name}"), role=False),
        log_group_name=name,
        spec=spec,
    )


def _step_functions(place: _Place, spec: written.StepFunctionsTargetSpec) -> decided.StepFunctionsTarget:
    name = spec.state_machine_name or place.resource
    return decided.StepFunctionsTarget(
        **_common(place, spec, place.arn("states", f"stateMachine:{name}"), role=True),
        state_machine_name=name,
        execution_role_name=place.role("execute"),
        definition_json=json.dumps(spec.definition, sort_keys=True, ensure_ascii=False),
        spec=spec,
    )


def _api_destination(place: _Place, spec: written.ApiDestinationTargetSpec) -> decided.ApiDestinationTarget:
    return decided.ApiDestinationTarget(
        **_common(place, spec, None, role=True),
        destination_name=names.fitting(place.resource, names.API_DESTINATION_NAME_MAX),
        spec=spec,
    )


def _event_bus(place: _Place, spec: written.EventBusTargetSpec) -> decided.EventBusTarget:
    aws = place.aws
    name = spec.event_bus_name or place.resource
    region, account = spec.region or aws.region, aws.account_id
    if spec.assume_role_arn:
        account = spec.assume_role_arn.split(":")[4]
    if spec.arn:
        region, account, resource = spec.arn.split(":", 5)[3:]
        name = resource.removeprefix("event-bus/")
    return decided.EventBusTarget(
        **_common(place, spec, f"arn:{aws.partition}:events:{region}:{account}:event-bus/{name}", role=True),
        event_bus_name=name,
        receiver_region=region,
        receiver_account_id=account,
        is_new=spec.arn is None,
        spec=spec,
    )


def _ecs_task(place: _Place, spec: written.EcsTaskTargetSpec) -> decided.EcsTaskTarget:
    name = names.fitting(place.resource, names.TASK_NAME_MAX)
    arn = spec.cluster_arn or place.arn("ecs", f"cluster/{name}")
    return decided.EcsTaskTarget(**_common(place, spec, arn, role=True), task_name=name, spec=spec)


def _dynamodb(place: _Place, spec: written.DynamodbTargetSpec) -> decided.DynamodbTarget:
    table = spec.table_arn.rpartition("/")[2] if spec.table_arn else spec.table_name or place.resource
    function = names.fitting(f"{place.resource}-writer", names.FUNCTION_NAME_MAX)
    return decided.DynamodbTarget(
        **_common(place, spec, place.arn("lambda", f"function:{function}"), role=False),
        table_name=table,
        function_name=function,
        execution_role_name=place.role("execute"),
        spec=spec,
    )


_RESOLVERS: dict[type, Callable[[_Place, Any], decided.AnyTarget]] = {
    written.SqsTargetSpec: _sqs,
    written.SnsTargetSpec: _sns,
    written.LambdaTargetSpec: _lambda,
    written.KinesisTargetSpec: _kinesis,
    written.FirehoseTargetSpec: _firehose,
    written.LogGroupTargetSpec: _log_group,
    written.StepFunctionsTargetSpec: _step_functions,
    written.ApiDestinationTargetSpec: _api_destination,
    written.EventBusTargetSpec: _event_bus,
    written.EcsTaskTargetSpec: _ecs_task,
    written.DynamodbTargetSpec: _dynamodb,
}
