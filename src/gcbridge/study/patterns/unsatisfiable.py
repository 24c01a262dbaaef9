"""Why no event of the subscribed topics can match a rule, in words."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.model.coverage import UnsatisfiableRule
from gcbridge.model.topic import TopicCatalogue
from gcbridge.routing import Pattern
from gcbridge.routing.operators import Equals, Wildcard
from gcbridge.routing.written import written
from gcbridge.study.patterns.field_suggestions import suggestion
from gcbridge.study.patterns.rule_pairs import TopicRules
from gcbridge.study.patterns.satisfiable import Obstacle, obstacles
from gcbridge.study.patterns.sent import SentTopic
from gcbridge.study.patterns.value_search import Kind
from gcbridge.study.patterns.warned import listed
from gcbridge.study.topics.search import suggest_topics

DETAIL_TYPE = "detail-type"
KIND_WORDS: dict[Kind, str] = {"text": "text", "number": "a number", "bool": "true or false"}


def unsatisfiable_rule(
    name: str, pattern: Pattern, topics: Sequence[TopicRules], catalogue: TopicCatalogue
) -> UnsatisfiableRule:
    """A rule that no subscribed topic can satisfy, with what keeps the nearest topics from it.

    Args:
        name: the rule's.
        pattern: its pattern; no topic has a branch that can match.
        topics: the subscribed topics.
        catalogue: topics known, for suggestions.
    """
    failing = [(each, found) for each in topics for found in obstacles(pattern, each.shape)]
    near = [(each, found) for each, found in failing if found.path != DETAIL_TYPE]
    if near:
        return UnsatisfiableRule(
            rule=name,
            reasons=_reasons(near),
            advice=f"correct rule {name}, or remove it",
            rests_on_fields=any(
                found.cause == "no field" and each.topic.source == "bundled" for each, found in near
            ),
        )
    asked = _asked_topics(pattern)
    if not asked:
        return UnsatisfiableRule(
            rule=name,
            reasons=("its detail-type matches none of genesys.topics",),
            advice=f"correct the detail-type of rule {name}, or remove the rule",
        )
    return UnsatisfiableRule(
        rule=name,
        reasons=(f"it asks for {listed(asked)}, which genesys.topics does not list",),
        advice=_advice(asked, catalogue),
    )


def _advice(asked: Sequence[str], catalogue: TopicCatalogue) -> str:
    known = [topic for topic in asked if catalogue.get(topic)]
    if known:
        return f"add {listed(known)} to genesys.topics, or remove the rule"
    meant = [near for topic in asked for near in suggest_topics(topic, catalogue)[:1]]
    did_you_mean = f"did you mean {' or '.join(dict.fromkeys(meant))}? " if meant else ""
    return f"{did_you_mean}correct the detail-type, or remove the rule"


def _asked_topics(pattern: Pattern) -> list[str]:
    tests = [test for branch in pattern.branches for test in branch if test.path == DETAIL_TYPE]
    values = [each.value for test in tests for each in test.operators if isinstance(each, Equals)]
    return list(dict.fromkeys(value for value in values if isinstance(value, str)))


def _reasons(near: Sequence[tuple[TopicRules, Obstacle]]) -> tuple[str, ...]:
    """Topics that fail for the same reason are named together."""
    grouped: dict[tuple[str, str, str], list[tuple[TopicRules, Obstacle]]] = {}
    for topic, found in near:
        key = (found.path, found.cause, repr((found.place.kinds, found.operators)))
        grouped.setdefault(key, []).append((topic, found))
    return tuple(_reason([topic for topic, _ in group], group[0][1]) for group in grouped.values())


def _reason(topics: Sequence[TopicRules], found: Obstacle) -> str:
    where = f"in events of {listed([each.topic.topic for each in topics])}"
    match found.cause:
        case "no field":
            meant = suggestion(found.path, [SentTopic(each.topic, each.shape) for each in topics], "")
            return f"there is no field {found.path} {where}" + (f"; {meant}" if meant else "")
        case "never absent":
            return f"{found.path} is in every event, so that exists: false never holds"
        case "other value":
            return f"{found.path} is always {_shown(found, where)}; the rule accepts {_wanted(found)}"
    kinds = [word for kind, word in KIND_WORDS.items() if kind in found.place.kinds]
    if not kinds:
        return f"{found.path} is an object {where}, and no value: name one of its fields"
    return f"{found.path} is {' or '.join(kinds)} {where}; the rule accepts {_wanted(found)}"


def _shown(found: Obstacle, where: str) -> str:
    """What every event has: the topic's name with ids in it, or the one value of this bus."""
    for operator in found.place.within:
        if isinstance(operator, Wildcard):
            return f"like {operator.text} {where}"
    return f"{listed([written(operator) for operator in found.place.within])} on this bus"


def _wanted(found: Obstacle) -> str:
    return listed([written(operator) for operator in found.operators])
