"""The bridge that a test holds: it causes events, and finds events that others caused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from gcbridge.model.proof import CausedChange, Hop
from gcbridge.routing import Router
from gcbridge.study.traffic.route import miss_of
from gcbridge.testing.change import Change
from gcbridge.testing.events import ReadEvent
from gcbridge.testing.failures import ArrivalError, hop_table
from gcbridge.testing.naming import find_cause
from gcbridge.testing.proof import Make, Proof

Condition = Callable[[Mapping[str, Any]], bool]
NEAREST = 3
"""How many events a failing `sees` explains."""


class BridgeUnderTest:
    """Causes changes and finds events; what it changed is put back at the end of its block.

    Args:
        proof: reads and asks.
        occurred_at: when an event happened, by what it says itself.
    """

    def __init__(self, proof: Proof, occurred_at: Callable[[Mapping[str, Any]], datetime | None]) -> None:
        self._proof = proof
        self._occurred_at = occurred_at
        self._causes: dict[str, Make] = {}
        self._undo = ExitStack()
        self._begin = len(proof.events)
        self._changes: list[Change] = []

    @property
    def environment(self) -> str:
        """Name of the environment."""
        return self._proof.bridge.environment

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was caused or seen in this block, in order."""
        return tuple(self._changes)

    @property
    def events(self) -> tuple[ReadEvent, ...]:
        """Every event that was read since the probe is there, by this test or an earlier one, oldest first."""
        self._read_up()
        return tuple(self._proof.events)

    def cause(self, name: str) -> Change:
        """Make a harmless change in Genesys Cloud now, of which it sends an event.

        Args:
            name: `presence`, `integration_notes` or `oauth_client`; what each changes and needs is in docs/verification.md.

        Raises:
            ArrivalError: a link on the way to the event bus is broken, so that no event could arrive.
            UsageError: no such cause, or the environment lacks what it needs.
            GenesysError: Genesys Cloud refused or could not be reached.
        """
        __tracebackhide__ = True
        cause = find_cause(self._proof.bridge, name)
        self._check_way(f"{name} was not caused")
        if cause not in self._causes:
            self._causes[cause] = self._undo.enter_context(self._proof.open_cause(cause))
        changes = self._causes[cause]()
        return self._remember(Change(self._proof, changes, time.monotonic(), self._proof.events_of))

    def sees(self, what: Mapping[str, Any] | Condition, *, within: float | None = None) -> Change:
        """An event that the test, or anybody, caused by other means: the first since the test began that fits.

        Args:
            what: an event pattern as EventBridge takes it, or a function of the whole event.
            within: seconds from now to wait for it; `verify.timeout_seconds` where None.

        Raises:
            ArrivalError: no such event came; it says what kept the nearest ones from fitting.
            InvalidPatternError: EventBridge would refuse the pattern.
        """
        __tracebackhide__ = True
        self._check_way("nothing was waited for")
        fits = _condition(what)
        limit = float(self._proof.bridge.verify.timeout_seconds if within is None else within)

        def found() -> ReadEvent | None:
            recent = self._proof.events[self._begin :]
            return next((read for read in recent if fits(read.event)), None)

        self._proof.wait(lambda: found() is not None, time.monotonic() + limit)
        read = found()
        if read is None:
            raise self._unseen(what, limit)
        return self._remember(self._change_of(read))

    @contextmanager
    def fresh(self) -> Iterator[BridgeUnderTest]:
        """The same probe for one test: it has seen nothing yet, and what it changes is put back at the end of the block."""
        # What came in between tests was not read yet, and is none of this test's.
        self._read_up()
        test = BridgeUnderTest(self._proof, self._occurred_at)
        try:
            yield test
        finally:
            test.restore()

    def restore(self) -> None:
        """Put back what was changed.

        Raises:
            GenesysError: Genesys Cloud refused; the journal keeps it for the next run.
        """
        self._causes.clear()
        self._undo.close()

    def story(self) -> str:
        """What is known of this block's changes, for a report: hop tables, and how many events were read."""
        tables = ["\n".join([change.description, *hop_table(change.hops)]) for change in self._changes]
        read = len(self._proof.events) - self._begin
        return "\n\n".join([*tables, f"events read from the event bus during the test: {read}"])

    def _read_up(self) -> None:
        self._proof.wait(lambda: False, time.monotonic())

    def _check_way(self, consequence: str) -> None:
        __tracebackhide__ = True
        broken = self._proof.blocked_by
        if broken is not None:
            raise ArrivalError(f"bridge {self.environment} is broken; {consequence}", (), broken)

    def _remember(self, change: Change) -> Change:
        self._changes.append(change)
        return change

    def _change_of(self, read: ReadEvent) -> Change:
        told = CausedChange(
            number=0,
            description=str(read.detail.get("topicName") or read.detail_type),
            topics=(read.detail_type,),
            accepted_at=self._occurred_at(read.event) or read.sent_at,
        )
        return Change(self._proof, [told], time.monotonic(), lambda _: (read,))

    def _unseen(self, what: Mapping[str, Any] | Condition, limit: float) -> ArrivalError:
        recent = self._proof.events[self._begin :]
        summary = f"no event that fits {_shown(what)} within {limit:g} s; {len(recent)} others came"
        return ArrivalError(summary, _near(what, recent), self._proof.first_broken())


def _condition(what: Mapping[str, Any] | Condition) -> Condition:
    if callable(what):
        return what
    router = Router({"wanted": what})
    return lambda event: bool(router.match(event))


def _shown(what: Mapping[str, Any] | Condition) -> str:
    return getattr(what, "__name__", repr(what)) if callable(what) else json.dumps(what)


def _near(what: Mapping[str, Any] | Condition, recent: Sequence[ReadEvent]) -> list[Hop]:
    """The events with the fewest fields that do not fit; a function does not say why it does not fit."""
    if callable(what):
        return []
    router = Router({"wanted": what})
    explained = [(router.explain(read.event, "wanted"), read) for read in recent]
    explained.sort(key=lambda pair: len(pair[0].misses))
    return [
        Hop(
            name=f"event {read.id}", status="skipped", detail=f"on {read.detail_type}: {miss_of(explanation)}"
        )
        for explanation, read in explained[:NEAREST]
    ]
