"""An organization's own topics, laid over those that gcbridge brings."""

from __future__ import annotations

from gcbridge.model.topic import Topic, TopicCatalogue


def overlay(bundled: TopicCatalogue, organization: TopicCatalogue) -> TopicCatalogue:
    """What the organization says counts; what it leaves open is filled from the bundled snapshot.

    Topics that the organization does not list stay, with the source `bundled`: it may not have asked for previews, or
    lack a product.
    """
    topics = {topic.topic: topic for topic in bundled.topics}
    topics |= {topic.topic: _fill(topic, topics.get(topic.topic)) for topic in organization.topics}
    return TopicCatalogue(
        topics=tuple(topics[name] for name in sorted(topics)),
        taken_at=organization.taken_at,
        origin=f"{organization.origin}, over {bundled.origin} ({bundled.taken_at})",
        asked=True,
    )


def _fill(topic: Topic, known: Topic | None) -> Topic:
    if known is None:
        return topic
    return topic.model_copy(
        update={
            "description": topic.description or known.description,
            "fields": known.fields if topic.fields is None else topic.fields,
            "seen_over_eventbridge": known.seen_over_eventbridge,
        }
    )
