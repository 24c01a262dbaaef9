"""Names of the links around rules and targets, as people read them."""

from __future__ import annotations

from gcbridge.model.bridge import Rule
from gcbridge.model.target import AnyTarget

PATTERN_OF = "pattern of rule "


def rule_link(rule: Rule) -> str:
    """The rule itself."""
    return f"rule {rule.name}"


def target_link(rule: Rule, target: AnyTarget) -> str:
    """The target's place behind the rule."""
    return f"target {target.name} of rule {rule.name}"


def permission_link(rule: Rule, target: AnyTarget) -> str:
    """What lets the rule write to the target."""
    return f"permission of rule {rule.name} on target {target.name}"


def dead_letter_way_link(rule: Rule, target: AnyTarget) -> str:
    """What keeps the rule's events that the target could not receive."""
    return f"dead-letter queue of rule {rule.name} on target {target.name}"


def match_link(rule: Rule) -> str:
    """The rule matching an event."""
    return f"rule {rule.name} matches"


def delivery_link(rule: Rule, target: AnyTarget) -> str:
    """An event's way from the rule to the target."""
    return f"delivery from rule {rule.name} to target {target.name}"


def dead_letter_link(target: AnyTarget) -> str:
    """Nothing lying in the target's dead-letter queue."""
    return f"dead-letter queue of target {target.name}"


def pattern_link(rule: Rule) -> str:
    """The rule's pattern being one that an event of the bridge's topics can match."""
    return f"{PATTERN_OF}{rule.name}"


def rule_hop(rule: Rule) -> str:
    """The rule as a station of an event's way."""
    return f"rule {rule.name}"


def target_hop(rule: Rule, target: AnyTarget) -> str:
    """The target as a station of an event's way."""
    return f"target {target.name} of rule {rule.name}"
