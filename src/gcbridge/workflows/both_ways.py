"""Two open ways, watched together: what comes is paired, and shown when it is decided."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from gcbridge.aws.probe import ProbeMessage
from gcbridge.model.comparison import ComparedEvent, ComparisonSummary, Sighting
from gcbridge.model.notification import Notification
from gcbridge.study.comparison import Comparison
from gcbridge.study.topics.heard import HeardTopics
from gcbridge.workflows.event_stream import Clock, Ending, Receive, Sieve
from gcbridge.workflows.listen import Notices
from gcbridge.workflows.rooms import utc_now

STEP_SECONDS = 0.2
"""How often what came over EventBridge is looked at, and what waits is decided."""
_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


class ComparisonDisplay(Protocol):
    """Where both ways are shown."""

    def show_first(self, sighting: Sighting) -> None:
        """An event came one way; whether it comes the other is open."""

    def show_decided(self, event: ComparedEvent) -> None:
        """It came the other way, too, or did not."""

    def is_read(self) -> bool:
        """False when nobody can see any more what is shown."""


@dataclass(frozen=True)
class CompareResult:
    """What came of it.

    Args:
        summary: the counts.
        sieve: what the filter made of the events of both ways.
        ending: why it ended.
    """

    summary: ComparisonSummary
    sieve: Sieve
    ending: Ending


def as_carried(sighting: Sighting) -> dict[str, Any]:
    """What both ways carry of an event."""
    return {
        "topicName": sighting.topic_name,
        "version": "2",
        "eventBody": sighting.event_body,
        "metadata": {"CorrelationId": sighting.correlation_id},
    }


@dataclass(frozen=True)
class Admission:
    """Which events are compared.

    Args:
        chosen: topics that both ways carry.
        notices: what Genesys Cloud rejected of them.
        sieve: of `--filter`.
        rule_takes: whether a rule would take what came over the WebSocket; EventBridge asks it itself.
    """

    chosen: HeardTopics
    notices: Notices
    sieve: Sieve
    rule_takes: Callable[[Sighting], bool]

    def admits(self, sighting: Sighting) -> bool:
        """Whether the event counts."""
        if (
            sighting.topic not in self.chosen.carried
            or {sighting.topic, sighting.topic_name} & self._rejected()
        ):
            return False
        if sighting.way == "websocket" and not self.rule_takes(sighting):
            return False
        return self.sieve.passes(as_carried(sighting))

    def unheard(self) -> dict[str, str]:
        """Topic -> why it is not compared."""
        told = {topic: notice.message for notice in self.notices.rejected for topic in notice.topics}
        return {**self.chosen.unheard, **told}

    def _rejected(self) -> set[str]:
        return {topic for notice in self.notices.rejected for topic in notice.topics}


class OnBus(Protocol):
    """What a probe saw, received beside."""

    def drain(self) -> Iterator[ProbeMessage]:
        """What came since the last time."""


@dataclass(frozen=True)
class BothWays:
    """Two open ways, watched together.

    Args:
        receive: yields what the notification service tells.
        on_bus: what came over EventBridge.
        admission: what counts.
        display: where it is shown.
        between: called several times a second.
        clock: monotonic seconds.
        now: the present, UTC.
    """

    receive: Receive[Notification]
    on_bus: OnBus
    admission: Admission
    display: ComparisonDisplay
    between: Callable[[], None]
    clock: Clock = time.monotonic
    now: Callable[[], datetime] = utc_now

    def run(self, seconds: float, grace: timedelta) -> CompareResult:
        """Watches for so many seconds, and then for partners of what was seen, no longer than the grace period."""
        comparison, started = Comparison(self.now(), grace), self.clock()
        ending = self._watch(comparison, started + seconds)
        if ending == "time":
            comparison.end()
            ending = self._wait_for_partners(comparison, self.clock() + grace.total_seconds())
        unheard = self.admission.unheard()
        summary = comparison.summary(
            seconds=self.clock() - started,
            topics=[topic for topic in self.admission.chosen.carried if topic not in unheard],
            unheard=unheard,
        )
        return CompareResult(summary, self.admission.sieve, ending)

    def _watch(self, comparison: Comparison, end: float) -> Ending:
        try:
            while self.clock() < end:
                self._step(comparison, min(end, self.clock() + STEP_SECONDS))
                if not self.display.is_read():
                    return "unread"
                self.between()
        except KeyboardInterrupt:
            return "interrupted"
        return "time"

    def _wait_for_partners(self, comparison: Comparison, end: float) -> Ending:
        try:
            while not comparison.is_decided and self.clock() < end + STEP_SECONDS:
                self._step(comparison, self.clock() + STEP_SECONDS)
        except KeyboardInterrupt:
            return "interrupted"
        return "time"

    def _step(self, comparison: Comparison, until: float) -> None:
        for sighting in self._sightings(until):
            if not self.admission.admits(sighting):
                continue
            added = comparison.add(sighting)
            if isinstance(added, ComparedEvent):
                self.display.show_decided(added)
            elif added == "first":
                self.display.show_first(sighting)
        for decided in comparison.expire(self.now()):
            self.display.show_decided(decided)

    def _sightings(self, until: float) -> Iterator[Sighting]:
        yield from map(over_websocket, self.receive(until))
        yield from map(over_eventbridge, self.on_bus.drain())


def over_websocket(event: Notification) -> Sighting:
    """An event, as the notification service told it."""
    return Sighting(
        way="websocket",
        topic=event.topic,
        topic_name=event.topic_name,
        event_body=event.event_body,
        correlation_id=event.correlation_id,
        seen_at=event.heard_at,
        source=event.source,
    )


def over_eventbridge(message: ProbeMessage) -> Sighting:
    """An event, as the probe read it; what is missing, or of another kind than Genesys Cloud sends, is left empty."""
    event = message.event
    detail = _mapping(event.get("detail"))
    return Sighting(
        way="eventbridge",
        topic=str(event.get("detail-type", "")),
        topic_name=str(detail.get("topicName", "")),
        event_body=_mapping(detail.get("eventBody")),
        correlation_id=str(_mapping(detail.get("metadata")).get("CorrelationId", "")),
        seen_at=message.received_at,
        sent_at=_moment(detail.get("timestamp")) or _moment(event.get("time")),
        event_id=str(event.get("id", "")),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(text: Any) -> datetime | None:
    with suppress(ValidationError):
        return _MOMENT.validate_python(text)
    return None
