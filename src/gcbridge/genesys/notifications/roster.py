"""What is to be listened to: the topics that were asked for, with the ids of all objects that there are now."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.errors import UsageError
from gcbridge.genesys.directory import list_ids
from gcbridge.genesys.session import Session
from gcbridge.study.notifications.expansion import ObjectKind, expand, is_template, kinds_of
from gcbridge.study.notifications.subscriptions import Subscription, combine
from gcbridge.study.topics.heard import single_topics


class Roster:
    """Topics that somebody asked for.

    Args:
        session: lists objects.
        topics: templates, topics with ids, or several topics of one object in one.

    Raises:
        UsageError: no topic, or a template that cannot be expanded.
    """

    def __init__(self, session: Session, topics: Sequence[str]) -> None:
        self._session = session
        self._topics = tuple(dict.fromkeys(single for topic in topics for single in single_topics(topic)))
        if not self._topics:
            raise UsageError("no topic to listen to", hint="name one, such as v2.users.{id}.presence")
        for topic in self._topics:
            kinds_of(topic)

    @property
    def has_templates(self) -> bool:
        """Whether what is listened to can change."""
        return any(is_template(topic) for topic in self._topics)

    def call(self) -> tuple[Subscription, ...]:
        """Lists each kind of object once, and combines the topics of each object.

        Raises:
            GenesysError: no answer, or a refusal.
        """
        known: dict[ObjectKind, tuple[str, ...]] = {}

        def ids(kind: ObjectKind) -> tuple[str, ...]:
            if kind not in known:
                known[kind] = list_ids(self._session, kind)
            return known[kind]

        return combine(topic for asked in self._topics for topic in expand(asked, ids))
