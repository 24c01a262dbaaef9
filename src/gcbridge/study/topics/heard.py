"""Topics that the notification service can tell of, held against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gcbridge.errors import UsageError
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.notifications.expansion import kinds_of
from gcbridge.study.topics.checks import SYSTEM
from gcbridge.study.topics.search import suggest_topics

WEBSOCKET_TRANSPORTS = frozenset({"All", "Websocket"})
"""Transports of a topic that the notification service carries (enum of `AvailableTopic.transports` in the SDKs)."""
_HOLE = "{id}"


@dataclass(frozen=True)
class HeardTopics:
    """Topics, told apart by whether the notification service carries them.

    Args:
        carried: what it carries, or may carry: of some topics nobody has said.
        unheard: topic -> why it does not.
    """

    carried: tuple[str, ...]
    unheard: dict[str, str] = field(default_factory=dict)


def choose_heard(topics: Sequence[str], catalogue: TopicCatalogue) -> HeardTopics:
    """Of the topics that an integration sends, those that can be heard over the notification service too.

    Args:
        topics: templates.
        catalogue: topics known for the environment.
    """
    reasons = {name: _why_not(name, catalogue.get(name)) for name in topics}
    return HeardTopics(
        tuple(name for name, why in reasons.items() if not why),
        {name: why for name, why in reasons.items() if why},
    )


def check_heard(names: Sequence[str], catalogue: TopicCatalogue, environment: str) -> tuple[str, ...]:
    """The single topics that somebody asked for by name; all of them can be heard, as far as the catalogue knows.

    Args:
        names: templates, topics with ids, or several topics of one object in one: `v2.users.{id}?presence&activity`.
        catalogue: topics known for the environment.
        environment: its name, for what to type.

    Raises:
        UsageError: one does not exist, belongs to the socket itself, travels over other transports only, or has an
            `{id}` of objects that cannot be listed.
    """
    singles = tuple(dict.fromkeys(single for name in names for single in single_topics(name)))
    for single in singles:
        if single.startswith(SYSTEM):
            raise UsageError(
                f"{single} belongs to the notification service's own socket", hint="leave it out"
            )
        topic = find_template(single, catalogue)
        if topic is None:
            raise _unknown(single, catalogue, environment)
        if not _may_carry(topic):
            raise UsageError(
                f"{topic.topic} cannot be heard: {_elsewhere(topic)}",
                where=catalogue.origin,
                hint=f"gcbridge tail {environment} shows what comes over EventBridge",
            )
        kinds_of(single)
    return singles


def single_topics(name: str) -> Iterator[str]:
    """The topics that a combined one stands for; any other stands for itself.

    >>> list(single_topics("v2.users.{id}?presence&routingStatus"))
    ['v2.users.{id}.presence', 'v2.users.{id}.routingStatus']
    """
    root, mark, parts = name.partition("?")
    if not mark:
        yield name
        return
    for part in parts.split("&"):
        yield f"{root}.{part}"


def find_template(name: str, catalogue: TopicCatalogue) -> Topic | None:
    """The topic whose template has this name, or fits it with ids in its holes; the most literal of several.

    Args:
        name: a template, or a topic with ids.
        catalogue: topics known for the environment.
    """
    exact = catalogue.get(name)
    if exact is not None:
        return exact
    words = name.split(".")
    fitting = [topic for topic in catalogue.topics if _fits(topic.topic.split("."), words)]
    return min(fitting, key=lambda topic: topic.topic.count(_HOLE), default=None)


def _fits(template: Sequence[str], words: Sequence[str]) -> bool:
    return len(template) == len(words) and all(
        want == word or (want == _HOLE and word != "") for want, word in zip(template, words, strict=True)
    )


def _why_not(name: str, topic: Topic | None) -> str:
    if topic is not None and not _may_carry(topic):
        return _elsewhere(topic)
    try:
        kinds_of(name)
    except UsageError as error:
        return error.detail
    return ""


def _may_carry(topic: Topic) -> bool:
    return topic.transports is None or not WEBSOCKET_TRANSPORTS.isdisjoint(topic.transports)


def _elsewhere(topic: Topic) -> str:
    transports = ", ".join(topic.transports or ()) or "none"
    return f"the notification service does not carry it (its transports: {transports})"


def _unknown(name: str, catalogue: TopicCatalogue, environment: str) -> UsageError:
    near = suggest_topics(name, catalogue)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    return UsageError(
        f"{name} is no topic that is known here",
        where=catalogue.origin,
        hint=f"{meant}gcbridge topics refresh {environment} asks the organization for its topics",
    )
