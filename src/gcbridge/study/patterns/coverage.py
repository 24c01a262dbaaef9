"""Bridge and topic catalogue -> which rules can match which topics, what is paid for in vain, what arrives twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.coverage import (
    CoverageReport,
    RedundantRule,
    Relation,
    RuleCoverage,
    RuleOverlap,
    TopicCoverage,
    UnmatchedTopic,
    UnsatisfiableRule,
)
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.routing import Pattern, Router, parse_pattern
from gcbridge.study.patterns.coverage_words import redundant_words, unmatched_words
from gcbridge.study.patterns.event_shape import Receiver, topic_shape
from gcbridge.study.patterns.rule_pairs import RulePairs, Told, TopicRules, judge_pairs
from gcbridge.study.patterns.satisfiable import can_match, possible_branches
from gcbridge.study.patterns.unsatisfiable import DETAIL_TYPE, unsatisfiable_rule


def tell_nobody(done: int, total: int) -> None:
    """Nobody waits."""
    del done, total


def cover(bridge: Bridge, catalogue: TopicCatalogue, told: Told = tell_nobody) -> CoverageReport:
    """The matrix of subscribed topics and rules, with everything that follows from it.

    What is said of a rule holds for events as the catalogue describes them, on this bridge's bus. A disabled rule
    stands in the matrix and counts for nothing else.

    Args:
        bridge: the environment, decided.
        catalogue: topics known for it; a topic that it does not know is judged by the envelope alone.
        told: is told how many pairs of rules are judged, of how many.

    Raises:
        InvalidPatternError: EventBridge would refuse a rule's pattern.
    """
    return _Coverage(bridge, catalogue).report(told)


def find_unsatisfiable(bridge: Bridge, catalogue: TopicCatalogue) -> tuple[UnsatisfiableRule, ...]:
    """Enabled rules that no event of the subscribed topics can match, without the rest of the matrix.

    Args:
        bridge: the environment, decided.
        catalogue: topics known for it.

    Raises:
        InvalidPatternError: EventBridge would refuse a rule's pattern.
    """
    return tuple(_Coverage(bridge, catalogue).unsatisfiable())


class _Coverage:
    def __init__(self, bridge: Bridge, catalogue: TopicCatalogue) -> None:
        self._bridge = bridge
        self._catalogue = catalogue
        self._receiver = Receiver(bridge.event_source_name, bridge.aws.account_id, bridge.aws.region)
        self._enabled = [rule for rule in bridge.rules if rule.enabled]
        self._router = Router({rule.name: rule.pattern for rule in self._enabled})
        self._patterns = _parsed(self._enabled)
        disabled = _parsed(rule for rule in bridge.rules if not rule.enabled)
        names = {topic.topic: topic for topic in catalogue.topics}
        topics = [names.get(name, Topic(topic=name)) for name in bridge.integration.topics]
        self._topics = [self._rules_of(topic, self._patterns) for topic in topics]
        self._disabled = [self._rules_of(topic, disabled) for topic in topics]

    def _rules_of(self, topic: Topic, patterns: Iterable[tuple[str, Pattern]]) -> TopicRules:
        shape = topic_shape(topic, self._receiver)
        branches = {name: possible_branches(pattern, shape) for name, pattern in patterns}
        return TopicRules(topic, shape, {name: found for name, found in branches.items() if found})

    def report(self, told: Told) -> CoverageReport:
        pairs = judge_pairs(self._topics, self._router, told)
        return CoverageReport(
            environment=self._bridge.environment,
            catalogue=f"{self._catalogue.origin} ({self._catalogue.taken_at})",
            topics=tuple(map(_topic, self._topics, self._disabled)),
            rules=tuple(self._rule(rule) for rule in self._bridge.rules),
            unmatched_topics=tuple(self._unmatched()),
            unsatisfiable_rules=tuple(self.unsatisfiable()),
            redundant_rules=self._redundant(pairs),
            overlaps=tuple(sorted(self._overlaps(pairs), key=lambda overlap: not overlap.shared_targets)),
        )

    def _rule(self, rule: Rule) -> RuleCoverage:
        rows = self._topics if rule.enabled else self._disabled
        topics = tuple(each.topic.topic for each in rows if rule.name in each.branches)
        return RuleCoverage(rule=rule.name, enabled=rule.enabled, targets=rule.targets, topics=topics)

    def _unmatched(self) -> Iterator[UnmatchedTopic]:
        for each, disabled in zip(self._topics, self._disabled, strict=True):
            if not each.branches:
                archived, failing = self._is_archived(each.topic), self._failing(each.topic)
                message, advice = unmatched_words(tuple(disabled.branches), failing, archived=archived)
                yield UnmatchedTopic(
                    topic=each.topic.topic,
                    disabled_rules=tuple(disabled.branches),
                    failing_rules=failing,
                    archived=archived,
                    message=message,
                    advice=advice,
                )

    def _failing(self, topic: Topic) -> tuple[str, ...]:
        """Rules that ask for a topic which they cannot match."""
        return tuple(name for name, pattern in self._patterns if _asks_for(pattern, topic.topic))

    def _is_archived(self, topic: Topic) -> bool:
        archive = self._bridge.archive
        if archive is None or archive.pattern_json is None:
            return archive is not None
        return can_match(parse_pattern(json.loads(archive.pattern_json)), topic, self._receiver)

    def unsatisfiable(self) -> Iterator[UnsatisfiableRule]:
        """Rules that no subscribed topic can satisfy."""
        for name, pattern in self._patterns:
            if not any(name in each.branches for each in self._topics):
                yield unsatisfiable_rule(name, pattern, self._topics, self._catalogue)

    def _redundant(self, pairs: RulePairs) -> tuple[RedundantRule, ...]:
        """From the last rule to the first; what covers a rule stays, so that all that are found can go at once."""
        found: dict[str, RedundantRule] = {}
        for rule in reversed(self._enabled):
            wide = next(
                (each for each in self._enabled if each.name not in found and _covers(each, rule, pairs)),
                None,
            )
            if wide is not None:
                found[rule.name] = _redundant_rule(rule, wide, pairs)
        return tuple(found[rule.name] for rule in self._enabled if rule.name in found)

    def _overlaps(self, pairs: RulePairs) -> Iterator[RuleOverlap]:
        targets = {rule.name: rule.targets for rule in self._enabled}
        for pair, topics in pairs.overlapping.items():
            example = pairs.examples.get(pair)
            yield RuleOverlap(
                rules=pair,
                topics=tuple(topics),
                shared_targets=tuple(name for name in targets[pair[0]] if name in targets[pair[1]]),
                relation=_relation(pair, pairs),
                certain=example is not None,
                example=example,
            )


def _parsed(rules: Iterable[Rule]) -> list[tuple[str, Pattern]]:
    return [(rule.name, parse_pattern(rule.pattern)) for rule in rules]


def _asks_for(pattern: Pattern, topic: str) -> bool:
    tests = [test for branch in pattern.branches for test in branch if test.path == DETAIL_TYPE]
    return any(operator.matches(topic) for test in tests for operator in test.operators)


def _topic(rules: TopicRules, disabled: TopicRules) -> TopicCoverage:
    return TopicCoverage(
        topic=rules.topic.topic,
        rules=tuple(rules.branches),
        rules_for_every_event=tuple(name for name, branches in rules.branches.items() if () in branches),
        disabled_rules=tuple(disabled.branches),
        is_body_known=rules.topic.fields is not None,
    )


def _covers(wide: Rule, narrow: Rule, pairs: RulePairs) -> bool:
    return (
        wide is not narrow
        and narrow.name in pairs.topics
        and set(narrow.targets) <= set(wide.targets)
        and pairs.contains(wide.name, narrow.name)
    )


def _redundant_rule(narrow: Rule, wide: Rule, pairs: RulePairs) -> RedundantRule:
    is_same = pairs.contains(narrow.name, wide.name)
    message, advice = redundant_words(narrow, wide, is_same=is_same)
    return RedundantRule(
        rule=narrow.name,
        covered_by=wide.name,
        is_same=is_same,
        targets=narrow.targets,
        topics=tuple(sorted(pairs.topics[narrow.name])),
        message=message,
        advice=advice,
    )


def _relation(pair: tuple[str, str], pairs: RulePairs) -> Relation:
    one, other = pair
    inside, around = pairs.contains(other, one), pairs.contains(one, other)
    if inside and around:
        return "same"
    if inside:
        return "first in second"
    return "second in first" if around else "partly"
