"""Traffic: every event of the source counts, and makes its own entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gcbridge.model.proof import CausedChange
from gcbridge.study.proof.content_key import content_key
from gcbridge.study.proof.ledger import DETAIL_TYPE, Claim, Event, Ledger


class TrafficClaims:
    """Turns events into changes, each once, whichever way tells of it first.

    Args:
        ledger: where the changes go.
        occurred_at: when an event happened, by what it says itself.
    """

    def __init__(self, ledger: Ledger, occurred_at: Callable[[Event], datetime | None]) -> None:
        self._ledger = ledger
        self._occurred_at = occurred_at
        self._known: set[str] = set()

    def claim(self, event: Event, seen_at: datetime) -> None:
        """An event that nothing has told of so far is a change of its own.

        Args:
            event: in EventBridge's form.
            seen_at: when it was seen; taken where the event does not say when it happened.
        """
        key = content_key(event.get("detail") or {})
        if key in self._known:
            return
        self._known.add(key)
        moment = self._occurred_at(event) or seen_at
        change = CausedChange(
            number=self._ledger.next_number,
            description=str((event.get("detail") or {}).get("topicName") or event[DETAIL_TYPE]),
            topics=(event[DETAIL_TYPE],),
            accepted_at=moment,
        )
        self._ledger.claim(Claim(change, lambda other: content_key(other.get("detail") or {}) == key, moment))
