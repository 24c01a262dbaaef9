"""Observes the receiving side of a bridge as it is, without concluding anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.event_source import describe_event_source, event_bus_exists
from gcbridge.aws.session import Aws, caller_account
from gcbridge.aws.target_state import read_resources, side_by_side
from gcbridge.model.bridge import Bridge
from gcbridge.model.result import AwsObservation, RuleObservation, TargetObservation
from gcbridge.model.target import EventBusTarget
from gcbridge.study.delivery_way import references

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import RuleTypeDef, TargetOutputTypeDef


def observe(aws: Aws, bridge: Bridge) -> AwsObservation:
    """Everything is read, nothing is changed; rules that the bridge does not declare are left out.

    Raises:
        AwsError: AWS refused or could not be reached. Targets alone may stay unread: they are reported as unknown.

    IAM actions: events:DescribeEventSource, events:DescribeEventBus, events:ListRules, events:ListTargetsByRule, and
        those of read_resources.
    """
    bus_exists = event_bus_exists(aws, bridge.event_bus_name)
    rules = _observe_rules(aws, bridge) if bus_exists else ()
    return AwsObservation(
        account_id=caller_account(aws),
        event_source=describe_event_source(aws, bridge.event_source_name),
        event_bus_exists=bus_exists,
        rules=rules,
        resources=read_resources(aws, references(bridge, rules), _receiver_roles(bridge)),
    )


def _receiver_roles(bridge: Bridge) -> dict[str, str]:
    """Event buses in other accounts -> the role there that the environment names."""
    return {
        target.arn: target.spec.assume_role_arn
        for target in bridge.targets
        if isinstance(target, EventBusTarget) and target.arn and target.spec.assume_role_arn
    }


def list_rules(aws: Aws, event_bus_name: str) -> tuple[RuleTypeDef, ...]:
    """Every rule of a bus, declared or not; a bus that does not exist has none.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:ListRules.
    """
    with aws_call(aws.events, "listing the rules of the event bus", where=event_bus_name):
        try:
            pages = aws.events.get_paginator("list_rules").paginate(EventBusName=event_bus_name)
            return tuple(rule for page in pages for rule in page["Rules"])
        except aws.events.exceptions.ResourceNotFoundException:
            return ()


def _observe_rules(aws: Aws, bridge: Bridge) -> tuple[RuleObservation, ...]:
    names = {rule.name for rule in bridge.rules}
    declared = [rule for rule in list_rules(aws, bridge.event_bus_name) if rule.get("Name") in names]

    def observe_rule(rule: RuleTypeDef) -> RuleObservation:
        return RuleObservation(
            name=rule["Name"],
            state=rule.get("State", ""),
            pattern=json.loads(rule.get("EventPattern") or "{}"),
            targets=tuple(map(_describe, _list_targets(aws, rule["Name"], bridge.event_bus_name))),
        )

    return tuple(side_by_side(observe_rule, declared))


def _list_targets(aws: Aws, rule_name: str, event_bus_name: str) -> tuple[TargetOutputTypeDef, ...]:
    with aws_call(aws.events, "listing the targets of a rule", where=rule_name):
        pages = aws.events.get_paginator("list_targets_by_rule").paginate(
            Rule=rule_name, EventBusName=event_bus_name
        )
        return tuple(target for page in pages for target in page["Targets"])


def _describe(target: TargetOutputTypeDef) -> TargetObservation:
    given: dict[str, Any] = dict(target)
    retry, transformer = given.get("RetryPolicy") or {}, given.get("InputTransformer") or {}
    seen = {
        "role_arn": given.get("RoleArn"),
        "dead_letter_arn": (given.get("DeadLetterConfig") or {}).get("Arn"),
        "maximum_retry_attempts": retry.get("MaximumRetryAttempts"),
        "maximum_event_age_seconds": retry.get("MaximumEventAgeInSeconds"),
        "input": given.get("Input"),
        "input_path": given.get("InputPath"),
        "input_paths": transformer.get("InputPathsMap"),
        "input_template": transformer.get("InputTemplate"),
        "message_group": (given.get("SqsParameters") or {}).get("MessageGroupId"),
        "partition_key_path": (given.get("KinesisParameters") or {}).get("PartitionKeyPath"),
        "task_definition_arn": (given.get("EcsParameters") or {}).get("TaskDefinitionArn"),
    }
    known = {name: value for name, value in seen.items() if value is not None}
    return TargetObservation(id=given["Id"], arn=given["Arn"], **known)
