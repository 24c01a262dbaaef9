"""What the JSON Schema of environment files says of a key: its description, and the keys beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.model.spec import EnvironmentSpec

EXTENDS = "Another environment file to merge this one over; relative to this file."


def child(node: Any, part: Any) -> Any:
    """What a mapping or a list holds at a key or an index; None for what it does not hold."""
    if isinstance(node, Mapping):
        return node.get(part)
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return node[part]
    return None


@cache
def _schema() -> dict[str, Any]:
    return EnvironmentSpec.model_json_schema()


def schema_at(values: Any, path: KeyPath) -> dict[str, Any]:
    """The part of the JSON Schema that governs a path; for a tagged union, the member that was written."""
    schema, node = _schema(), values
    for part in path:
        schema = _step(schema, part)
        node = child(node, part)
        schema = _member(schema, node)
    return schema


def _step(schema: dict[str, Any], part: str | int) -> dict[str, Any]:
    if isinstance(part, int):
        items: dict[str, Any] = schema.get("items", {})
        return items
    found = schema.get("properties", {}).get(part) or schema.get("additionalProperties")
    # `true` stands for anything at all, of which the schema says nothing.
    return found if isinstance(found, dict) else {}


def _member(schema: dict[str, Any], node: Any) -> dict[str, Any]:
    mapping = schema.get("discriminator", {}).get("mapping", {})
    if isinstance(node, Mapping) and node.get("type") in mapping:
        return _resolved({"$ref": mapping[node["type"]]})
    for option in schema.get("anyOf", []):
        if "$ref" in option:
            return _resolved(option)
        if "discriminator" in option:
            return _member(option, node)
    return _resolved(schema)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    definition: dict[str, Any] = _schema()["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return definition


def allowed_keys(values: Any, path: KeyPath) -> list[str]:
    """The keys that a mapping of an environment may have, sorted.

    Args:
        values: the environment as written; its types choose among the members of a union.
        path: where the mapping stands.
    """
    allowed = sorted(schema_at(values, path).get("properties", {}))
    return ["extends", *allowed] if not path else allowed


def describe_key(values: Any, path: KeyPath) -> str:
    """The first line of a key's description; empty where it has none.

    Args:
        values: the environment as written; its types choose among the members of a union.
        path: of the key.
    """
    described = schema_at(values, path[:-1]).get("properties", {}).get(path[-1], {})
    return _first_line(described)


def explain_key(values: Any, path: KeyPath) -> str:
    """What a key is for: its own description, else that of the thing that it holds; empty where there is neither.

    Args:
        values: the environment as written.
        path: of the key.
    """
    if path == ("extends",):
        return EXTENDS
    holds_a_thing = isinstance(path[-1], str) and isinstance(_node_at(values, path), Mapping)
    return describe_key(values, path) or (_first_line(schema_at(values, path)) if holds_a_thing else "")


def _node_at(values: Any, path: KeyPath) -> Any:
    node = values
    for part in path:
        node = child(node, part)
    return node


def _first_line(described: Mapping[str, Any]) -> str:
    text: str = described.get("description", "")
    return text.splitlines()[0] if text else ""
