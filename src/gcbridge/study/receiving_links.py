"""Links on the receiving side: account, event source, event bus, rules, targets, permissions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gcbridge.model.bridge import AnyTarget, Bridge, Rule, SqsTarget
from gcbridge.model.result import (
    AwsObservation,
    EventSourceObservation,
    Fault,
    RuleObservation,
    TargetObservation,
)
from gcbridge.study import sending_links as sending
from gcbridge.study.link import Finding, Link, broken, holds, untold

AWS_ACCOUNT = "aws account"
EVENT_SOURCE = "event source exists"
EVENT_BUS = "event bus exists"
SOURCE_ACTIVE = "event source ACTIVE"

SOURCE_CAUSES = (sending.REPORTED_ACTIVE, sending.SUFFIX, sending.ACCOUNT, sending.REGION)
NOTHING_SEEN = AwsObservation(account_id="", event_source=None, event_bus_exists=False)


def rule_link(rule: Rule) -> str:
    """Name of the link that is a rule."""
    return f"rule {rule.name}"


def target_link(rule: Rule, target: AnyTarget) -> str:
    """Name of the link that is a target's place behind a rule."""
    return f"target {target.name} of rule {rule.name}"


def permission_link(rule: Rule, target: AnyTarget) -> str:
    """Name of the link that is a target's permission for a rule."""
    return f"permission of rule {rule.name} on target {target.name}"


def target_arn(bridge: Bridge, target: AnyTarget) -> str:
    """ARN that a rule names the target by, without the `:*` that log groups may end with."""
    aws = bridge.aws
    if isinstance(target, SqsTarget):
        return f"arn:{aws.partition}:sqs:{aws.region}:{aws.account_id}:{target.queue_name}"
    return f"arn:{aws.partition}:logs:{aws.region}:{aws.account_id}:log-group:{target.log_group_name}"


def receiving_links(bridge: Bridge, seen: AwsObservation | Fault) -> tuple[Link, ...]:
    """Links from the account to the last permission, causes first.

    A partner source is PENDING until a bus of its name exists, so the bus comes before the source being ACTIVE.
    """
    aws = NOTHING_SEEN if isinstance(seen, Fault) else seen
    return (
        Link(AWS_ACCOUNT, (), lambda: _judge_account(bridge, seen)),
        Link(EVENT_SOURCE, (*SOURCE_CAUSES, AWS_ACCOUNT), lambda: _judge_source(bridge, aws.event_source)),
        Link(EVENT_BUS, (EVENT_SOURCE,), lambda: _judge_bus(bridge, aws)),
        Link(SOURCE_ACTIVE, (EVENT_BUS,), lambda: _judge_source_state(bridge, aws.event_source)),
        *_rule_links(bridge, aws),
        *_target_links(bridge, aws),
    )


def _rule_links(bridge: Bridge, aws: AwsObservation) -> Iterator[Link]:
    for rule in bridge.rules:
        seen = _find_rule(aws, rule)
        yield Link(rule_link(rule), (EVENT_BUS,), partial(_judge_rule, bridge, rule, seen))


def _target_links(bridge: Bridge, aws: AwsObservation) -> Iterator[Link]:
    pairs = [(rule, bridge.target(name)) for rule in bridge.rules for name in rule.targets]
    for rule, target in pairs:
        seen = _find_target(bridge, _find_rule(aws, rule), target)
        yield Link(
            target_link(rule, target),
            (rule_link(rule),),
            partial(_judge_target, bridge, rule, target, seen),
        )
    for rule, target in pairs:
        seen = _find_target(bridge, _find_rule(aws, rule), target)
        yield Link(
            permission_link(rule, target),
            (target_link(rule, target),),
            partial(_judge_permission, bridge, rule, target, seen),
        )


def _find_rule(aws: AwsObservation, rule: Rule) -> RuleObservation | None:
    return next((seen for seen in aws.rules if seen.name == rule.name), None)


def _find_target(bridge: Bridge, rule: RuleObservation | None, target: AnyTarget) -> TargetObservation | None:
    arn = target_arn(bridge, target)
    return next((seen for seen in rule.targets if seen.arn.removesuffix(":*") == arn), None) if rule else None


def _judge_account(bridge: Bridge, seen: AwsObservation | Fault) -> Finding:
    wanted = bridge.aws.account_id
    if isinstance(seen, Fault):
        observed = f"{seen.summary} ({seen.detail})" if seen.detail else seen.summary
        return broken(observed, f"an answer from account {wanted}", seen.hint)
    if seen.account_id != wanted:
        return broken(
            f"the AWS credentials belong to account {seen.account_id}",
            f"account {wanted}",
            f"use credentials of {wanted} (AWS_PROFILE, AWS_ACCESS_KEY_ID), or, where the other account is the right "
            f"one, write it to aws.account_id of {bridge.environment}",
        )
    return holds(f"account {wanted}")


def _judge_source(bridge: Bridge, source: EventSourceObservation | None) -> Finding:
    place = f"account {bridge.aws.account_id} in {bridge.aws.region}"
    expected = f"event source {bridge.event_source_name} in {place}"
    if source is None:
        return broken(
            f"{place} has no event source {bridge.event_source_name}",
            expected,
            f"Genesys Cloud reports the integration ACTIVE, but {place} has no such source: check aws.account_id and "
            f"aws.region of {bridge.environment} and of the integration. A source that waited two weeks for its bus is "
            "deleted by AWS: switch the integration off and on again, then type: "
            f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}",
        )
    if source.state == "DELETED":
        return broken(
            "state DELETED",
            expected,
            "Genesys Cloud deleted the source although the integration is ACTIVE: switch the integration off and on "
            f"again, then type: gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}",
        )
    return holds(bridge.event_source_name)


def _judge_bus(bridge: Bridge, aws: AwsObservation) -> Finding:
    if aws.event_bus_exists:
        return holds(bridge.event_bus_name)
    expires = aws.event_source.expires_at if aws.event_source else ""
    return broken(
        f"account {bridge.aws.account_id} has no event bus of that name",
        f"event bus {bridge.event_bus_name}",
        f"until the bus exists, AWS drops every event: type gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
        + (f"; AWS deletes the source at {expires}" if expires else ""),
    )


def _judge_source_state(bridge: Bridge, source: EventSourceObservation | None) -> Finding:
    state = source.state if source else "missing"
    if state == "ACTIVE":
        return holds("state ACTIVE")
    return broken(
        f"state {state}",
        "state ACTIVE",
        "the bus exists, but the source was deactivated, and AWS drops every event: type aws events "
        f"activate-event-source --name {bridge.event_source_name} --region {bridge.aws.region}",
    )


def _judge_rule(bridge: Bridge, rule: Rule, seen: RuleObservation | None) -> Finding:
    apply = f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
    state = "ENABLED" if rule.enabled else "DISABLED"
    if seen is None:
        return broken(
            "the bus has no such rule", f"a rule, {state}", f"somebody deleted it, or it is new: type {apply}"
        )
    if seen.state != state:
        hint = f"somebody switched the rule by hand: type {apply}, or set rules.{rule.name}.enabled"
        return broken(f"state {seen.state}", f"state {state}, as declared", hint)
    if seen.pattern != rule.pattern:
        hint = f"somebody edited the pattern, or the change was not applied yet: type {apply}"
        return broken(f"pattern {seen.pattern}", f"pattern {rule.pattern_json}", hint)
    return holds(f"{state}, pattern as declared")


def _judge_target(bridge: Bridge, rule: Rule, target: AnyTarget, seen: TargetObservation | None) -> Finding:
    arn = target_arn(bridge, target)
    apply = f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
    if seen is None:
        return broken(
            f"rule {rule.name} does not send to it",
            arn,
            f"somebody removed the target, or it is new: type {apply}",
        )
    if seen.exists is None:
        return untold(f"attached; whether {arn} exists could not be read: {seen.detail}")
    if not seen.exists:
        return broken(
            f"the rule sends to {seen.arn}, which does not exist",
            arn,
            f"somebody deleted it; until it is back, events go to the dead-letter queue: type {apply}",
        )
    return holds(arn)


def _judge_permission(
    bridge: Bridge, rule: Rule, target: AnyTarget, seen: TargetObservation | None
) -> Finding:
    if seen is None or seen.permitted is None:
        return untold("could not be told from the policies" + (f": {seen.detail}" if seen else ""))
    if seen.permitted:
        return holds("the target's policy lets the rule write")
    return broken(
        seen.detail
        or f"no policy of {target_arn(bridge, target)} lets events.amazonaws.com write for this rule",
        f"write permission for {rule.arn}",
        f"without it, EventBridge does not even retry: type gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}; if that changes "
        "nothing, look for a Deny in the target's policy",
    )
