"""The compact text form of a topic catalogue: bodies that are alike are written once.

    {"format": 1, "taken_at": "...", "origin": "...",
     "enums": [["IDLE", "INTERACTING"], ...],
     "models": {"m1": {"status": "string#0", "startTime": "datetime"}, ...},
     "topics": [{"topic": "v2.users.{id}.routingStatus", "body": {"routingStatus": "m1"}, ...}, ...]}

A field is written as its type: `string`, `string#0` (one of enum 0), `m1` (an object), `[m1]` (a list of them),
`{string}` (a map of any keys to text).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from gcbridge.model.topic import EACH_KEY, Fields, FieldType, Topic, TopicCatalogue, TopicField

FORMAT = 1
SCALARS = frozenset(get_args(FieldType)) - {"object", "map"}
_FLAGS = ("description", "transports", "permissions", "seen_over_eventbridge")


def encode_catalogue(catalogue: TopicCatalogue) -> dict[str, Any]:
    """The catalogue as plain values; equal catalogues give equal values."""
    writer = _Writer()
    topics = [_encode_topic(topic, writer) for topic in catalogue.topics]
    return {
        "format": FORMAT,
        "taken_at": catalogue.taken_at,
        "origin": catalogue.origin,
        "enums": [list(enum) for enum in writer.enums],
        "models": {name: dict(fields) for fields, name in writer.models.items()},
        "topics": topics,
    }


def decode_catalogue(document: Mapping[str, Any], source: str) -> TopicCatalogue:
    """The catalogue that plain values describe.

    Args:
        document: what `encode_catalogue` made.
        source: `bundled` or `organization`.

    Raises:
        KeyError: a part is missing.
        TypeError: a part is of another kind.
        ValueError: another format, or values that no catalogue has.
    """
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']!r} is not {FORMAT}")
    reader = _Reader(document["models"], document["enums"])
    return TopicCatalogue(
        topics=tuple(_decode_topic(item, reader, source) for item in document["topics"]),
        taken_at=document["taken_at"],
        origin=document["origin"],
        asked=source == "organization",
    )


def _encode_topic(topic: Topic, writer: _Writer) -> dict[str, Any]:
    entry: dict[str, Any] = {"topic": topic.topic}
    entry |= {name: value for name in _FLAGS if (value := getattr(topic, name)) not in ("", None, False)}
    if topic.fields is not None:
        entry["body"] = writer.fields(topic.fields)
    return entry


def _decode_topic(entry: Mapping[str, Any], reader: _Reader, source: str) -> Topic:
    body = entry.get("body")
    return Topic.model_validate(
        {
            **{key: value for key, value in entry.items() if key != "body"},
            "fields": None if body is None else reader.fields(body),
            "source": source,
        }
    )


class _Writer:
    def __init__(self) -> None:
        self.models: dict[tuple[tuple[str, str], ...], str] = {}
        self.enums: dict[tuple[str, ...], int] = {}

    def fields(self, fields: Fields) -> dict[str, str]:
        """Each field as text; objects below become models."""
        return {name: self._text(field) for name, field in fields.items()}

    def _text(self, field: TopicField) -> str:
        text = self._element(field)
        return f"[{text}]" if field.is_list else text

    def _element(self, field: TopicField) -> str:
        if field.type == "map":
            return f"{{{self._text(field.fields[EACH_KEY])}}}"
        if field.type == "object":
            written = tuple(self.fields(field.fields).items())
            return self.models.setdefault(written, f"m{len(self.models) + 1}")
        if not field.enum:
            return field.type
        return f"{field.type}#{self.enums.setdefault(field.enum, len(self.enums))}"


class _Reader:
    """Makes each model once, in the order written; a model names only earlier ones, so nothing goes in a circle."""

    def __init__(self, models: Mapping[str, Mapping[str, str]], enums: list[list[str]]) -> None:
        self._enums = [tuple(enum) for enum in enums]
        self._read: dict[str, TopicField] = {}
        for name, body in models.items():
            self._read[name] = TopicField(type="object", fields=self.fields(body))

    def fields(self, body: Mapping[str, str]) -> dict[str, TopicField]:
        """The fields that texts describe; what nothing can change is shared."""
        return {name: self._field(text) for name, text in body.items()}

    def _field(self, text: str) -> TopicField:
        if text not in self._read:
            self._read[text] = self._make(text)
        return self._read[text]

    def _make(self, text: str) -> TopicField:
        if text.startswith("["):
            return self._field(text[1:-1]).model_copy(update={"is_list": True})
        if text.startswith("{"):
            return TopicField(type="map", fields={EACH_KEY: self._field(text[1:-1])})
        kind, mark, number = text.partition("#")
        if kind not in SCALARS:
            raise KeyError(kind)
        enum = self._enums[int(number)] if mark else ()
        return TopicField.model_validate({"type": kind, "enum": enum})
