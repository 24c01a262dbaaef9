"""Links on the receiving side: account, event source, event bus, rules, targets, permissions, dead-letter queues."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.result import AwsObservation, EventSourceObservation, Fault, RuleObservation
from gcbridge.model.target import AnyTarget
from gcbridge.study import sending_links as sending
from gcbridge.study.dead_letter_links import dead_letter_way_links
from gcbridge.study.delivery_way import Way, find_rule, find_way
from gcbridge.study.link import Finding, Link, broken, holds, untold
from gcbridge.study.link_names import permission_link, rule_link, target_link
from gcbridge.study.requirement import conclude
from gcbridge.study.target_access import access_requirements
from gcbridge.study.target_differences import target_differences

AWS_ACCOUNT = "aws account"
EVENT_SOURCE = "event source exists"
EVENT_BUS = "event bus exists"
SOURCE_ACTIVE = "event source ACTIVE"

SOURCE_CAUSES = (sending.REPORTED_ACTIVE, sending.SUFFIX, sending.ACCOUNT, sending.REGION)
NOTHING_SEEN = AwsObservation(account_id="", event_source=None, event_bus_exists=False)


def receiving_links(bridge: Bridge, seen: AwsObservation | Fault) -> tuple[Link, ...]:
    """Links from the account to the last dead-letter queue, causes first.

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
        *dead_letter_way_links(bridge, aws),
    )


def _rule_links(bridge: Bridge, aws: AwsObservation) -> Iterator[Link]:
    for rule in bridge.rules:
        seen = find_rule(aws, rule)
        yield Link(rule_link(rule), (EVENT_BUS,), partial(_judge_rule, bridge, rule, seen))


def _target_links(bridge: Bridge, aws: AwsObservation) -> Iterator[Link]:
    ways = [
        (rule, target, find_way(bridge, aws, rule, target))
        for rule in bridge.rules
        for target in map(bridge.target, rule.targets)
    ]
    for rule, target, way in ways:
        look = partial(_judge_target, bridge, rule, target, way)
        yield Link(target_link(rule, target), (rule_link(rule),), look)
    for rule, target, way in ways:
        look = partial(_judge_permission, bridge, rule, target, way)
        yield Link(permission_link(rule, target), (target_link(rule, target),), look)


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


def _judge_target(bridge: Bridge, rule: Rule, target: AnyTarget, way: Way | None) -> Finding:
    apply = f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
    name = target.arn or f"API destination {target.name}"
    if way is None:
        hint = f"somebody removed the target, or it is new: type {apply}"
        return broken(f"rule {rule.name} does not send to it", name, hint)
    differences = tuple(target_differences(way))
    if differences:
        hint = f"somebody changed the target by hand, or the change was not applied yet: type {apply}"
        return broken(
            f"differs from what is declared: {'; '.join(differences)}", f"{name}, as declared", hint
        )
    resource = way.resource
    if resource.exists is None:
        return untold(f"attached; whether {way.seen.arn} exists could not be read: {resource.detail}")
    if not resource.exists:
        where = "are lost" if target.dead_letter_queue_name is None else "go to the dead-letter queue"
        return broken(
            f"the rule sends to {way.seen.arn}, which does not exist",
            name,
            f"somebody deleted it; until it is back, events {where}: type {apply}",
        )
    lost = "; dead_letter is false: what cannot be delivered is lost"
    return holds(way.seen.arn + ("" if target.dead_letter_queue_name else lost))


def _judge_permission(bridge: Bridge, rule: Rule, target: AnyTarget, way: Way | None) -> Finding:
    if way is None:
        return untold(f"skipped: {target_link(rule, target)} is broken")
    apply = f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
    return conclude(
        access_requirements(way),
        f"permission for {rule.arn}",
        lambda: (
            f"without it, EventBridge does not even retry: type {apply}; if that changes nothing, look for a Deny in the "
            f"policies of target {target.name} and of its role"
        ),
    )
