"""Causes events and proves their arrival."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gcbridge.aws.delivery import observe_dead_letters
from gcbridge.aws.session import Aws
from gcbridge.genesys.causes.caused import Cause
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge
from gcbridge.model.naming import CAUSE_TOPICS
from gcbridge.model.progress import Progress
from gcbridge.model.result import EventProof, Observations
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.proof.expected import silent_topics
from gcbridge.workflows.proof.following import follow
from gcbridge.workflows.proof.session import ProofSession, open_session, utc_now
from gcbridge.workflows.proof.witness import Witness, choose_witness, witnessing
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.sweep import channel_journal

COMPANION_SECONDS = 3.0
"""One change can be told on two topics, and over two ways; how long to wait for a way that has told of nothing."""


@dataclass(frozen=True)
class Proof:
    """What is needed to prove arrival.

    Args:
        rooms: doors to the outside.
        bridge: whose bus, with the choices of this run.
        aws: the account.
        genesys: the organization.
        seen: what was observed; every link up to the bus holds.
        catalogue: what is known of topics.
    """

    rooms: Rooms
    bridge: Bridge
    aws: Aws
    genesys: GenesysCloud
    seen: Observations
    catalogue: TopicCatalogue


def prove(proof: Proof) -> Observations:
    """Changes are made, their events awaited on every way, and followed to their targets.

    Raises:
        AwsError: AWS refused or could not be reached.
        GenesysError: Genesys Cloud refused or could not be reached.

    IAM actions: those of open_probe and of `following.follow`.
    """
    bridge, started = proof.bridge, utc_now()
    topics = tuple(topic for topic in CAUSE_TOPICS[bridge.verify.cause] if topic in bridge.integration.topics)
    with open_session(proof.rooms, bridge, proof.aws, proof.genesys, proof.seen, topics=topics) as session:
        with session.open_cause(bridge.verify.cause) as cause, _witness(proof, session, cause) as witness:
            _make_changes(session, cause)
            waited = _await_events(session, witness)
        told = _tell(proof, session, witness, waited)
        followed = follow(proof.aws, bridge, list(session.ledger.events.values()), started, proof.rooms.watch)
        return told.model_copy(
            update={
                "matches": followed.matches,
                "deliveries": followed.deliveries,
                "metrics": followed.metrics,
                "bus_log": followed.bus_log,
                "dead_letters": observe_dead_letters(proof.aws, bridge),
            }
        )


@contextmanager
def _witness(proof: Proof, session: ProofSession, cause: Cause) -> Iterator[Witness | None]:
    bridge = proof.bridge
    if not bridge.verify.witness:
        yield None
        return
    names = cause.concrete_topics
    if bridge.verify.cause == "traffic":
        names = bridge.integration.topics
    witness = choose_witness(bridge, names, proof.catalogue)
    for topic in CAUSE_TOPICS[bridge.verify.cause]:
        if topic in bridge.integration.topics and topic not in witness.templates:
            witness.unheard[topic] = "the ids that it is told by are known only once it has happened"
    left = channel_journal(proof.rooms, bridge)
    with witnessing(proof.rooms, proof.genesys, witness, session.incoming, proof.catalogue, left=left):
        yield witness


def _make_changes(session: ProofSession, cause: Cause) -> None:
    verify, watch = session.bridge.verify, session.rooms.watch
    if verify.cause == "traffic":
        return
    started = time.monotonic()
    for number in range(1, verify.count + 1):
        changes = session.make(cause)
        what = changes[-1].description
        told = f"{what} ({number} of {verify.count})" if verify.count > 1 else what
        watch(Progress("event", "running", told, time.monotonic() - started, number / verify.count))
        if number < verify.count:
            session.wait(lambda: False, time.monotonic() + verify.interval_seconds)


def _await_events(session: ProofSession, witness: Witness | None) -> float:
    verify, watch = session.bridge.verify, session.rooms.watch
    started = time.monotonic()
    what = "any event of this source" if verify.cause == "traffic" else f"{verify.cause}: {verify.count}"
    watch(Progress("event", "started", f"{what}: waiting"))
    enough = _Enough(session, witness)
    # Audits come minutes late, so patience begins anew with each event that comes.
    while not session.wait(enough, deadline := max(started, session.last_arrival) + verify.timeout_seconds):
        if session.last_arrival + verify.timeout_seconds <= deadline:
            break
    seconds = time.monotonic() - started
    arrived = len(session.ledger.sightings)
    message = f"{what}: {arrived} arrived" if arrived else f"{what}: none arrived"
    watch(Progress("event", "finished" if arrived else "failed", message, seconds))
    return seconds


@dataclass(frozen=True)
class _Enough:
    """Everything has come; or what has not, is on a way that has told of nothing at all while the others are done."""

    session: ProofSession
    witness: Witness | None

    def __call__(self) -> bool:
        ledger = self.session.ledger
        proof = EventProof(
            cause=self.session.bridge.verify.cause,
            waited_seconds=0,
            changes=ledger.changes,
            sightings=ledger.sightings,
        )
        if not proof.sightings or not self._is_complete(proof):
            return False
        return self._is_quiet() or (not silent_topics(proof) and self._is_heard(proof))

    def _is_complete(self, proof: EventProof) -> bool:
        silent = silent_topics(proof)
        counted = {topic for change in proof.changes for topic in change.topics if topic not in silent}
        wanted = self.session.bridge.verify.count if proof.cause == "traffic" else 1
        return len(proof.sightings) >= wanted and not any(self.session.ledger.missing(tuple(counted)))

    def _is_quiet(self) -> bool:
        return time.monotonic() - self.session.last_arrival > COMPANION_SECONDS

    def _is_heard(self, proof: EventProof) -> bool:
        if self.witness is None:
            return True
        topics = set(self.witness.observation(()).topics)
        heard = {(told.change, told.topic) for told in self.session.ledger.heard}
        return all(
            (seen.change, seen.detail_type) in heard for seen in proof.sightings if seen.detail_type in topics
        )


def _tell(proof: Proof, session: ProofSession, witness: Witness | None, waited: float) -> Observations:
    ledger = session.ledger
    return proof.seen.model_copy(
        update={
            "proof": EventProof(
                cause=proof.bridge.verify.cause,
                waited_seconds=waited,
                changes=ledger.changes,
                sightings=ledger.sightings,
            ),
            "witness": witness.observation(ledger.heard) if witness else None,
        }
    )
