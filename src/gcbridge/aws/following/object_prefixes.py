"""Where in a bucket Firehose puts objects: its prefix expressions, evaluated for a span of time.

Source: "Understand custom prefixes for Amazon S3 objects" in the Firehose developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone, tzinfo

PART = re.compile(r"!\{([^}:]*):([^}]*)\}|((?:(?!!\{).)+)", re.DOTALL)
DATE_LETTERS = re.compile(r"'([^']*)'|(y+|M+|d+|H+)|([A-Za-z])|(.)")
DEFAULT_DATE = "!{timestamp:yyyy/MM/dd/HH/}"
"""What Firehose appends to a prefix that has no timestamp of its own."""
WIDTHS = {"y": "%Y", "M": "%m", "d": "%d", "H": "%H"}
LONGEST = timedelta(hours=48)

Part = tuple[str, str, str]
Folders = Callable[[str], Iterable[str]]


def object_prefixes(
    template: str, since: datetime, until: datetime, folders: Folders, zone: tzinfo = timezone.utc
) -> set[str]:
    """How the keys of all objects of that time begin; where an expression cannot be evaluated, of more than those.

    Args:
        template: `Prefix` of the delivery stream.
        since: arrival of the first record, with its time zone; no more than 48 hours before `until` count.
        until: arrival of the last record.
        folders: prefix -> the folders below it, without the slash at the end; what partition keys are found by.
        zone: the delivery stream's time zone.

    >>> day = datetime(2026, 11, 23, 9, 30, tzinfo=timezone.utc)
    >>> object_prefixes("events/!{timestamp:yyyy/MM/dd}/", day, day, lambda prefix: [])
    {'events/2026/11/23/'}
    """
    whole = template if "!{timestamp:" in template else template + DEFAULT_DATE
    parts = PART.findall(whole)
    moment = max(since, until - LONGEST)
    found: set[str] = set()
    while moment < until + timedelta(hours=1):
        found |= set(_expand("", parts, min(moment, until).astimezone(zone), folders))
        moment += timedelta(hours=1)
    return found


def _expand(prefix: str, parts: Sequence[Part], moment: datetime, folders: Folders) -> Iterator[str]:
    for number, (namespace, value, text) in enumerate(parts, start=1):
        date = _date(value, moment) if namespace == "timestamp" else None
        if text or date is not None:
            prefix += text or date or ""
        elif namespace != "timestamp" and number < len(parts) and parts[number][2].startswith("/"):
            for folder in folders(prefix):
                yield from _expand(folder, parts[number:], moment, folders)
            return
        else:
            break
    yield prefix


def _date(pattern: str, moment: datetime) -> str | None:
    """A date by Java's letters; None where it has finer ones than hours, or others."""
    written = ""
    for quoted, letters, other, text in DATE_LETTERS.findall(pattern):
        if other or len(letters) == 1 or letters.startswith("MMM"):
            return None
        number = moment.strftime(WIDTHS[letters[0]])[-len(letters) :] if letters else ""
        written += quoted + number + text
    return written
