"""Sample events that are true to the catalogue: every known field, with a value of its type."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from gcbridge.errors import UsageError
from gcbridge.model.topic import EACH_KEY, Topic, TopicField

SOURCE = "aws.partner/genesys.com/cloud/00000000-0000-4000-8000-000000000000/sample"
ACCOUNT_ID = "123456789012"
REGION = "us-east-1"
MOMENT = datetime(2026, 1, 1, tzinfo=timezone.utc)
_NAMESPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
_HOLE = "{id}"


def sample_event(
    topic: Topic,
    *,
    source: str = SOURCE,
    account_id: str = ACCOUNT_ID,
    region: str = REGION,
    moment: datetime = MOMENT,
) -> dict[str, Any]:
    """A whole event as EventBridge delivers it; equal arguments give equal events.

    Its body has every field that the catalogue knows, lists one element each, ids are UUIDs, and a field with known
    values has one of them. Real events leave fields out. A body that nobody knows is an empty object.

    `detail-type` is the topic template itself, `detail.topicName` the template with ids, as in every captured event
    (GenesysCloudBlueprints/aws-eventbridge-oauth-client-delete-blueprint, events/OAuthClientDelete.json).

    Args:
        topic: what the event is of.
        source: name of the partner event source, and of its bus.
        account_id: AWS account that receives.
        region: AWS region that receives.
        moment: when it happened, in UTC.
    """
    body = _Values(topic.topic, moment).mapping(topic.fields or {}, "eventBody")
    return {
        "version": "0",
        "id": _identity(topic.topic, "id"),
        "detail-type": topic.topic,
        "source": source,
        "account": account_id,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [],
        "detail": {
            "topicName": _topic_name(topic.topic, body),
            "version": "2",
            "eventBody": body,
            "metadata": {"CorrelationId": _identity(topic.topic, "metadata.CorrelationId")},
            "timestamp": _iso(moment),
        },
    }


def with_values(event: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The event with other values below `detail`; what is not there is added, lists keep their length.

    Args:
        event: a whole event.
        values: dotted path below `detail` -> value, such as {"eventBody.mediaType": "CHAT"}.

    Raises:
        UsageError: a path goes on below a plain value, or beyond the end of a list.
    """
    changed = dict(event)
    for path, value in values.items():
        changed["detail"] = _assigned(changed.get("detail", {}), path.split("."), value, path)
    return changed


class _Values:
    def __init__(self, topic: str, moment: datetime) -> None:
        self._topic = topic
        self._moment = moment

    def mapping(self, fields: Mapping[str, TopicField], path: str) -> dict[str, Any]:
        return {name: self._value(field, name, f"{path}.{name}") for name, field in fields.items()}

    def _value(self, field: TopicField, name: str, path: str) -> Any:
        value = self._element(field, name, path)
        return [value] if field.is_list else value

    def _element(self, field: TopicField, name: str, path: str) -> Any:
        match field.type:
            case "object":
                return self.mapping(field.fields, path)
            case "map":
                return {"sample": self._value(field.fields[EACH_KEY], "sample", f"{path}.sample")}
            case "integer":
                return self._integer(name)
            case "number":
                return 0.5
            case "boolean":
                return True
            case "datetime":
                return _iso(self._moment)
            case "string":
                return _known(field) or self._text(name, path)
        return {}

    def _text(self, name: str, path: str) -> str:
        """An id is the same wherever a body of this topic names it."""
        if name == "id":
            return _identity(self._topic, path)
        return _identity(self._topic, name.removesuffix("s")) if name.endswith(("Id", "Ids")) else "sample"

    def _integer(self, name: str) -> int:
        """Moments are written as epoch milliseconds where they are numbers: `eventTime`, `sessionStartTimeMs`."""
        return int(self._moment.timestamp() * 1000) if name.endswith(("Time", "TimeMs")) else 1


def _known(field: TopicField) -> str:
    """The first known value that says something; empty where none is known."""
    telling = (value for value in field.enum if value.upper() != "UNKNOWN")
    return next(telling, field.enum[0] if field.enum else "")


def _topic_name(template: str, body: Mapping[str, Any]) -> str:
    """The template with an id in every hole: the one that the body gives, where its name tells."""
    *parts, last = template.split(_HOLE)
    filled = "".join(part + _hole(template, part, body, index) for index, part in enumerate(parts))
    return filled + last


def _hole(template: str, before: str, body: Mapping[str, Any], index: int) -> str:
    """`v2.users.` is filled from `userId` or `id`, `.entitytype.` from `entityType`, `.entityid.` from `entity.id`."""
    word = before.rstrip(".").rpartition(".")[2]
    if word == "entitytype" and "entityType" in body:
        return str(body["entityType"])
    if word == "entityid" and isinstance(body.get("entity"), Mapping):
        return str(body["entity"].get("id"))
    for name in (f"{word.removesuffix('s')}Id", "id"):
        if isinstance(body.get(name), str):
            return str(body[name])
    return _identity(template, f"topicName.{index}")


def _assigned(node: Any, keys: list[str], value: Any, path: str) -> Any:
    if not keys:
        return value
    key, *below = keys
    if isinstance(node, Mapping):
        return {**node, key: _assigned(node.get(key, {}), below, value, path)}
    if isinstance(node, list) and key.isdigit() and int(key) < len(node):
        return [_assigned(item, below, value, path) if i == int(key) else item for i, item in enumerate(node)]
    raise UsageError(
        f"{path}: there is nothing to hold {key!r} in this event",
        hint="a path leads through objects and through positions of lists, such as eventBody.participants.0.id",
    )


def _identity(topic: str, path: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{topic} {path}"))


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
