"""Topics that an environment subscribes to, held against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.target_checks import Finding
from gcbridge.study.topics.search import suggest_topics

SYSTEM = "v2.system."


class TopicFinding(NamedTuple):
    """What is to be said about one subscribed topic.

    Args:
        position: its place in `genesys.topics`, from 0.
        severity: an error never works; a warning may.
        message: one sentence, and what to do.
    """

    position: int
    severity: Literal["error", "warning"]
    message: str


def topic_findings(
    topics: Sequence[str], catalogue: TopicCatalogue, environment: str = "ENV"
) -> Iterator[TopicFinding]:
    """Topics that cannot reach EventBridge, and those of which nobody knows whether they do.

    Args:
        topics: `genesys.topics`.
        catalogue: topics known for this environment.
        environment: its name, for what to type.
    """
    for index, name in enumerate(topics):
        topic = catalogue.get(name)
        if name.startswith(SYSTEM):
            yield TopicFinding(
                index, "error", f"{name} belongs to the notification service's own socket; remove it"
            )
        elif topic is None:
            yield TopicFinding(index, "error", unknown_topic(name, catalogue, environment))
        elif topic.eventbridge is False:
            yield TopicFinding(index, "error", _elsewhere(topic))
        elif topic.eventbridge is None and not topic.seen_over_eventbridge:
            yield TopicFinding(index, "warning", _untold(topic, catalogue, environment))


def subscription_findings(
    environment: str, values: Mapping[str, Any], catalogue: TopicCatalogue
) -> Iterator[Finding]:
    """The errors among `topic_findings`, at their places in an environment file; malformed values are stepped around.

    Args:
        environment: its name.
        values: what was written, after `extends`.
        catalogue: topics known for this environment.
    """
    genesys = values.get("genesys")
    topics = genesys.get("topics") if isinstance(genesys, Mapping) else None
    for index, name in enumerate(topics if isinstance(topics, list) else ()):
        for finding in topic_findings([name], catalogue, environment) if isinstance(name, str) else ():
            if finding.severity == "error":
                yield ("genesys", "topics", index), finding.message


def unknown_topic(name: str, catalogue: TopicCatalogue, environment: str) -> str:
    """What to say of a topic that the catalogue does not have."""
    near = suggest_topics(name, catalogue)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    new = f"if it is new, gcbridge topics refresh {environment} asks the organization for its topics"
    return f"{name} is no topic that is known here; {meant}{new}"


def _elsewhere(topic: Topic) -> str:
    transports = ", ".join(topic.transports or ()) or "none"
    return f"{topic.topic} does not travel over EventBridge (its transports: {transports}); remove it"


def _untold(topic: Topic, catalogue: TopicCatalogue, environment: str) -> str:
    if catalogue.asked and topic.source == "bundled":
        return (
            f"{topic.topic} is none of the topics that the organization listed on {catalogue.taken_at[:10]}"
        )
    return (
        f"nobody has said yet whether {topic.topic} travels over EventBridge; "
        f"gcbridge topics refresh {environment} asks the organization"
    )
