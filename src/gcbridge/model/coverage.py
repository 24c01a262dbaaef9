"""Coverage: which subscribed topics which rules can match, and what of it is paid for in vain or delivered twice."""

from __future__ import annotations

from typing import Any, Literal

from gcbridge.model.base import Frozen

Relation = Literal["same", "first in second", "second in first", "partly"]
"""Of two overlapping rules: whether every event that one of them matches is matched by the other too."""


class TopicCoverage(Frozen):
    """A subscribed topic and the rules that its events can match."""

    topic: str
    rules: tuple[str, ...]
    """Enabled rules that some of its events may match."""
    rules_for_every_event: tuple[str, ...]
    """Those of them that match every event of the topic."""
    disabled_rules: tuple[str, ...]
    """Disabled rules that could match, if they were enabled."""
    is_body_known: bool
    """Whether the topic catalogue knows the fields of the body; otherwise rules are judged by the envelope alone."""


class RuleCoverage(Frozen):
    """A rule and the subscribed topics whose events it can match."""

    rule: str
    enabled: bool
    targets: tuple[str, ...]
    topics: tuple[str, ...]


class UnmatchedTopic(Frozen):
    """A subscribed topic whose events no enabled rule can match."""

    topic: str
    disabled_rules: tuple[str, ...]
    """Disabled rules that could match."""
    failing_rules: tuple[str, ...]
    """Enabled rules that ask for the topic and can match none of its events."""
    archived: bool
    """The archive may keep its events."""
    message: str
    advice: str


class UnsatisfiableRule(Frozen):
    """An enabled rule that no event of a subscribed topic can match."""

    rule: str
    reasons: tuple[str, ...]
    """What keeps events from it, in the topics that come nearest."""
    advice: str
    rests_on_fields: bool = False
    """A reason is a field that gcbridge's own snapshot of topics does not have; the organization's own list may."""


class RedundantRule(Frozen):
    """An enabled rule whose every delivery another rule makes too; all of them can be removed together."""

    rule: str
    covered_by: str
    is_same: bool
    """Both match the same events."""
    targets: tuple[str, ...]
    """Targets that get each of these events twice: all of the rule's own."""
    topics: tuple[str, ...]
    message: str
    advice: str


class RuleOverlap(Frozen):
    """Two enabled rules that one event can match."""

    rules: tuple[str, str]
    topics: tuple[str, ...]
    """Topics of such events."""
    shared_targets: tuple[str, ...]
    """Targets that get such an event twice."""
    relation: Relation
    certain: bool
    """An example was made, and the engine confirmed it. Otherwise it is possible, as far as is known."""
    example: dict[str, Any] | None
    """An event, as small as can be, that matches both rules."""


class CoverageReport(Frozen):
    """The matrix of topics and rules of one environment, and what is to be said about it."""

    environment: str
    catalogue: str
    """Where the topic catalogue comes from, and of when it is."""
    topics: tuple[TopicCoverage, ...]
    rules: tuple[RuleCoverage, ...]
    unmatched_topics: tuple[UnmatchedTopic, ...]
    unsatisfiable_rules: tuple[UnsatisfiableRule, ...]
    redundant_rules: tuple[RedundantRule, ...]
    overlaps: tuple[RuleOverlap, ...]
    """Pairs that share a target come first."""

    @property
    def has_findings(self) -> bool:
        """Whether a topic is unmatched, or a rule unsatisfiable or redundant; overlaps alone are no fault."""
        return bool(self.unmatched_topics or self.unsatisfiable_rules or self.redundant_rules)
