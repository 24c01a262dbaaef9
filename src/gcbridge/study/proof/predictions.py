"""Which rules an event ought to match, by gcbridge's own routing engine, and which answers are worth asking AWS for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.result import MatchObservation
from gcbridge.routing import Router
from gcbridge.study.traffic.route import miss_of

DETAIL_TYPE = "detail-type"
Event = Mapping[str, Any]


def predict_matches(bridge: Bridge, events: Sequence[Event]) -> tuple[MatchObservation, ...]:
    """What each declared, enabled rule does with each event, before AWS is asked; the first miss of each rule is explained.

    Args:
        bridge: whose rules.
        events: whole EventBridge events.

    Raises:
        InvalidPatternError: EventBridge would refuse a pattern.
    """
    enabled = [rule for rule in bridge.rules if rule.enabled]
    router = Router({rule.name: rule.pattern for rule in enabled})
    predicted = tuple(
        MatchObservation(rule=rule.name, event_id=event["id"], matched=matched, predicted=matched)
        for event in events
        for names in [frozenset(router.match(event))]
        for rule in enabled
        for matched in [rule.name in names]
    )
    return _with_misses(router, enabled, events, predicted)


def _with_misses(
    router: Router, rules: Iterable[Rule], events: Iterable[Event], predicted: Iterable[MatchObservation]
) -> tuple[MatchObservation, ...]:
    """One miss of each rule, by an event of its own topic: 300 rules miss 1,000 events 300,000 times, and a miss is slow to explain."""
    topics = {rule.name: rule.topics for rule in rules}
    by_id = {event["id"]: event for event in events}
    explained: set[str] = set()

    def explain(one: MatchObservation) -> MatchObservation:
        event = by_id[one.event_id]
        if one.matched or one.rule in explained or event[DETAIL_TYPE] not in topics[one.rule]:
            return one
        explained.add(one.rule)
        return one.model_copy(update={"miss": miss_of(router.explain(event, one.rule))})

    return tuple(map(explain, predicted))


def worth_asking(
    bridge: Bridge, events: Sequence[Event], predicted: Iterable[MatchObservation]
) -> list[tuple[Event, tuple[Rule, ...]]]:
    """One event of each kind, with the rules that could match it: AWS allows 50 questions a second, and a thousand are alike.

    Events are of one kind where they have the same topic and match the same rules. Rules of other topics are not
    asked for.

    Args:
        bridge: whose rules.
        events: whole EventBridge events.
        predicted: what `predict_matches` says of them.
    """
    matched: dict[str, set[str]] = {}
    for prediction in predicted:
        if prediction.matched:
            matched.setdefault(prediction.event_id, set()).add(prediction.rule)
    kinds: dict[tuple[str, frozenset[str]], Event] = {}
    for event in events:
        kinds.setdefault((event[DETAIL_TYPE], frozenset(matched.get(event["id"], ()))), event)
    return [
        (event, tuple(rule for rule in bridge.rules if rule.enabled and _could(rule, event, names)))
        for (_, names), event in kinds.items()
    ]


def _could(rule: Rule, event: Event, names: frozenset[str]) -> bool:
    return rule.name in names or not rule.topics or event[DETAIL_TYPE] in rule.topics


def with_answers(
    predicted: Iterable[MatchObservation], answers: Iterable[MatchObservation]
) -> tuple[MatchObservation, ...]:
    """What AWS said in place of what was predicted; the prediction stays beside it."""
    said = {(answer.rule, answer.event_id): answer.matched for answer in answers}
    return tuple(
        one
        if said.get((one.rule, one.event_id), one.matched) == one.matched
        else one.model_copy(update={"matched": not one.matched})
        for one in predicted
    )
