"""What numbers and topics of a need mean for each event model."""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.model.advice import EventModel, Finding, Need, Weight
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.advice.limits import CHANNEL_TOPICS, CHANNELS
from gcbridge.study.topics.heard import choose_heard

SOON_SECONDS = 2.0
"""Below that, models whose delay nobody has published or that take seconds are worth a thought: gcbridge's own judgement."""
MANY_STARTS = 10.0
"""Events a second from which a workflow for each is worth a thought: gcbridge's own judgement."""
MANY_EVENTS = 750.0
"""Events a second above which the smallest default of EventBridge is reached; see the limit `invocations`."""

TRANSPORTS: dict[EventModel, tuple[frozenset[str], str]] = {
    "notification_service": (frozenset({"All", "Websocket"}), "websocket-topics"),
    "eventbridge": (frozenset({"All", "EventBridge"}), "eventbridge-topics"),
    "event_orchestration": (frozenset({"All", "ProcessAutomation"}), "trigger-topics"),
}


def measured(need: Need, catalogue: TopicCatalogue) -> Iterator[Finding]:
    """Findings on topics, objects, volume and latency; nothing where nothing was said.

    Args:
        need: what the consumer needs.
        catalogue: topics known here.
    """
    for topic in need.topics:
        yield from _of_topic(topic, catalogue.get(topic))
    yield from _unlisted(need, catalogue)
    yield from _of_objects(need)
    yield from _of_volume(need)
    yield from _of_latency(need)


def _finding(model: EventModel, weight: Weight, says: str, *limits: str) -> Finding:
    return Finding(model=model, weight=weight, says=says, limits=limits)


def _of_topic(name: str, topic: Topic | None) -> Iterator[Finding]:
    if topic is None:
        for model in TRANSPORTS:
            yield _finding(model, "care", f"{name} is no topic that is known here.")
        return
    for model, (carrying, limit) in TRANSPORTS.items():
        if topic.transports is not None and carrying.isdisjoint(topic.transports):
            told = ", ".join(topic.transports) or "none"
            yield _finding(
                model, "against", f"{name} does not travel this way (its transports: {told}).", limit
            )


def _unlisted(need: Need, catalogue: TopicCatalogue) -> Iterator[Finding]:
    """Over the socket each object is named, so its kind has to be one that can be listed."""
    known = [name for name in need.topics if catalogue.get(name)]
    for name, why in choose_heard(known, catalogue).unheard.items():
        topic = catalogue.get(name)
        if (
            topic is None
            or topic.transports is None
            or not TRANSPORTS["notification_service"][0].isdisjoint(topic.transports)
        ):
            yield _finding(
                "notification_service",
                "care",
                f"{name} cannot be subscribed to for all objects: {why}.",
                "ids-only",
            )


def _of_objects(need: Need) -> Iterator[Finding]:
    wanted = (need.objects or 0) * max(1, len(need.topics))
    if wanted > CHANNEL_TOPICS * CHANNELS:
        yield _finding(
            "notification_service",
            "against",
            f"{wanted:,} topics with ids are more than the {CHANNEL_TOPICS * CHANNELS:,} of one user and application.",
            "ids-only",
            "topics-a-channel",
            "channels",
        )
    elif wanted > CHANNEL_TOPICS:
        yield _finding(
            "notification_service",
            "care",
            f"{wanted:,} topics with ids take {-(-wanted // CHANNEL_TOPICS)} channels; `gcbridge listen` spreads them.",
            "ids-only",
            "topics-a-channel",
        )
    if wanted > 1:
        yield _finding("eventbridge", "for", "One topic covers all objects of its kind.", "whole-classes")


def _of_volume(need: Need) -> Iterator[Finding]:
    rate = need.events_per_second or 0
    if rate > MANY_STARTS:
        yield _finding(
            "event_orchestration",
            "care",
            f"{rate:g} workflows a second would be started; how many an organization may start is not published.",
            "workflow-only",
        )
        yield _finding(
            "notification_service",
            "care",
            f"{rate:g} events a second go through sockets that one process has to read fast enough.",
            "one-socket",
        )
    if rate > MANY_EVENTS:
        yield _finding(
            "eventbridge",
            "care",
            f"{rate:g} events a second are more than some regions invoke by default: what is over is delayed.",
            "invocations",
        )
    elif rate > MANY_STARTS:
        yield _finding(
            "eventbridge",
            "for",
            f"{rate:g} events a second, each for one target, are within every region's default.",
            "invocations",
            "no-api-rate-limit",
        )


def _of_latency(need: Need) -> Iterator[Finding]:
    if need.latency_seconds is None or need.latency_seconds > SOON_SECONDS:
        return
    yield _finding("notification_service", "for", "Nothing lies between Genesys Cloud and the client.")
    yield _finding(
        "eventbridge",
        "care",
        "How soon events arrive is not promised; `gcbridge verify` measures it and holds `verify.max_latency`.",
    )
    yield _finding(
        "event_orchestration", "care", "Events are handled within seconds, not at once.", "seconds"
    )
