"""Links that keep what cannot be delivered: each rule's way into the dead-letter queue, and what lies there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.result import AwsObservation
from gcbridge.model.target import AnyTarget, DynamodbTarget, LambdaTarget
from gcbridge.study.delivery_way import Way, dead_letter_arn, find_way
from gcbridge.study.key_access import key_requirements
from gcbridge.study.link import Finding, Link, broken, untold
from gcbridge.study.link_names import dead_letter_way_link, rule_link, target_link
from gcbridge.study.requirement import Requirement, conclude
from gcbridge.study.role_access import action_requirement, unread
from gcbridge.study.target_access import service_requirement


def dead_letter_way_links(bridge: Bridge, aws: AwsObservation) -> Iterator[Link]:
    """One link for each rule and target that is to have a dead-letter queue."""
    for rule in bridge.rules:
        for target in map(bridge.target, rule.targets):
            if target.dead_letter_queue_name is not None:
                way = find_way(bridge, aws, rule, target)
                look = partial(_judge, bridge, rule, target, way)
                yield Link(dead_letter_way_link(rule, target), (rule_link(rule),), look)


def _judge(bridge: Bridge, rule: Rule, target: AnyTarget, way: Way | None) -> Finding:
    wanted = dead_letter_arn(bridge, target) or ""
    apply = f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
    if way is None:
        return untold(f"skipped: {target_link(rule, target)} is broken")
    seen = way.seen.dead_letter_arn
    if seen != wanted:
        found = f"undeliverable events go to {seen}" if seen else "the rule names no dead-letter queue"
        hint = f"somebody changed the target, or the change was not applied yet: type {apply}"
        return broken(found, wanted, hint)
    lost = f"until this is mended, undeliverable events of the rule are lost: type {apply}"
    expected = f"standard queue {wanted}, which takes what rule {rule.name} cannot deliver"
    return conclude(_requirements(way, wanted), expected, lambda: lost)


def _requirements(way: Way, arn: str) -> Iterator[Requirement]:
    queue = way.look(arn)
    if arn.endswith(".fifo"):
        yield Requirement(False, f"{arn} is a FIFO queue, and EventBridge takes standard queues only")
    if arn.split(":")[3] != way.rule.arn.split(":")[3]:
        yield Requirement(False, f"{arn} is not in the region of the rule")
    if queue.exists is False:
        yield Requirement(False, f"queue {arn} does not exist")
        return
    if queue.exists is None or queue.policies is None:
        yield unread(queue)
        return
    yield service_requirement(way, queue, "sqs:SendMessage")
    yield from key_requirements(way, queue, None)
    if isinstance(way.target, LambdaTarget | DynamodbTarget):
        yield from _failures_of_function(way, arn)


def _failures_of_function(way: Way, arn: str) -> Iterator[Requirement]:
    """EventBridge is done once Lambda has the event; what the function fails on, Lambda has to keep."""
    function = way.resource
    if function.exists is None:
        yield unread(function)
    if not function.exists:
        return
    if arn not in function.refers_to.get("failure_queue", ()):
        yield Requirement(False, f"function {function.arn} does not hand what it fails on to {arn}")
    for role in way.followed(function, "role"):
        yield action_requirement(way, role, "sqs:SendMessage", arn)
