"""Links that only a real event proves: it is seen, it matches, it is delivered, nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.naming import CAUSE_TOPICS
from gcbridge.model.result import DeadLetterObservation, DeliveryObservation, EventProof, Observations
from gcbridge.model.target import AnyTarget
from gcbridge.study import sending_links as sending
from gcbridge.study.link import Finding, Link, broken, holds, untold
from gcbridge.study.link_names import (
    dead_letter_link,
    dead_letter_way_link,
    delivery_link,
    match_link,
    permission_link,
    rule_link,
    target_link,
)
from gcbridge.study.receiving_links import EVENT_BUS, SOURCE_ACTIVE

EVENT_SEEN = "event seen on the bus"
NO_EVENT = "no event was waited for"


def proof_links(bridge: Bridge, seen: Observations) -> tuple[Link, ...]:
    """Links from the event on the bus to the last dead-letter queue, causes first."""
    return (
        Link(EVENT_SEEN, (sending.TOPICS, SOURCE_ACTIVE), lambda: _judge_event(bridge, seen.proof)),
        *_match_links(bridge, seen),
        *_delivery_links(bridge, seen),
        *_dead_letter_links(bridge, seen),
    )


def _match_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    for rule in bridge.rules:
        needs = (EVENT_SEEN, rule_link(rule))
        yield Link(match_link(rule), needs, partial(_judge_match, rule, seen))


def _delivery_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    for rule in bridge.rules:
        for target in map(bridge.target, rule.targets):
            yield Link(
                delivery_link(rule, target),
                (match_link(rule), permission_link(rule, target)),
                partial(_judge_delivery, bridge, rule, target, seen),
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


def _judge_event(bridge: Bridge, proof: EventProof | None) -> Finding:
    if proof is None:
        return untold(NO_EVENT)
    if proof.arrivals:
        first = proof.arrivals[0]
        return holds(
            f"the first of {len(proof.arrivals)}, {first.detail_type}, after {first.latency_seconds:.2f} s"
        )
    return broken(
        f"no event in {proof.waited_seconds:.0f} s",
        f"an event of source {bridge.event_source_name}",
        _hint_for_silence(bridge, proof),
    )


def _hint_for_silence(bridge: Bridge, proof: EventProof) -> str:
    raised = CAUSE_TOPICS[proof.cause]
    if proof.cause == "none":
        return (
            "every link up to the bus holds, but nothing was sent: make a call or change a presence while gcbridge "
            "waits, raise verify.timeout_seconds, or set verify.cause so that gcbridge causes an event"
        )
    if not set(raised) & set(bridge.integration.topics):
        return (
            f"verify.cause is {proof.cause}, which Genesys Cloud tells of on {' or '.join(raised)} only: add that to "
            f"genesys.topics and type gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}, or choose another verify.cause"
        )
    return (
        "every link up to the bus holds; audit events may take minutes: raise verify.timeout_seconds and type "
        f"gcbridge verify {bridge.environment}. If it stays silent, give Genesys Cloud support the event source's name"
    )


def _judge_match(rule: Rule, seen: Observations) -> Finding:
    if not rule.enabled:
        return holds("disabled, as declared: it matches nothing")
    tested = [match for match in seen.matches if match.rule == rule.name]
    if not tested:
        return untold(NO_EVENT if seen.proof is None else "not tested against an event")
    matched = [match.event_id for match in tested if match.matched]
    if matched:
        return holds(f"matches event {matched[0]}")
    return untold(f"AWS says that it matches no event of this run; {_what_it_asks_for(rule, seen.proof)}")


def _what_it_asks_for(rule: Rule, proof: EventProof | None) -> str:
    """Another topic is no surprise; the same topic and no match is worth a look at the rest of the pattern."""
    arrived = {arrival.detail_type for arrival in proof.arrivals} if proof else set()
    of_its_topics = sorted(arrived & set(rule.topics))
    if of_its_topics:
        return (
            f"an event of {', '.join(of_its_topics)} arrived, but not one that {rule.pattern_json} asks for"
        )
    return f"it asks for {', '.join(rule.topics) or rule.pattern_json}"


def _judge_delivery(bridge: Bridge, rule: Rule, target: AnyTarget, seen: Observations) -> Finding:
    found = _find_delivery(rule, target, seen)
    if found is None:
        return untold("no event of this run matches the rule")
    if found.delivered is None:
        return untold(found.detail)
    if found.delivered:
        return holds(f"event {found.event_id} {found.detail}".rstrip())
    return broken(
        f"event {found.event_id} {found.detail}".rstrip(),
        f"event {found.event_id} in target {target.name}",
        _hint_for_loss(bridge, rule, target, found.error_code),
    )


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


def _find_delivery(rule: Rule, target: AnyTarget, seen: Observations) -> DeliveryObservation | None:
    for found in seen.deliveries:
        if (found.rule, found.target) == (rule.name, target.name):
            return found
    return None


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
