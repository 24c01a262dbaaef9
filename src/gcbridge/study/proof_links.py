"""Links that only a real event proves: it is seen, it matches, it is delivered, nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gcbridge.model.bridge import AnyTarget, Bridge, Rule
from gcbridge.model.naming import CAUSE_TOPICS
from gcbridge.model.result import DeadLetterObservation, DeliveryObservation, EventProof, Observations
from gcbridge.study import sending_links as sending
from gcbridge.study.link import Finding, Link, broken, holds, untold
from gcbridge.study.receiving_links import EVENT_BUS, SOURCE_ACTIVE, permission_link, rule_link

EVENT_SEEN = "event seen on the bus"
NO_EVENT = "no event was waited for"


def match_link(rule: Rule) -> str:
    """Name of the link that is a rule matching an event."""
    return f"rule {rule.name} matches"


def delivery_link(rule: Rule, target: AnyTarget) -> str:
    """Name of the link that is an event's way from a rule to a target."""
    return f"delivery from rule {rule.name} to target {target.name}"


def dead_letter_link(target: AnyTarget) -> str:
    """Name of the link that is an empty dead-letter queue."""
    return f"dead-letter queue of target {target.name}"


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
            letter = found.get(target.name)
            yield Link(
                dead_letter_link(target),
                (EVENT_BUS,),
                partial(_judge_dead_letters, bridge, letter),
            )


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
        f"look into {target.dead_letter_queue_name or 'the metric FailedInvocations of the rule'} for the reason that "
        f"EventBridge gives. Then type: gcbridge verify {bridge.environment}",
    )


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
            f"read the attributes ERROR_CODE and ERROR_MESSAGE of a message: aws sqs receive-message --queue-url $(aws "
            f"sqs get-queue-url --queue-name {name} --query QueueUrl --output text) --message-attribute-names All; "
            "mend the cause, then purge the queue",
        )
    return holds("empty")
