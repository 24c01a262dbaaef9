"""A rule's way to one of its targets: what was declared, what the rule says, and what was read of all it touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.resource import ResourceObservation, unread_resource
from gcbridge.model.result import AwsObservation, RuleObservation, TargetObservation
from gcbridge.model.target import AnyTarget, DynamodbTarget

EVENTS_SERVICE = "events.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Way:
    """Everything that is known of one rule and one target.

    Args:
        bridge: what ought to be.
        rule: that sends.
        target: that receives.
        seen: what the rule says of the target.
        resources: ARN -> what its service says of it.
    """

    bridge: Bridge
    rule: Rule
    target: AnyTarget
    seen: TargetObservation
    resources: Mapping[str, ResourceObservation]

    @property
    def service(self) -> str:
        """Of the target, such as `sqs`."""
        return self.seen.arn.split(":")[2]

    @property
    def resource(self) -> ResourceObservation:
        """The target itself."""
        return self.look(plain_arn(self.seen.arn))

    def look(self, arn: str) -> ResourceObservation:
        """What was read of a resource; unread is unknown."""
        return self.resources.get(arn) or unread_resource(arn, "nobody looked")

    def followed(self, resource: ResourceObservation, part: str) -> tuple[ResourceObservation, ...]:
        """What a resource refers to, such as its `key`."""
        return tuple(map(self.look, resource.refers_to.get(part, ())))


def plain_arn(arn: str) -> str:
    """An ARN without the `:*` that those of log groups may end with."""
    return arn.removesuffix(":*")


def find_target(rule: RuleObservation | None, target: AnyTarget) -> TargetObservation | None:
    """A rule knows its targets by the names that they have in the environment file."""
    return next((seen for seen in rule.targets if seen.id == target.name), None) if rule else None


def find_rule(aws: AwsObservation, rule: Rule) -> RuleObservation | None:
    """What AWS says of a rule; None where the bus has no such rule."""
    return next((seen for seen in aws.rules if seen.name == rule.name), None)


def find_way(bridge: Bridge, aws: AwsObservation, rule: Rule, target: AnyTarget) -> Way | None:
    """The way from a rule to a target; None where the rule does not send there."""
    seen = find_target(find_rule(aws, rule), target)
    return Way(bridge, rule, target, seen, aws.resources) if seen else None


def role_arn(bridge: Bridge, target: AnyTarget) -> str | None:
    """ARN of the role that EventBridge delivers with; None where the target's own policy lets it in."""
    if target.role_name is None:
        return None
    return f"arn:{bridge.aws.partition}:iam::{bridge.aws.account_id}:{target.role_arn_suffix}"


def dead_letter_arn(bridge: Bridge, target: AnyTarget) -> str | None:
    """ARN of the dead-letter queue; None where the environment wants none."""
    aws = bridge.aws
    if target.dead_letter_queue_name is None:
        return None
    return f"arn:{aws.partition}:sqs:{aws.region}:{aws.account_id}:{target.dead_letter_queue_name}"


def table_arn(bridge: Bridge, target: DynamodbTarget) -> str:
    """ARN of the table behind the function."""
    aws = bridge.aws
    own = f"arn:{aws.partition}:dynamodb:{aws.region}:{aws.account_id}:table/{target.table_name}"
    return target.spec.table_arn or own


def references(bridge: Bridge, rules: tuple[RuleObservation, ...]) -> tuple[str, ...]:
    """ARNs of all that has to be read to judge the ways of these rules; each once.

    Args:
        bridge: whose targets; others on the rules are left alone.
        rules: as AWS describes them.
    """
    ways = [
        (seen, target) for rule in rules for target in bridge.targets if (seen := find_target(rule, target))
    ]
    arns: dict[str, None] = {}
    for seen, target in ways:
        table = table_arn(bridge, target) if isinstance(target, DynamodbTarget) else None
        named = (seen.arn, seen.role_arn, seen.dead_letter_arn, seen.task_definition_arn, table)
        arns.update(dict.fromkeys(plain_arn(arn) for arn in named if arn))
    return tuple(arns)
