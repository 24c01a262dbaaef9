"""Observes the receiving side of a bridge as it is, without concluding anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gcbridge.aws.door import aws_call
from gcbridge.aws.event_source import describe_event_source, event_bus_exists
from gcbridge.aws.session import Aws, caller_account
from gcbridge.aws.target_state import TargetState, read_target_state
from gcbridge.model.bridge import Bridge
from gcbridge.model.result import AwsObservation, RuleObservation, TargetObservation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import RuleTypeDef, TargetOutputTypeDef


def observe(aws: Aws, bridge: Bridge) -> AwsObservation:
    """Everything is read, nothing is changed; rules that the bridge does not declare are left out.

    Raises:
        AwsError: AWS refused or could not be reached. Targets alone may stay unread: they are reported as unknown.

    IAM actions: events:DescribeEventSource, events:DescribeEventBus, events:ListRules, events:ListTargetsByRule,
        sqs:GetQueueUrl, sqs:GetQueueAttributes, logs:DescribeLogGroups, logs:DescribeResourcePolicies.
    """
    bus_exists = event_bus_exists(aws, bridge.event_bus_name)
    return AwsObservation(
        account_id=caller_account(aws),
        event_source=describe_event_source(aws, bridge.event_source_name),
        event_bus_exists=bus_exists,
        rules=tuple(_observe_rules(aws, bridge)) if bus_exists else (),
    )


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


def _observe_rules(aws: Aws, bridge: Bridge) -> Iterator[RuleObservation]:
    declared = {rule.name for rule in bridge.rules}
    read: dict[str, TargetState] = {}
    for rule in list_rules(aws, bridge.event_bus_name):
        if rule.get("Name") not in declared:
            continue
        targets = _list_targets(aws, rule["Name"], bridge.event_bus_name)
        for target in targets:
            if target["Arn"] not in read:
                read[target["Arn"]] = read_target_state(aws, target["Arn"])
        yield RuleObservation(
            name=rule["Name"],
            state=rule.get("State", ""),
            pattern=json.loads(rule.get("EventPattern") or "{}"),
            targets=tuple(_describe(target, read[target["Arn"]], rule["Arn"]) for target in targets),
        )


def _list_targets(aws: Aws, rule_name: str, event_bus_name: str) -> tuple[TargetOutputTypeDef, ...]:
    with aws_call(aws.events, "listing the targets of a rule", where=rule_name):
        pages = aws.events.get_paginator("list_targets_by_rule").paginate(
            Rule=rule_name, EventBusName=event_bus_name
        )
        return tuple(target for page in pages for target in page["Targets"])


def _describe(target: TargetOutputTypeDef, state: TargetState, rule_arn: str) -> TargetObservation:
    return TargetObservation(
        id=target["Id"],
        arn=target["Arn"],
        exists=state.exists,
        permitted=state.permits(rule_arn),
        detail=state.refusal or state.detail,
    )
