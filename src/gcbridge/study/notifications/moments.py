"""Points in time as Genesys Cloud writes them: ISO 8601 text, or epoch milliseconds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_EPOCH = range(1_000_000_000_000, 10_000_000_000_000)
"""Milliseconds of the years 2001 to 2286; a smaller number is a count or a duration."""


def milliseconds(value: Any) -> int | None:
    """Milliseconds since 1970 (UTC), or None for what is no point in time; text without a zone is UTC.

    >>> milliseconds("2026-01-02T03:04:05.678Z") == milliseconds(1767323045678)
    True
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value in _EPOCH else None
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    return _read_iso(value)


def _read_iso(text: str) -> int | None:
    """Before Python 3.11, `fromisoformat` knows neither Z nor other than 3 or 6 decimals."""
    text = re.sub(r"[.,](\d+)", lambda match: f".{match[1][:6]:0<6}", text.replace("Z", "+00:00"))
    try:
        moment = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)


def newest(body: Any) -> int | None:
    """The latest point in time anywhere in an event's body, in milliseconds; None where there is none."""
    return max(_moments(body), default=None)


def written(moment: datetime) -> str:
    """The form that Genesys Cloud writes in bodies and reads in intervals: UTC, milliseconds, Z.

    >>> written(datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=timezone.utc))
    '2026-01-02T03:04:05.678Z'
    """
    utc = moment.astimezone(timezone.utc)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _moments(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _moments(item)
    elif isinstance(value, list):
        for item in value:
            yield from _moments(item)
    elif (moment := milliseconds(value)) is not None:
        yield moment
