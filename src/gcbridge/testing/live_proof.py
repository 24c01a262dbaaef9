"""A proof against both clouds: a probe on the bus, causes that are put back, and a look at every link when a test fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from gcbridge.aws.delivery import observe_deliveries
from gcbridge.aws.session import Aws
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.proof import CausedChange, CauseName, WitnessSighting
from gcbridge.model.result import Check, DeliveryObservation, MatchObservation
from gcbridge.model.target import AnyTarget
from gcbridge.study.judge import judge
from gcbridge.study.link_names import rule_link
from gcbridge.testing.bus_log import by_log
from gcbridge.testing.events import ReadEvent
from gcbridge.testing.keeping import Keeping
from gcbridge.testing.proof import Make
from gcbridge.testing.site import Site
from gcbridge.testing.turns import Turn
from gcbridge.workflows.proof.causing import open_cause
from gcbridge.workflows.proof.following import match_events
from gcbridge.workflows.proof.session import ProofSession
from gcbridge.workflows.proof.witness import Witness, choose_witness, witnessing
from gcbridge.workflows.sweep import cause_journal, channel_journal


@dataclass(frozen=True)
class Running:
    """A proof session at work.

    Args:
        aws: the account.
        genesys: the organization.
        session: probe and ledger.
        kept: every event that was read.
        turn: to change something in Genesys Cloud.
    """

    aws: Aws
    genesys: GenesysCloud
    session: ProofSession
    kept: Keeping
    turn: Turn


@dataclass
class LiveProof:
    """Implements `gcbridge.testing.proof.Proof`.

    Args:
        site: the environment and its clouds.
        blocked_by: the broken link that keeps every event from the bus.
        running: None where something blocks.
    """

    site: Site
    blocked_by: Check | None
    running: Running | None = None
    _witnesses: list[Witness] = field(default_factory=list)
    _opened: int = 0
    _matches: dict[str, tuple[MatchObservation, ...]] = field(default_factory=dict)

    @property
    def bridge(self) -> Bridge:
        """What was declared."""
        return self.site.bridge

    @property
    def events(self) -> Sequence[ReadEvent]:
        """Every event that was ever read."""
        return self.running.kept.read if self.running else ()

    def open_cause(self, name: CauseName) -> AbstractContextManager[Make]:
        """A cause that nobody else on this machine uses while the block lasts.

        IAM actions: none. Genesys permissions: those of the functions in `genesys/causes/`.
        """
        return self._open_cause(self._at_work(), name)

    @contextmanager
    def _open_cause(self, running: Running, name: CauseName) -> Iterator[Make]:
        session, rooms = running.session, self.site.rooms
        # Each opening marks what it changes with a text of its own: the probe outlives it, and late events may come.
        self._opened += 1
        run_id = f"{session.run_id}-{self._opened}"
        journal = cause_journal(rooms, self.bridge)
        with ExitStack() as stack:
            stack.enter_context(running.turn.taken())
            cause = stack.enter_context(
                open_cause(name, running.genesys, self.bridge, session.seen, run_id=run_id, journal=journal)
            )
            if self.site.opening.witness:
                stack.enter_context(self._witnessing(running, cause.concrete_topics))
            yield lambda: session.make(cause)

    @contextmanager
    def _witnessing(self, running: Running, topics: Sequence[str]) -> Iterator[None]:
        witness = choose_witness(self.bridge, topics, self.site.catalogue)
        left, catalogue = channel_journal(self.site.rooms, self.bridge), self.site.catalogue
        with witnessing(self.site.rooms, running.genesys, witness, running.kept, catalogue, left=left):
            self._witnesses.append(witness)
            try:
                yield
            finally:
                self._witnesses.remove(witness)

    def events_of(self, change: CausedChange) -> Sequence[ReadEvent]:
        """Events that tell of a change."""
        ledger = self._at_work().session.ledger
        return [
            ReadEvent(ledger.events[seen.event_id], seen.sent_at, seen.received_at)
            for seen in ledger.sightings
            if seen.change == change.number
        ]

    def heard_of(self, change: CausedChange) -> Sequence[WitnessSighting] | None:
        """What the second witness heard of a change; None where it can hear none of its topics."""
        audible = {topic for witness in self._witnesses for topic in witness.observation(()).topics}
        if not audible & set(change.topics):
            return None
        return [told for told in self._at_work().session.ledger.heard if told.change == change.number]

    def wait(self, is_enough: Callable[[], bool], deadline: float) -> bool:
        """Read until it is enough.

        Raises:
            GcbridgeError: the queue cannot be read any more.
        """
        return self.running.session.wait(is_enough, deadline) if self.running else is_enough()

    def matches(self, event: Mapping[str, Any]) -> Sequence[MatchObservation]:
        """What AWS says of each enabled rule that could match, asked once for each event.

        IAM actions: events:TestEventPattern.
        """
        if event["id"] not in self._matches:
            self._matches[event["id"]] = match_events(self._at_work().aws, self.bridge, [event])
        return self._matches[event["id"]]

    def broken_rule(self, rule: Rule) -> Check | None:
        """What was wrong with a rule in AWS when the bridge was opened: deleted, disabled, or with another pattern."""
        checks = judge(self.bridge, self._at_work().session.seen).checks
        return next((one for one in checks if one.name == rule_link(rule) and one.status == "failed"), None)

    def follow(
        self, event: Mapping[str, Any], rule: Rule, target: AnyTarget, deadline: float
    ) -> DeliveryObservation:
        """What became of an event: the target is looked into, else the bus's log, which knows single events, is asked.

        CloudWatch's counters are not: they cannot tell this event from those of other tests.

        IAM actions: those of observe_deliveries and observe_bus_log in `aws/`.
        """
        aws = self._at_work().aws
        only = rule.model_copy(update={"targets": (target.name,)})
        bridge = self.bridge.model_copy(update={"rules": (only,)})
        match = MatchObservation(rule=rule.name, event_id=event["id"], matched=True)
        seconds = max(0.0, deadline - time.monotonic())
        (found,) = observe_deliveries(aws, bridge, [event], [match], timeout_seconds=seconds)
        return found if found.delivered is not None else by_log(aws, bridge, found, event, deadline)

    def first_broken(self) -> Check | None:
        """Look at both clouds again."""
        return judge(self.bridge, self.site.look()).first_broken

    def _at_work(self) -> Running:
        assert self.running is not None, "nothing can be caused or followed on a bridge that is blocked"
        return self.running
