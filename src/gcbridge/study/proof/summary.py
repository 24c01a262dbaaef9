"""What is said of all events of a verification together: latency, loss, the second witness, gcbridge's own delay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from gcbridge.model.proof import BusSighting, EventTrace, Latency, Loss, WitnessObservation, WitnessSummary
from gcbridge.model.result import EventProof
from gcbridge.study.proof.expected import expected_events
from gcbridge.study.proof.statistics import latency, wilson_interval

ACCEPTED = "accepted"


def summarize_latencies(traces: Iterable[EventTrace]) -> tuple[Latency, ...]:
    """Each hop that says when it was reached, in the order of the way."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for trace in traces:
        for hop in trace.hops:
            if hop.status == "passed" and hop.seconds is not None and hop.name != ACCEPTED:
                seconds[hop.name].append(hop.seconds)
    figures = (latency(name, values) for name, values in seconds.items())
    return tuple(figure for figure in figures if figure is not None)


def summarize_loss(proof: EventProof, witness: WitnessObservation | None) -> Loss | None:
    """What was expected and did not arrive; None for traffic that nobody else counted."""
    if proof.cause == "traffic" and witness is None:
        return None
    sightings = [sighting for _, _, sighting in expected_events(proof)]
    arrived = [sighting for sighting in sightings if sighting is not None]
    if not sightings:
        return None
    low, high = wilson_interval(len(sightings) - len(arrived), len(sightings))
    return Loss(
        expected=len(sightings),
        arrived=len(arrived),
        low=low,
        high=high,
        duplicates=sum(sighting.copies - 1 for sighting in arrived),
        out_of_order=count_out_of_order(proof.sightings),
    )


def count_out_of_order(sightings: Sequence[BusSighting]) -> int:
    """Events that came after one that was caused later, topic by topic.

    Args:
        sightings: in the order that they came.
    """
    newest: dict[str, int] = {}
    late = 0
    for sighting in sightings:
        late += sighting.change < newest.get(sighting.detail_type, 0)
        newest[sighting.detail_type] = max(sighting.change, newest.get(sighting.detail_type, 0))
    return late


def summarize_witness(proof: EventProof, witness: WitnessObservation | None) -> WitnessSummary | None:
    """What came over which way, of the topics that both can carry."""
    if witness is None:
        return None
    heard = {(sighting.change, sighting.topic): sighting for sighting in witness.sightings}
    told = [
        (seen, heard.get((change.number, topic)))
        for change, topic, seen in expected_events(proof)
        if topic in witness.topics
    ]
    pairs = [(seen, also) for seen, also in told if seen is not None and also is not None]
    return WitnessSummary(
        both=len(pairs),
        only_websocket=sum(seen is None and also is not None for seen, also in told),
        only_eventbridge=sum(seen is not None and also is None for seen, also in told),
        neither=sum(seen is None and also is None for seen, also in told),
        later=latency(
            "EventBridge after WebSocket",
            [(seen.received_at - also.heard_at).total_seconds() for seen, also in pairs],
        ),
        unheard=witness.unheard,
        notes=witness.notes,
    )


def summarize_overhead(sightings: Iterable[BusSighting]) -> Latency | None:
    """From arrival in the probe's queue, by the clock of AWS, to gcbridge knowing whose event it is."""
    return latency(
        "arrival in the queue to known",
        [max(0.0, (sighting.known_at - sighting.sent_at).total_seconds()) for sighting in sightings],
    )
