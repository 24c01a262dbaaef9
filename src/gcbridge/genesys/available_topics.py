"""The topics that an organization can send, as its notification service lists them."""

from __future__ import annotations

from typing import Any

from gcbridge.genesys.session import Apis
from gcbridge.model.topic import Topic
from gcbridge.study.topics.schema import fields_of_schema

EXPANDED = ["description", "transports", "requiresPermissions", "schema"]


def read_available_topics(apis: Apis) -> tuple[Topic, ...]:
    """Every topic, previews included, sorted by name.

    `GET /api/v2/notifications/availabletopics` requires no permissions and comes in one piece, without pages (docs of
    PureCloudPlatformClientV2, NotificationsApi.md).

    Args:
        apis: a logged-in session's.
    """
    listing = apis.notifications.get_notifications_availabletopics(expand=EXPANDED, include_preview=True)
    return tuple(
        sorted((observe_topic(entity) for entity in listing.entities), key=lambda topic: topic.topic)
    )


def observe_topic(entity: Any) -> Topic:
    """Reads one topic; what the organization leaves out is not known."""
    return Topic(
        topic=entity.id,
        description=entity.description or "",
        fields=fields_of_schema(entity.schema),
        transports=_texts(entity.transports),
        permissions=_texts(entity.requires_permissions),
        source="organization",
    )


def _texts(values: Any) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
