"""Traffic: every event of the source counts, and makes its own entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gcbridge.model.proof import CausedChange
from gcbridge.study.proof.content_key import correlation_id
from gcbridge.study.proof.ledger import DETAIL_TYPE, Claim, Event, Ledger


class TrafficClaims:
    """Turns events into changes, each once, whichever way tells of it first.

    Args:
        ledger: where the changes go.
        occurred_at: when an event happened, by what it says itself.
        count: how many count. A busy organization never stops, and of the newest there is always one that only one way has told of so far.
    """

    def __init__(
        self, ledger: Ledger, occurred_at: Callable[[Event], datetime | None], *, count: int
    ) -> None:
        self._ledger = ledger
        self._occurred_at = occurred_at
        self._count = count
        self._made = 0
        self._share_ids = False

    def claim(self, event: Event, seen_at: datetime, *, heard: bool) -> None:
        """An event that nothing has told of so far is a change of its own.

        Args:
            event: in EventBridge's form.
            seen_at: when it was seen; taken where the event does not say when it happened.
            heard: over the notification service; else on the bus.
        """
        if self._made == self._count or self._ledger.knows(event, heard=heard):
            return
        self._made += 1
        detail = event.get("detail") or {}
        moment = self._occurred_at(event) or seen_at
        change = CausedChange(
            number=self._ledger.next_number,
            description=str(detail.get("topicName") or event[DETAIL_TYPE]),
            topics=(event[DETAIL_TYPE],),
            accepted_at=moment,
        )
        self._ledger.claim(
            Claim(change, lambda other: self._is_same(detail, other.get("detail") or {}), moment)
        )

    def _is_same(self, detail: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """No document of Genesys says that both ways carry the same id, or write a body in the same way; one of both is enough.

        Once one id came over both ways, two ids are two events: a lost one and a later one may say the same.
        """
        if detail.get("topicName") != other.get("topicName"):
            return False
        name, other_name = correlation_id(detail), correlation_id(other)
        if name and name == other_name:
            self._share_ids = self._share_ids or other is not detail
            return True
        are_two = self._share_ids and name and other_name
        return not are_two and detail.get("eventBody") == other.get("eventBody")
