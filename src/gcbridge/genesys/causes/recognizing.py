"""Telling by its content whether an EventBridge event is the one that a change made Genesys Cloud send."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gcbridge.genesys.observing import PresenceDefinition
from gcbridge.model.naming import AUDIT_TOPIC, PRESENCE_TOPIC

CLOCK_TOLERANCE = timedelta(seconds=10)
"""Genesys's services stamp events by clocks of their own, audits in whole seconds."""

_MOMENT = TypeAdapter(datetime)


def is_presence_event(
    event: Mapping[str, Any], user_id: str, definition: PresenceDefinition, text: str, since: datetime
) -> bool:
    """True for the presence event, or the audit, of this user taking this presence since then.

    The presence event also carries the text beside the presence; where it does, the text decides.

    Args:
        event: an event as EventBridge delivers it.
        user_id: whose presence.
        definition: the presence that was set.
        text: the text that was set beside it.
        since: when it was set, by Genesys Cloud's clock.
    """
    is_presence = event.get("detail-type") == PRESENCE_TOPIC
    if not (_is_presence_of(event, user_id) if is_presence else _is_audit_of(event, "UserPresence", user_id)):
        return False
    names = {
        _plain(name) for name in (definition.definition_id, definition.system_presence, *definition.labels)
    }
    if not is_presence:
        return _has_changed_to(event, "presence", names) and _is_recent(event, since)
    presence = _mapping(_body(event).get("presenceDefinition"))
    return (
        _body(event).get("message") in (None, "", text)
        and any(_plain(presence.get(key)) in names for key in ("id", "systemPresence"))
        and _is_recent(event, since)
    )


def is_notes_event(event: Mapping[str, Any], integration_id: str, marker: str, since: datetime) -> bool:
    """True for the audit of this integration's change since then; a `notes` change must carry the marker."""
    if not _is_audit_of(event, "Integration", integration_id) or not _is_recent(event, since):
        return False
    written = [str(value) for value in _new_values(event, "notes")]
    return not written or any(marker in value for value in written)


def is_oauth_client_event(event: Mapping[str, Any], client_id: str, action: str) -> bool:
    """True for the audit of this client being made or deleted; no other event ever tells of that."""
    return _is_audit_of(event, "OAuthClient", client_id) and _plain(_body(event).get("action")) == _plain(
        action
    )


def occurred_at(event: Mapping[str, Any]) -> datetime | None:
    """When the change happened: audits and presences say it in their body, in ISO or epoch milliseconds."""
    body, detail = _body(event), _detail(event)
    moments = (body.get("eventTime"), body.get("modifiedDate"), detail.get("timestamp"), event.get("time"))
    for moment in moments:
        try:
            read = _MOMENT.validate_python(moment)
        except ValidationError:
            continue
        return read if read.tzinfo else read.replace(tzinfo=timezone.utc)
    return None


def _is_recent(event: Mapping[str, Any], since: datetime) -> bool:
    moment = occurred_at(event)
    return moment is None or moment >= since - CLOCK_TOLERANCE


def _is_presence_of(event: Mapping[str, Any], user_id: str) -> bool:
    return _detail(event).get("topicName") == PRESENCE_TOPIC.replace("{id}", user_id)


def _is_audit_of(event: Mapping[str, Any], entity_type: str, entity_id: str) -> bool:
    body = _body(event)
    return (
        event.get("detail-type") == AUDIT_TOPIC
        and body.get("entityType") == entity_type
        and _mapping(body.get("entity")).get("id") == entity_id
    )


def _has_changed_to(event: Mapping[str, Any], name: str, values: Collection[str]) -> bool:
    """Audits may leave the new values out (captured ones do for other properties); then nothing contradicts."""
    written = [_plain(value) for value in _new_values(event, name)]
    return not written or any(value in values for value in written)


def _new_values(event: Mapping[str, Any], name: str) -> Iterator[Any]:
    for change in _body(event).get("propertyChanges") or ():
        if _plain(_mapping(change).get("property")) == name:
            yield from change.get("newValues") or ()


def _detail(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(event.get("detail"))


def _body(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_detail(event).get("eventBody"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _plain(value: Any) -> str:
    """`ON_QUEUE`, `On Queue` and `OnQueue` are one presence in three spellings of the API."""
    return str(value or "").replace("_", "").replace(" ", "").casefold()
