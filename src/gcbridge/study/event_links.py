"""Links that events on the bus prove: one is seen, none is lost, none is late."""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.model.bridge import Bridge
from gcbridge.model.naming import CAUSE_TOPICS
from gcbridge.model.proof import Loss, MetricsObservation
from gcbridge.model.result import EventProof, Observations
from gcbridge.model.verification_words import loss_sentence
from gcbridge.study import sending_links as sending
from gcbridge.study.link import Finding, Link, broken, holds, untold
from gcbridge.study.proof.expected import silent_topics
from gcbridge.study.proof.summary import summarize_loss, summarize_witness
from gcbridge.study.receiving_links import SOURCE_ACTIVE

CAUSE_SENT = "topic of the cause is sent"
EVENT_SEEN = "event seen on the bus"
NONE_LOST = "all events arrived"
IN_TIME = "latency of events"
NO_EVENT = "no event was waited for"


def event_links(bridge: Bridge, seen: Observations) -> Iterator[Link]:
    """Links between the event source and the rules, causes first; only those that this run can tell of."""
    yield Link(CAUSE_SENT, (sending.TOPICS,), lambda: _judge_cause(bridge))
    needs = (CAUSE_SENT, SOURCE_ACTIVE)
    if seen.read_only:
        yield Link(EVENT_SEEN, needs, lambda: _judge_counted(bridge, seen.metrics))
        return
    yield Link(EVENT_SEEN, needs, lambda: _judge_event(bridge, seen))
    loss = summarize_loss(seen.proof, seen.witness) if seen.proof else None
    if seen.proof and loss is not None and len(seen.proof.changes) > 1:
        yield Link(NONE_LOST, (EVENT_SEEN,), lambda: _judge_loss(bridge, seen, loss))
    if bridge.verify.max_latency is not None:
        yield Link(IN_TIME, (EVENT_SEEN,), lambda: _judge_latency(bridge, seen.proof))


def _judge_cause(bridge: Bridge) -> Finding:
    cause = bridge.verify.cause
    raised = CAUSE_TOPICS[cause]
    sent = [topic for topic in raised if topic in bridge.integration.topics]
    if sent or not raised:
        return holds(", ".join(sent) or "any topic counts")
    return broken(
        f"none of genesys.topics tells of {cause}",
        " or ".join(raised),
        f"add {' or '.join(raised)} to genesys.topics and type gcbridge plan {bridge.environment} && "
        f"gcbridge apply {bridge.environment}, or choose another --cause",
    )


def _judge_event(bridge: Bridge, seen: Observations) -> Finding:
    proof = seen.proof
    if proof is None:
        return untold(NO_EVENT)
    if proof.sightings:
        return _describe_first(proof)
    return broken(
        f"no event in {proof.waited_seconds:.0f} s{_said_by_witness(proof, seen)}",
        f"an event of source {bridge.event_source_name}",
        _hint_for_silence(bridge, proof, seen),
    )


def _describe_first(proof: EventProof) -> Finding:
    first = proof.sightings[0]
    start = next(change.accepted_at for change in proof.changes if change.number == first.change)
    seconds = max(0.0, (first.received_at - start).total_seconds())
    silent = silent_topics(proof)
    beside = f"; nothing came on {', '.join(silent)}" if silent else ""
    return holds(f"the first of {len(proof.sightings)}, {first.detail_type}, after {seconds:.2f} s{beside}")


def _said_by_witness(proof: EventProof, seen: Observations) -> str:
    summary = summarize_witness(proof, seen.witness)
    if summary is None:
        return ""
    if summary.only_websocket:
        return f"; {summary.only_websocket} came over the notification service"
    return "; nothing came over the notification service either" if summary.neither else ""


def _hint_for_silence(bridge: Bridge, proof: EventProof, seen: Observations) -> str:
    again = f"gcbridge verify {bridge.environment}"
    if proof.cause == "traffic":
        return (
            "every link up to the bus holds, but nothing was sent: make a call or change a presence while gcbridge "
            "waits, raise verify.timeout_seconds, or set verify.cause so that gcbridge causes an event"
        )
    summary = summarize_witness(proof, seen.witness)
    if summary is not None and summary.only_websocket:
        return (
            "Genesys Cloud told of it over the notification service, so that the way to EventBridge is broken though every link "
            f"looks whole: give Genesys Cloud support the event source {bridge.event_source_name} and the moment {proof.changes[0].accepted_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    return (
        "every link up to the bus holds; audit events may take minutes: raise verify.timeout_seconds and type "
        f"{again}. If it stays silent, give Genesys Cloud support the event source's name"
    )


def _judge_counted(bridge: Bridge, metrics: MetricsObservation | None) -> Finding:
    if metrics is None:
        return untold(NO_EVENT)
    if metrics.detail:
        return untold(metrics.detail)
    since = f"since {metrics.since:%H:%M} UTC"
    if metrics.events:
        return holds(f"metric Events of the source: {metrics.events} {since}")
    return untold(
        f"metric Events of the source: none {since}, and counters run minutes late",
        f"make a call or change a presence, wait some minutes and type: gcbridge verify {bridge.environment} --read-only",
    )


def _judge_loss(bridge: Bridge, seen: Observations, loss: Loss) -> Finding:
    if not loss.lost:
        return holds(loss_sentence(loss))
    heard = summarize_witness(seen.proof, seen.witness) if seen.proof else None
    witness = (
        f"; {heard.only_websocket} of the lost ones came over the notification service"
        if heard and heard.only_websocket
        else ""
    )
    return broken(
        f"{loss_sentence(loss)}{witness}",
        f"{loss.expected} events on the bus",
        "raise verify.timeout_seconds if they may only be late, and type "
        f"gcbridge verify {bridge.environment} --count {len(seen.proof.changes) if seen.proof else 1} --witness. If they stay away, "
        f"give Genesys Cloud support the event source {bridge.event_source_name} and the times in --json (traces)",
    )


def _judge_latency(bridge: Bridge, proof: EventProof | None) -> Finding:
    limit = bridge.verify.max_latency
    if proof is None or limit is None:
        return untold(NO_EVENT)
    starts = {change.number: change.accepted_at for change in proof.changes}
    seconds = [
        (seen.received_at - starts[seen.change]).total_seconds()
        for seen in proof.sightings
        if seen.change in starts
    ]
    late = [value for value in seconds if value > limit]
    if not late:
        return holds(f"at most {max(seconds):.2f} s; {limit:g} s are allowed")
    return broken(
        f"{len(late)} of {len(seconds)} events took longer, the slowest {max(late):.2f} s",
        f"at most {limit:g} s (verify.max_latency)",
        "look at the latency of each hop in this report; if the event bus is fast and a target slow, its retries are the "
        "place to look; if the way to the bus is slow, Genesys Cloud support is to ask",
    )
