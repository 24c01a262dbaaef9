"""Answers of the SDK as the JSON that they were read from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gcbridge.study.notifications.moments import written


def plain(value: Any) -> Any:
    """Models become objects with the API's names, without what is missing; points in time become text."""
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    names = getattr(value, "attribute_map", None)
    if names is None:
        return value
    fields = ((name, getattr(value, attribute)) for attribute, name in names.items())
    return {name: plain(item) for name, item in fields if item is not None}
