"""What faults do to events on their way to EventBridge, before they are queued; WebSockets never see it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from gcbridge.sandbox.genesys.faults import Troubles, strikes
from gcbridge.sandbox.genesys.outbox import LONGEST_HOLD_SECONDS, Dispatch
from gcbridge.sandbox.genesys.partner import PartnerEvent


class Disturbance:
    """Loses, repeats, delays and holds back, as the switches say, and counts it."""

    def __init__(self, troubles: Troubles) -> None:
        self._faults = troubles.faults
        self._dice = troubles.dice.eventbridge
        self._tally = troubles.tally

    def apply(self, events: Iterable[PartnerEvent]) -> list[Dispatch]:
        """What is to be queued, in order."""
        return [dispatch for event in events for dispatch in self._disturb(event)]

    def _disturb(self, event: PartnerEvent) -> Iterator[Dispatch]:
        faults = self._faults
        lost = strikes(self._dice, faults.lose_eventbridge_percent)
        repeated = strikes(self._dice, faults.duplicate_eventbridge_percent)
        held = strikes(self._dice, faults.reorder_eventbridge_percent)
        if lost:
            self._tally["lost_eventbridge"] += 1
            return
        self._tally["duplicated_eventbridge"] += repeated
        self._tally["reordered_eventbridge"] += held
        self._tally["delayed_eventbridge"] += faults.delay_eventbridge_seconds > 0
        for _ in range(1 + repeated):
            yield Dispatch(event, self._due(is_held=held), is_held=held)

    def _due(self, *, is_held: bool) -> float:
        delay = self._faults.delay_eventbridge_seconds
        pause = delay + LONGEST_HOLD_SECONDS if is_held else delay
        return time.time() + pause if pause else 0.0
