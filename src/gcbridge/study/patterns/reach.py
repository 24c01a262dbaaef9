"""Rules that take every event of the bus, and rules that take none."""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.routing import Branch, Pattern
from gcbridge.routing.operators import Equals
from gcbridge.study.patterns.asked import DETAIL_TYPE, AskedPattern
from gcbridge.study.patterns.satisfiable import possible_branches
from gcbridge.study.patterns.sent import SentTopic
from gcbridge.study.patterns.warned import Warned

ANY_TOPICS = ("v2.a", "v2.z.{id}.y")
"""Made-up topics: a `detail-type` that lets both through chooses nothing."""

PINS = frozenset({"account", "region", "version"})
"""Fields that are the same in every event of a bus."""


def match_all_warnings(asked: AskedPattern, targets: int) -> Iterator[Warned]:
    """A rule that every event on the bus matches, as `{"account": [...]}` of several published examples.

    Naming every topic says that it is meant, and is no reason to warn.

    Args:
        asked: its pattern.
        targets: how many it has.

    Source: GenesysCloudBlueprints/aws-eventbridge-analytics-detail-events-blueprint has such a rule.
    """
    if not asked.enabled or not asked.subscribed:
        return
    if all(_takes_all_of(asked, topic) for topic in asked.subscribed):
        cost = "every event that Genesys Cloud sends goes to its target, which is billed for it"
        if targets > 1:
            cost = f"every event that Genesys Cloud sends goes to all its {targets} targets, which are billed for it"
        yield Warned(asked.at, f"matches everything on the bus: {cost}", "if that is meant, name the topics")


def unreachable_warnings(asked: AskedPattern) -> Iterator[Warned]:
    """A pattern that no topic of the bus can satisfy."""
    if not any(possible_branches(asked.pattern, topic.shape) for topic in asked.subscribed):
        yield Warned(
            asked.at, "no topic of genesys.topics can ever match this pattern", "gcbridge coverage shows why"
        )


def _takes_all_of(asked: AskedPattern, topic: SentTopic) -> bool:
    """Every test of some alternative always holds, and none of them is there to choose a topic."""
    alternatives = [_beyond_pins(branch, topic) for branch in asked.pattern.branches if not _chooses(branch)]
    return () in possible_branches(Pattern(tuple(alternatives)), topic.shape)


def _beyond_pins(branch: Branch, topic: SentTopic) -> Branch:
    """The account, where it is not known yet, will be the right one."""
    return tuple(test for test in branch if test.path not in PINS or topic.at(test.path).within)


def _chooses(branch: Branch) -> bool:
    tests = (test for test in branch if test.path == DETAIL_TYPE)
    return any(
        all(isinstance(operator, Equals) for operator in test.operators)
        or not all(any(operator.matches(topic) for operator in test.operators) for topic in ANY_TOPICS)
        for test in tests
    )
