"""Links that only a real event proves: it is seen, it matches, it is delivered, nothing is left behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.coverage import UnsatisfiableRule
from gcbridge.model.proof import RuleMetrics
from gcbridge.model.result import (
    Check,
    DeadLetterObservation,
    DeliveryObservation,
    EventProof,
    MatchObservation,
    Observations,
)
from gcbridge.model.target import AnyTarget
from gcbridge.study.event_links import EVENT_SEEN, NO_EVENT, event_links
from gcbridge.study.link import Finding, Link, broken, holds, untold
from gcbridge.study.link_names import (
    PATTERN_OF,
    dead_letter_link,
    dead_letter_way_link,
    delivery_link,
    match_link,
    pattern_link,
    permission_link,
    rule_link,
    target_link,
)
from gcbridge.study.receiving_links import EVENT_BUS
from gcbridge.study.trigger_links import is_of_trigger


def proof_links(bridge: Bridge, seen: Observations) -> tuple[Link, ...]:
    """Links from the patterns to the last dead-letter queue, causes first."""
    return (
        *_pattern_links(bridge, seen),
        *event_links(bridge, seen),
        *_match_links(bridge, seen),
        *_delivery_links(bridge, seen),
        *_dead_letter_links(bridge, seen),
    )


def keeps_from_proof(check: Check) -> bool:
    """A broken link that makes causing an event pointless; a doubtful pattern does not: an event may refute it. Nor does a trigger."""
    return check.status == "failed" and not check.name.startswith(PATTERN_OF) and not is_of_trigger(check)


def _pattern_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    """Only of rules that there is something to say about."""
    for doubt in seen.unsatisfiable:
        rule = next(rule for rule in bridge.rules if rule.name == doubt.rule)
        yield Link(pattern_link(rule), (rule_link(rule),), partial(_judge_pattern, bridge, rule, doubt, seen))


def _judge_pattern(bridge: Bridge, rule: Rule, doubt: UnsatisfiableRule, seen: Observations) -> Finding:
    """An event that matches refutes whatever is known of topics."""
    matched = next((match for match in seen.matches if match.rule == rule.name and match.matched), None)
    if matched:
        return holds(f"event {matched.event_id} matches, against what is known of its topic")
    reasons = "; ".join(doubt.reasons)
    if doubt.rests_on_fields:
        return untold(
            f"by what gcbridge knows of the topics, no event can match: {reasons}",
            f"{doubt.advice}; or type gcbridge topics refresh {bridge.environment} to ask the organization for the fields of its topics",
        )
    return broken(f"no event can match: {reasons}", "a pattern that some event matches", doubt.advice)


def _match_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    tested: dict[str, list[MatchObservation]] = defaultdict(list)
    for match in seen.matches:
        tested[match.rule].append(match)
    for rule in bridge.rules:
        needs = (EVENT_SEEN, rule_link(rule))
        yield Link(match_link(rule), needs, partial(_judge_match, rule, tested[rule.name], seen))


def _delivery_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    found: dict[tuple[str, str], list[DeliveryObservation]] = defaultdict(list)
    for one in seen.deliveries:
        found[one.rule, one.target].append(one)
    for rule in bridge.rules:
        for target in map(bridge.target, rule.targets):
            yield Link(
                delivery_link(rule, target),
                (match_link(rule), permission_link(rule, target)),
                partial(_judge_delivery, bridge, rule, target, found[rule.name, target.name], seen),
            )


def _dead_letter_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    found = {letter.target: letter for letter in seen.dead_letters}
    for target in bridge.targets:
        if target.dead_letter_queue_name is not None:
            ways = (
                dead_letter_way_link(rule, target) for rule in bridge.rules if target.name in rule.targets
            )
            look = partial(_judge_dead_letters, bridge, found.get(target.name))
            yield Link(dead_letter_link(target), (EVENT_BUS, *ways), look)


def _judge_match(rule: Rule, tested: Sequence[MatchObservation], seen: Observations) -> Finding:
    if not rule.enabled:
        return holds("disabled, as declared: it matches nothing")
    if seen.read_only:
        return _judge_counted_match(rule, seen)
    if not tested:
        return untold(NO_EVENT if seen.proof is None else "not tested against an event")
    surprises = [match for match in tested if match.predicted not in (None, match.matched)]
    if surprises:
        return _judge_surprise(surprises[0])
    matched = [match.event_id for match in tested if match.matched]
    if matched:
        return holds(f"matches {len(matched)} of {len(tested)} events, event {matched[0]} first")
    return untold(
        f"it matches no event of this run, as predicted; {_what_it_asks_for(rule, tested, seen.proof)}"
    )


def _judge_surprise(match: MatchObservation) -> Finding:
    said, predicted = ("matches", "does not") if match.matched else ("does not match", "does")
    return broken(
        f"AWS says that it {said} event {match.event_id}",
        f"what gcbridge's routing engine predicts: it {predicted}",
        "one of the two is wrong about this pattern: report it with the event and the pattern; until then trust AWS, "
        "and not gcbridge route, test and coverage for this rule",
    )


def _judge_counted_match(rule: Rule, seen: Observations) -> Finding:
    counted = _counted(rule, seen)
    if counted is None:
        return untold(seen.metrics.detail if seen.metrics else NO_EVENT)
    if counted.matched_events or counted.triggered:
        return holds(f"metric MatchedEvents {counted.matched_events}, TriggeredRules {counted.triggered}")
    return untold(f"metric MatchedEvents is 0; it asks for {', '.join(rule.topics) or rule.pattern_json}")


def _counted(rule: Rule, seen: Observations) -> RuleMetrics | None:
    return None if seen.metrics is None or seen.metrics.detail else seen.metrics.rule(rule.name)


def _what_it_asks_for(rule: Rule, tested: Sequence[MatchObservation], proof: EventProof | None) -> str:
    """Another topic is no surprise; the same topic and no match is worth a look at the rest of the pattern."""
    arrived = {sighting.detail_type for sighting in proof.sightings} if proof else set()
    of_its_topics = sorted(arrived & set(rule.topics))
    miss = next((match.miss for match in tested if match.miss), "")
    if of_its_topics:
        why = f": {miss}" if miss else f" that {rule.pattern_json} asks for"
        return f"an event of {', '.join(of_its_topics)} arrived, but not one that fits{why}"
    return f"it asks for {', '.join(rule.topics) or rule.pattern_json}"


def _judge_delivery(
    bridge: Bridge, rule: Rule, target: AnyTarget, found: Sequence[DeliveryObservation], seen: Observations
) -> Finding:
    if seen.read_only:
        return _judge_counted_delivery(bridge, rule, target, seen)
    if not found:
        return untold("no event of this run matches the rule")
    failed = [one for one in found if one.delivered is False]
    if failed:
        first = failed[0]
        return broken(
            f"event {first.event_id} {first.detail}{_share(len(failed), len(found))}".rstrip(),
            f"event {first.event_id} in target {target.name}",
            _hint_for_loss(bridge, rule, target, first.error_code),
        )
    known = [one for one in found if one.delivered]
    if not known:
        return untold(found[0].detail)
    return holds(f"event {known[0].event_id} {known[0].detail}{_share(len(known), len(found))}".rstrip())


def _share(some: int, all_of_them: int) -> str:
    return f" ({some} of {all_of_them} events)" if all_of_them > 1 else ""


def _judge_counted_delivery(bridge: Bridge, rule: Rule, target: AnyTarget, seen: Observations) -> Finding:
    counted = _counted(rule, seen)
    if counted is None:
        return untold(seen.metrics.detail if seen.metrics else NO_EVENT)
    figures = (
        f"metric Invocations {counted.invocations}, FailedInvocations {counted.failed_invocations}, "
        f"InvocationsSentToDlq {counted.sent_to_dlq}, over all targets of the rule"
    )
    if counted.failed_invocations or counted.sent_to_dlq or counted.not_sent_to_dlq:
        return broken(figures, "no failed invocation", _hint_for_loss(bridge, rule, target, ""))
    return holds(figures) if counted.invocations else untold(figures)


def _hint_for_loss(bridge: Bridge, rule: Rule, target: AnyTarget, error_code: str) -> str:
    """What EventBridge says is missing has a link of its own in the report."""
    again = f"Then type: gcbridge verify {bridge.environment}"
    suspects = {
        "NO_PERMISSIONS": permission_link(rule, target),
        "NO_RESOURCE": target_link(rule, target),
    }
    if error_code:
        link = suspects.get(error_code, f"{target_link(rule, target)} and {permission_link(rule, target)}")
        return (
            f"see {link!r} in this report, and type gcbridge dlq {bridge.environment} show for the reason; "
            f"when it is mended, type gcbridge dlq {bridge.environment} redrive. {again}"
        )
    if target.dead_letter_queue_name is None:
        metric = "the metric FailedInvocations of the rule"
        return f"nothing keeps what could not be delivered (dead_letter: false): look at {metric}. {again}"
    queue = target.dead_letter_queue_name
    return f"type gcbridge dlq {bridge.environment} list: what is in {queue} says why. {again}"


def _judge_dead_letters(bridge: Bridge, letters: DeadLetterObservation | None) -> Finding:
    if letters is None:
        return untold("not looked into")
    name = letters.queue_name
    if letters.exists is None:
        return untold(letters.detail)
    if not letters.exists:
        hint = f"without it, undeliverable events are lost: type gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}"
        return broken(f"queue {name} does not exist", f"queue {name}, empty", hint)
    if letters.depth:
        return broken(
            f"about {letters.depth} events could not be delivered",
            f"queue {name}, empty",
            f"type gcbridge dlq {bridge.environment} list to see why; mend the cause, then send them again: "
            f"gcbridge dlq {bridge.environment} redrive",
        )
    return holds("empty")
