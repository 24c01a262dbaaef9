"""Every pair of rules of a bus: whether one event can match both, and whether one rule contains the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from gcbridge.model.topic import Topic
from gcbridge.routing import Branch, Router
from gcbridge.study.patterns.event_shape import EventShape
from gcbridge.study.patterns.example import example_of_both
from gcbridge.study.patterns.implies import branches_imply
from gcbridge.study.patterns.overlap import branches_overlap

Told = Callable[[int, int], None]
"""Takes how many pairs are judged, and how many there are."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class TopicRules:
    """The rules that events of one topic may match.

    Args:
        topic: the topic.
        shape: what is known of its events.
        branches: rule -> branches that its events may match, without the tests that they all pass.
    """

    topic: Topic
    shape: EventShape
    branches: Mapping[str, tuple[Branch, ...]]


@dataclass
class RulePairs:
    """What came out of judging the pairs.

    Args:
        overlapping: pair, in the order of the rules -> topics of which an event may match both.
        examples: pair -> an event that matches both, confirmed by the engine.
        not_contained: (narrow, wide) for each topic in which it is not certain that the wide rule matches whatever the
            narrow one does.
    """

    overlapping: dict[Pair, list[str]] = field(default_factory=dict)
    examples: dict[Pair, dict[str, Any]] = field(default_factory=dict)
    not_contained: set[Pair] = field(default_factory=set)
    topics: dict[str, set[str]] = field(default_factory=dict)

    def contains(self, wide: str, narrow: str) -> bool:
        """Whether it is certain that every event of the bus that matches `narrow` matches `wide`."""
        inside = self.topics.get(narrow, set())
        return inside <= self.topics.get(wide, set()) and (narrow, wide) not in self.not_contained


def judge_pairs(topics: Sequence[TopicRules], router: Router, told: Told) -> RulePairs:
    """Judges the pairs topic by topic: only rules that share a topic can have anything to do with each other.

    Args:
        topics: the subscribed topics, with the enabled rules that they may match.
        router: those rules.
        told: is told how far it is.
    """
    pairs = RulePairs()
    for each in topics:
        for rule in each.branches:
            pairs.topics.setdefault(rule, set()).add(each.topic.topic)
    total = sum(len(each.branches) * (len(each.branches) - 1) // 2 for each in topics)
    done = 0
    for each in topics:
        for pair in combinations(each.branches, 2):
            _judge(pair, each, router, pairs)
            done += 1
            told(done, total)
    return pairs


def _judge(pair: Pair, rules: TopicRules, router: Router, pairs: RulePairs) -> None:
    one, other = (rules.branches[rule] for rule in pair)
    if not branches_overlap(one, other, rules.shape):
        pairs.not_contained |= {pair, pair[::-1]}
        return
    pairs.overlapping.setdefault(pair, []).append(rules.topic.topic)
    if pair not in pairs.examples:
        _look_for_example(one, other, rules.shape, router, pairs)
    for narrow, wide in (pair, pair[::-1]):
        if (narrow, wide) not in pairs.not_contained and not _is_contained(narrow, wide, rules, pairs):
            pairs.not_contained.add((narrow, wide))


def _is_contained(narrow: str, wide: str, rules: TopicRules, pairs: RulePairs) -> bool:
    """Rules that match more topics are in no other; nothing needs to be proved of them."""
    return pairs.topics[narrow] <= pairs.topics[wide] and branches_imply(
        rules.branches[narrow], rules.branches[wide], rules.shape
    )


def _look_for_example(
    one: Sequence[Branch], other: Sequence[Branch], shape: EventShape, router: Router, pairs: RulePairs
) -> None:
    """One example may serve for several pairs: those of all the rules that it matches."""
    event = example_of_both(one, other, shape)
    if event is not None:
        for pair in combinations(router.match(event), 2):
            pairs.examples.setdefault(pair, event)
