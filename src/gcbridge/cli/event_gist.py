"""What an event says, in as few words as fit on a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

_UUID = re.compile(r"\b([0-9a-fA-F]{8})-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
_TIME_KEY = re.compile(r"(?:Time|Date|TimeMs|Timestamp)$|^timestamp$")
_VALUES_SHOWN = 3
_LAST = frozenset({"source", "primary"})
"""Keys that nearly always have the same value; what tells events apart comes before them."""


def shorten_ids(text: str) -> str:
    """UUIDs keep their first eight digits.

    >>> shorten_ids("v2.users.0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11.presence")
    'v2.users.0b6a1c62….presence'
    """
    return _UUID.sub(r"\1…", text)


def gist(body: Mapping[str, Any]) -> Text:
    """The fields that say something: no ids, no times, nothing empty; an audit as a sentence.

    Args:
        body: of an event of any topic.
    """
    if isinstance(body.get("entityType"), str) and isinstance(body.get("action"), str):
        return _audit(body)
    found = list(_leaves(body, telling=True)) or list(_leaves(body, telling=False))
    found.sort(key=lambda leaf: leaf[0] in _LAST)
    text = Text()
    for key, value in found:
        text.append(" " if text else "").append(f"{plain_line(key)}=", style="dim").append(plain_line(value))
    return text


def _audit(body: Mapping[str, Any]) -> Text:
    """The type of the entity stands in the topic already."""
    entity = body.get("entity")
    name = entity.get("name") or entity.get("id") if isinstance(entity, Mapping) else None
    text = Text(plain_line(body["action"]))
    if name:
        text.append(f" {plain_line(str(name))}")
    changes = body.get("propertyChanges")
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, Mapping):
            text.append(f" {plain_line(str(change.get('property')))}=", style="dim")
            text.append(_sides(change.get("oldValues"), change.get("newValues")))
    return text


def _sides(old: Any, new: Any) -> str:
    before, after = _list(old), _list(new)
    return f"{before} -> {after}" if before else after


def _list(values: Any) -> str:
    if not isinstance(values, list):
        return ""
    more = ", …" if len(values) > _VALUES_SHOWN else ""
    return ", ".join(plain_line(str(value)) for value in values[:_VALUES_SHOWN]) + more


def _leaves(node: Mapping[str, Any], *, telling: bool) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, telling=telling)
        elif isinstance(value, list):
            if value:
                plain = not any(isinstance(item, Mapping | list) for item in value)
                yield str(key), _list(value) if plain else f"{len(value)} items"
        elif value not in (None, "") and not (telling and _is_routine(str(key), value)):
            yield str(key), str(value).lower() if isinstance(value, bool) else str(value)


def _is_routine(key: str, value: Any) -> bool:
    if isinstance(value, str):
        return bool(_UUID.fullmatch(value) or _MOMENT.match(value))
    return isinstance(value, int) and _TIME_KEY.search(key) is not None


def plain_line(text: str) -> str:
    """One line: what an event holds cannot move the cursor or change colours.

    Args:
        text: of an event; its keys and its topic come from outside, too.
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)
