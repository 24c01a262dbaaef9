"""A proof session: a probe on the bus, a second witness beside it, and a ledger of what was caused and seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from gcbridge.aws.probe import Probe, ProbeMessage, open_probe
from gcbridge.aws.probe_renewal import renew_probe
from gcbridge.aws.session import Aws
from gcbridge.errors import GenesysError
from gcbridge.genesys.causes.caused import Cause, Caused
from gcbridge.genesys.causes.journal import read_journal
from gcbridge.genesys.causes.recognizing import occurred_at
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge
from gcbridge.model.notification import Notification
from gcbridge.model.progress import Progress
from gcbridge.model.proof import CausedChange, CauseName, WitnessSighting
from gcbridge.model.result import Observations
from gcbridge.study.proof.ledger import Claim, Ledger, Seen
from gcbridge.study.proof.traffic import TrafficClaims
from gcbridge.workflows.proof.causing import open_cause
from gcbridge.workflows.proof.collecting import Incoming, collecting
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.sweep import cause_journal, probe_journal
from gcbridge.workflows.tail import Renewal


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(timezone.utc)


@dataclass
class ProofSession:
    """Whoever causes something in it finds its events in the ledger; nothing that was read is forgotten.

    Args:
        rooms: doors to the outside.
        bridge: whose bus.
        genesys: the organization.
        seen: what was observed before.
        probe: reads the bus.
        incoming: what came and was not looked at yet.
        renew: keeps the probe from being taken for one that was left behind; called again and again.
    """

    rooms: Rooms
    bridge: Bridge
    genesys: GenesysCloud
    seen: Observations
    probe: Probe
    incoming: Incoming[ProbeMessage | Notification]
    renew: Callable[[], None] = lambda: None
    ledger: Ledger = field(default_factory=lambda: Ledger(occurred_at, utc_now))
    traffic: TrafficClaims | None = None
    """Set while any event of the source counts."""
    last_arrival: float = field(default_factory=time.monotonic)
    """When an event of a change came last, an instant of `time.monotonic`."""

    @property
    def run_id(self) -> str:
        """Tells this session's changes from others."""
        return self.probe.names.run_id

    @contextmanager
    def open_cause(self, name: CauseName) -> Iterator[Cause]:
        """A cause whose changes are put back at the end of the block.

        Args:
            name: which.

        Raises:
            GenesysError: Genesys Cloud refused or could not be reached.
            UsageError: presence needs a user.
        """
        journal = cause_journal(self.rooms, self.bridge)
        opening = open_cause(name, self.genesys, self.bridge, self.seen, run_id=self.run_id, journal=journal)
        if name == "traffic":
            self.traffic = TrafficClaims(self.ledger, occurred_at, count=self.bridge.verify.count)
        try:
            with opening as cause:
                yield cause
        finally:
            self.traffic = None
            self._tell_what_stays(journal)

    def make(self, cause: Cause) -> tuple[CausedChange, ...]:
        """The cause's next change, in the ledger from now on.

        Args:
            cause: from `open_cause`.

        Raises:
            GenesysError: Genesys Cloud refused or could not be reached.
        """
        return tuple(self._claim(caused) for caused in cause.make())

    def wait(self, is_enough: Callable[[], bool], deadline: float) -> bool:
        """Take what comes until it is enough; False where the deadline came first.

        Args:
            is_enough: asked before the first event and after each, and ten times a second in between.
            deadline: instant of `time.monotonic`.

        Raises:
            GcbridgeError: one of the ways ended.
        """
        while not is_enough():
            self.renew()
            now = time.monotonic()
            item = self.incoming.take(min(deadline, now + 0.1))
            if item is not None:
                self._take(item)
            elif now >= deadline:
                return is_enough()
        return True

    def _tell_what_stays(self, journal: Path) -> None:
        """An error of the block hides the one of putting back."""
        with suppress(GenesysError, OSError):
            if any(not change.was_undone for change in read_journal(journal)):
                place = self.rooms.workspace.shown(journal)
                again = f"gcbridge verify {self.bridge.environment}"
                told = f"what was changed is not put back; it stands in {place}, and the next {again} puts it back"
                self.rooms.watch(Progress("cause", "note", told))

    def _claim(self, caused: Caused) -> CausedChange:
        change = CausedChange(
            number=self.ledger.next_number,
            description=caused.description,
            topics=tuple(topic for topic in caused.topics if topic in self.bridge.integration.topics),
            accepted_at=caused.accepted_at,
        )
        self.ledger.claim(Claim(change, caused.matches, caused.moment))
        return change

    def _take(self, item: ProbeMessage | Notification) -> None:
        if isinstance(item, Notification):
            event = {
                "detail-type": item.topic,
                "detail": {
                    "topicName": item.topic_name,
                    "eventBody": item.event_body,
                    "metadata": {"CorrelationId": item.correlation_id},
                },
            }
            sighting = WitnessSighting(change=0, topic=item.topic, heard_at=item.heard_at, source=item.source)
            # What the API tells after a gap is in other words than the event, and would count as lost.
            if self.traffic is not None and item.source == "live":
                self.traffic.claim(event, item.heard_at, heard=True)
            self.ledger.hear(event, sighting)
            return
        if self.traffic is not None:
            self.traffic.claim(item.event, item.sent_at, heard=False)
        if self.ledger.see(Seen(item.event, item.sent_at, item.received_at)) is not None:
            self.last_arrival = time.monotonic()


@contextmanager
def open_session(
    rooms: Rooms,
    bridge: Bridge,
    aws: Aws,
    genesys: GenesysCloud,
    seen: Observations,
    *,
    topics: tuple[str, ...],
) -> Iterator[ProofSession]:
    """A probe reads the bus for as long as the block lasts.

    Args:
        rooms: doors to the outside.
        bridge: whose bus.
        aws: where the bus is.
        genesys: the organization.
        seen: what was observed before.
        topics: topic templates to look at; empty means all.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: those of `aws.probe.open_probe`.
    """
    rooms.watch(Progress("probe", "started", "adding a temporary rule and queue"))
    incoming: Incoming[ProbeMessage | Notification] = Incoming()
    with ExitStack() as stack:
        probe = stack.enter_context(
            open_probe(
                aws,
                bridge,
                probe_journal(rooms, bridge),
                detail_types=topics,
                settle_seconds=bridge.verify.settle_seconds,
            )
        )
        stack.enter_context(collecting(incoming, "probe", probe.receive))
        rooms.watch(Progress("probe", "finished", f"rule {probe.names.rule_name}"))
        renew = Renewal(lambda: renew_probe(probe, bridge, utc_now()))
        yield ProofSession(rooms, bridge, genesys, seen, probe, incoming, renew)
