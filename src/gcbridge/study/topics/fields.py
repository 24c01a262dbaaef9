"""What stands at a path of an event, by the topic's catalogue entry."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from gcbridge.model.topic import EACH_KEY, Fields, Topic, TopicField

BODY = "detail.eventBody"
UNKNOWN = TopicField(type="unknown")
_TEXT = TopicField(type="string")
_MOMENT = TopicField(type="datetime")


def envelope(body: Fields | None) -> dict[str, TopicField]:
    """Fields of a whole event as EventBridge delivers it.

    The upper part is every EventBridge event's; keys of `detail` are those of all captured events of Genesys Cloud
    (GenesysCloudBlueprints/aws-eventbridge-user-presence-update-blueprint, events/UserPresenceChange.json).

    Args:
        body: fields of `detail.eventBody`; None where they are not known.
    """
    event_body = UNKNOWN if body is None else TopicField(type="object", fields=dict(body))
    detail = {
        "topicName": _TEXT,
        "version": _TEXT,
        "eventBody": event_body,
        "metadata": TopicField(type="object", fields={"CorrelationId": _TEXT}),
        "timestamp": _MOMENT,
    }
    top = dict.fromkeys(("version", "id", "detail-type", "source", "account", "region"), _TEXT)
    return {
        **top,
        "time": _MOMENT,
        "resources": TopicField(type="string", is_list=True),
        "detail": TopicField(type="object", fields=detail),
    }


def field_at(topic: Topic, path: str) -> TopicField | None:
    """What stands at a path; lists on the way are looked through, as event patterns do.

    Args:
        topic: whose events.
        path: dotted, such as `detail.eventBody.presenceDefinition.systemPresence`.

    Returns:
        The field; one of type `unknown` where nobody knows what stands there; None where no such field is.
    """
    field = TopicField(type="object", fields=envelope(topic.fields))
    for key in path.split("."):
        found = _below(field, key)
        if found is None or found.type == "unknown":
            return found
        field = found
    return field


def suggest_field(topic: Topic, path: str) -> str | None:
    """The path of a field that was probably meant by one that does not exist; None where nothing comes near.

    A key written in another case comes first, then one that resembles it at the same place, then the same last
    key anywhere in the event.

    Args:
        topic: whose events.
        path: dotted; `field_at` of it is None.
    """
    keys = path.split(".")
    field, known = TopicField(type="object", fields=envelope(topic.fields)), 0
    while known < len(keys) and (below := _below(field, keys[known])) is not None:
        field, known = below, known + 1
    if known < len(keys):
        near = _near(keys[known], [name for name in field.fields if name != EACH_KEY])
        if (
            near
            and field_at(topic, mended := ".".join((*keys[:known], near, *keys[known + 1 :]))) is not None
        ):
            return mended
    return _elsewhere(topic, keys[-1])


def leaf_paths(fields: Fields, above: Sequence[str] = ()) -> list[str]:
    """Dotted paths of all fields that hold no further named fields."""
    paths: list[str] = []
    for name, field in fields.items():
        here = (*above, name)
        paths += leaf_paths(field.fields, here) if field.fields else [".".join(here)]
    return paths


def _below(field: TopicField, key: str) -> TopicField | None:
    if field.type == "unknown":
        return UNKNOWN
    if field.type == "map":
        return field.fields[EACH_KEY]
    return field.fields.get(key)


def _near(key: str, names: Sequence[str]) -> str | None:
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(key.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _elsewhere(topic: Topic, key: str) -> str | None:
    """The shortest path that ends in that key, in any case."""
    paths = leaf_paths(envelope(topic.fields))
    same = [path for path in paths if path.rpartition(".")[2].casefold() == key.casefold()]
    return min(same, key=lambda path: (path.count("."), len(path), path), default=None)
