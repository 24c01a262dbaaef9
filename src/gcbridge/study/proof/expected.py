"""Which events were to be expected: a change can be told on several topics, and not every organization sends all."""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.model.proof import BusSighting, CausedChange
from gcbridge.model.result import EventProof


def counted_topics(proof: EventProof) -> tuple[str, ...]:
    """Topics on which every change has to be told: those on which at least one was; all of them where none was.

    A topic that told of nothing while another told of everything is one that this organization does not send (no
    document of Genesys says which topic a change is told on), and no loss. Each event of traffic has one topic, on which
    somebody told of it, so there all count.
    """
    all_topics = dict.fromkeys(topic for change in proof.changes for topic in change.topics)
    told = {sighting.detail_type for sighting in proof.sightings}
    if proof.cause == "traffic" or not told:
        return tuple(all_topics)
    return tuple(topic for topic in all_topics if topic in told)


def silent_topics(proof: EventProof) -> tuple[str, ...]:
    """Topics that could have told of a change, and told of none, while another did."""
    counted = counted_topics(proof)
    all_topics = dict.fromkeys(topic for change in proof.changes for topic in change.topics)
    return tuple(topic for topic in all_topics if topic not in counted)


def expected_events(proof: EventProof) -> Iterator[tuple[CausedChange, str, BusSighting | None]]:
    """Every change with every topic that has to tell of it, and what the probe saw of it."""
    seen = {(sighting.change, sighting.detail_type): sighting for sighting in proof.sightings}
    counted = counted_topics(proof)
    for change in proof.changes:
        for topic in change.topics:
            if topic in counted:
                yield change, topic, seen.get((change.number, topic))
