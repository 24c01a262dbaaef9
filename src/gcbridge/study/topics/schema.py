"""Reads the JSON schema that an organization gives for the body of a topic.

Its form is known from purecloudlabs/platform-client-sdk-common, with which Genesys builds its SDKs from these schemas:
objects have an `id` such as `urn:jsonschema:...:v2:PresenceEventUserPresence`, which `$ref` names elsewhere in the same
schema, and `any` is what the SDKs make a date-time of. No answer of an organization is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.topic import EACH_KEY, FieldType, TopicField

SCALARS: dict[str, FieldType] = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "any": "datetime",
}
UNKNOWN = TopicField(type="unknown")


def fields_of_schema(schema: Any) -> dict[str, TopicField] | None:
    """Fields of the body; None where the schema describes none, or is none.

    Args:
        schema: `AvailableTopic.schema` as it came.
    """
    if not isinstance(schema, Mapping) or not isinstance(schema.get("properties"), Mapping):
        return None
    return _Reader(dict(_named(schema))).fields(schema, ())


def _named(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object that has an id, wherever it stands."""
    if isinstance(node, Mapping):
        if isinstance(node.get("id"), str) and isinstance(node.get("properties"), Mapping):
            yield node["id"], node
        for below in node.values():
            yield from _named(below)
    elif isinstance(node, list):
        for below in node:
            yield from _named(below)


class _Reader:
    def __init__(self, named: Mapping[str, Mapping[str, Any]]) -> None:
        self._named = named

    def fields(self, schema: Mapping[str, Any], above: tuple[str, ...]) -> dict[str, TopicField]:
        identity = str(schema.get("id", ""))
        here = (*above, identity) if identity else above
        return {name: self._field(below, here) for name, below in schema["properties"].items()}

    def _field(self, schema: Any, above: tuple[str, ...]) -> TopicField:
        if not isinstance(schema, Mapping):
            return UNKNOWN
        if isinstance(reference := schema.get("$ref"), str):
            return self._object(self._named.get(reference, {}), above)
        if schema.get("type") == "array":
            return self._field(schema.get("items"), above).model_copy(update={"is_list": True})
        if schema.get("type") == "string":
            return self._string(schema)
        if isinstance(schema.get("type"), str) and schema["type"] in SCALARS:
            return TopicField(type=SCALARS[schema["type"]])
        return self._object(schema, above)

    def _string(self, schema: Mapping[str, Any]) -> TopicField:
        if schema.get("format") == "date-time":
            return TopicField(type="datetime")
        values = schema.get("enum")
        known = (
            [value for value in values if isinstance(value, str) and value]
            if isinstance(values, list)
            else []
        )
        return TopicField(type="string", enum=tuple(known))

    def _object(self, schema: Mapping[str, Any], above: tuple[str, ...]) -> TopicField:
        """What holds itself is not followed round."""
        if schema.get("id") in above:
            return UNKNOWN
        if isinstance(schema.get("properties"), Mapping):
            return TopicField(type="object", fields=self.fields(schema, above))
        if isinstance(schema.get("additionalProperties"), Mapping):
            return TopicField(
                type="map", fields={EACH_KEY: self._field(schema["additionalProperties"], above)}
            )
        return UNKNOWN
