"""What assertions need of a running proof; a real one speaks to both clouds, tests of the assertions bring their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.proof import CausedChange, CauseName, WitnessSighting
from gcbridge.model.result import Check, DeliveryObservation, MatchObservation
from gcbridge.model.target import AnyTarget
from gcbridge.testing.events import ReadEvent

Make = Callable[[], tuple[CausedChange, ...]]
"""Makes the next change of a cause."""


class Proof(Protocol):
    """A probe on the bus, what it read, and what can be asked about it."""

    @property
    def bridge(self) -> Bridge:
        """What was declared."""

    @property
    def blocked_by(self) -> Check | None:
        """The broken link that keeps every event from the bus; None where the way to it is whole."""

    @property
    def events(self) -> Sequence[ReadEvent]:
        """Every event that was ever read, oldest first; none is ever dropped."""

    def open_cause(self, name: CauseName) -> AbstractContextManager[Make]:
        """A cause, which is put back at the end of the block."""

    def events_of(self, change: CausedChange) -> Sequence[ReadEvent]:
        """Events that tell of a change, oldest first, each once."""

    def heard_of(self, change: CausedChange) -> Sequence[WitnessSighting] | None:
        """What the second witness heard of a change; None where there is none."""

    def wait(self, is_enough: Callable[[], bool], deadline: float) -> bool:
        """Read until it is enough; False where the deadline, an instant of `time.monotonic`, came first."""

    def matches(self, event: Mapping[str, Any]) -> Sequence[MatchObservation]:
        """What AWS says of each enabled rule and this event, with what the routing engine says beside it."""

    def broken_rule(self, rule: Rule) -> Check | None:
        """What is wrong with a rule in AWS, so that its declared pattern proves nothing; None where nothing is known to be."""

    def follow(
        self, event: Mapping[str, Any], rule: Rule, target: AnyTarget, deadline: float
    ) -> DeliveryObservation:
        """What became of an event on its way from a rule to one of its targets."""

    def first_broken(self) -> Check | None:
        """Look at both clouds again: the first broken link, or None."""
