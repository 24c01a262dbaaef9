"""JSONPath as a trigger's criteria have it: relative to the event's body, with or without `$` in front.

Genesys Cloud says "the Goessner json path of the field to match" (models/match_criteria.py of PureCloudPlatformClientV2) and
shows paths such as `mediaType`, relative to `eventBody`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.segments import JSONPathChildSegment
from jsonpath.selectors import IndexSelector, NameSelector, WildcardSelector

EACH = "*"
"""Stands in the steps of a path for every element of a list, or every value of an object."""
_PARSER = JSONPathEnvironment(strict=True)
_ABSOLUTE = re.compile(r"^(?:\$\.?)?(?:detail\.(?:eventBody\b\.?)?|eventBody\b\.?)")
_BODY = "$.detail.eventBody"

Step = str | int


def as_absolute(path: str) -> str:
    """The path with `$` in front, as the parser takes it.

    >>> as_absolute("mediaType"), as_absolute("$.mediaType"), as_absolute("[0].id")
    ('$.mediaType', '$.mediaType', '$[0].id')
    """
    if path.startswith("$"):
        return path
    return f"${path}" if path.startswith("[") else f"$.{path}"


def syntax_fault(path: str) -> str:
    """Why a text is no JSONPath; empty where it is one."""
    try:
        _parse(path)
    except JSONPathError as error:
        return str(error).splitlines()[0].rstrip(":")
    except RecursionError:
        return "it is nested too deeply"
    return ""


def relative_path(path: str) -> str:
    """What to write instead of a path that begins outside of the body; the path itself where it does not.

    >>> relative_path("$.detail.eventBody.mediaType"), relative_path("eventBody.mediaType"), relative_path("mediaType")
    ('mediaType', 'mediaType', 'mediaType')
    """
    return _ABSOLUTE.sub("", path, count=1)


def found_values(path: str, body: Any) -> list[Any]:
    """What stands at a path of a body; an empty list where nothing does.

    Args:
        path: a JSONPath, relative to the body.
        body: `detail.eventBody` of an event.
    """
    if not isinstance(body, Mapping | Sequence) or isinstance(body, str):
        return []
    return _parse(path).findall(body)


def steps_of(path: str) -> tuple[Step, ...] | None:
    """A path as names, positions and `*`; None where it holds anything else, such as a filter.

    >>> steps_of("participants[*].id"), steps_of("a[?@.b]")
    (('participants', '*', 'id'), None)
    """
    steps: list[Step] = []
    for segment in _parse(path).segments:
        if not isinstance(segment, JSONPathChildSegment) or len(segment.selectors) != 1:
            return None
        selector = segment.selectors[0]
        if isinstance(selector, NameSelector):
            steps.append(selector.name)
        elif isinstance(selector, IndexSelector):
            steps.append(selector.index)
        elif isinstance(selector, WildcardSelector):
            steps.append(EACH)
        else:
            return None
    return tuple(steps)


@lru_cache(maxsize=1024)
def _parse(path: str) -> JSONPath:
    """Raises JSONPathError."""
    parsed = _PARSER.compile(as_absolute(path))
    assert isinstance(parsed, JSONPath)  # a compound of several is refused where the parser is strict
    return parsed
