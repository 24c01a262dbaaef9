"""Bundled example events, made fresh for each `emit`.

A sample file holds `topic` (the template), `topic_ids` (what fills its `{id}`s: a path into `detail`, or a
placeholder), `origin` and `detail`. A string that begins with `$` is a placeholder: `$uuid` (new each time),
`$uuid:NAME` (the same within one event), `$now`, `$now_s`, `$now_z`, `$now_ms`, `$now_ms-NUMBER`, `$user.id`,
`$user.name`, `$org.id`, `$presence.available`, `$uuid_archival` (a correlation id as audits have it).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from gcbridge.sandbox.genesys.clock import epoch_milliseconds, iso_milliseconds, iso_whole_seconds, now
from gcbridge.sandbox.genesys.events import fill_topic
from gcbridge.sandbox.genesys.presences import AVAILABLE_ID

SETTABLE_ROOTS = ("topicName", "version", "eventBody", "metadata", "timestamp")


class UnsettablePathError(ValueError):
    """A `set` path that leads nowhere in the event."""


@dataclass(frozen=True)
class Sample:
    """One example event with placeholders."""

    name: str
    topic: str
    topic_ids: tuple[str, ...] | None
    """Where the ids of `topicName` come from; None leaves it as it is in `detail`."""
    origin: str
    detail: dict[str, Any]


@dataclass
class Placeholders:
    """The values one fresh event is filled with."""

    user_id: str
    user_name: str
    org_id: str
    moment: datetime = field(default_factory=now)
    _named: dict[str, str] = field(default_factory=dict)

    def fill(self, value: Any) -> Any:
        """The value with every placeholder in it replaced, at any depth."""
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return self._replace(value) if isinstance(value, str) and value.startswith("$") else value

    def _replace(self, placeholder: str) -> str | int:
        kind, _, rest = placeholder[1:].partition(":")
        if kind == "uuid":
            return self._named.setdefault(rest, str(uuid.uuid4())) if rest else str(uuid.uuid4())
        if kind.startswith("now_ms"):
            return epoch_milliseconds(self.moment) + int(kind.removeprefix("now_ms") or 0)
        return {
            "now": iso_milliseconds(self.moment),
            "now_s": iso_whole_seconds(self.moment),
            "now_z": iso_whole_seconds(self.moment).replace(".000Z", "Z"),
            "user.id": self.user_id,
            "user.name": self.user_name,
            "org.id": self.org_id,
            "presence.available": AVAILABLE_ID,
            "uuid_archival": f"{uuid.uuid4()}-archival",
        }[kind]


@cache
def all_samples() -> tuple[Sample, ...]:
    """Every bundled sample, in the order of file names."""
    folder = files("gcbridge.sandbox.genesys").joinpath("samples")
    documents = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name
    )
    return tuple(
        _read_sample(entry.name, json.loads(entry.read_text(encoding="utf-8"))) for entry in documents
    )


def _read_sample(name: str, document: dict[str, Any]) -> Sample:
    return Sample(
        name=name.removesuffix(".json"),
        topic=document["topic"],
        topic_ids=tuple(document["topic_ids"]),
        origin=document["origin"],
        detail=document["detail"],
    )


def choose_sample(topic: str, settings: Mapping[str, Any]) -> Sample | None:
    """The topic's sample that agrees with most of the wanted values; the first when none does."""
    candidates = [sample for sample in all_samples() if sample.topic == topic]
    return max(candidates, key=lambda sample: _agreement(sample.detail, settings), default=None)


def _agreement(detail: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
    return sum(look_up(detail, path) == value for path, value in settings.items())


def given_sample(topic: str, detail: Mapping[str, Any]) -> Sample:
    """A `detail` that a caller brings, with placeholders where each event differs; see above for text with a `$`."""
    body = detail.get("eventBody", {})
    fresh: dict[str, Any] = {"metadata": {"CorrelationId": "$uuid"}, "timestamp": "$now"}
    if isinstance(body, dict) and "eventTime" in body:
        moment = "$now_ms" if isinstance(body["eventTime"], int) else "$now"
        fresh["eventBody"] = body | {"eventTime": moment}
    return Sample(name="given", topic=topic, topic_ids=None, origin="given", detail={**detail, **fresh})


def fresh_detail(sample: Sample, values: Placeholders, settings: Mapping[str, Any]) -> dict[str, Any]:
    """A new `detail`: placeholders filled, `settings` applied, `topicName` made to agree with them.

    Raises UnsettablePathError when a path does not begin at one of SETTABLE_ROOTS or crosses a plain value.
    """
    detail: dict[str, Any] = values.fill(deepcopy(sample.detail))
    for path, value in settings.items():
        assign(detail, path, value)
    if sample.topic_ids is not None and "topicName" not in settings:
        ids = [values.fill(i) if i.startswith("$") else look_up(detail, i) for i in sample.topic_ids]
        detail["topicName"] = fill_topic(sample.topic, tuple(map(str, ids)))
    return detail


def look_up(document: Any, path: str) -> Any:
    """The value at a dotted path (list positions are numbers), or None when there is none."""
    for key in path.split("."):
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and key.isdigit() and int(key) < len(document):
            document = document[int(key)]
        else:
            return None
    return document


def assign(detail: dict[str, Any], path: str, value: Any) -> None:
    """Sets the value at a dotted path; missing objects on the way are made, lists do not grow."""
    *parents, last = path.split(".")
    if (parents or [last])[0] not in SETTABLE_ROOTS:
        raise UnsettablePathError(f"{path}: a path begins with one of {', '.join(SETTABLE_ROOTS)}")
    place: Any = detail
    for key in parents:
        place = place.setdefault(key, {}) if isinstance(place, dict) else _item(place, key, path)
    if isinstance(place, dict):
        place[last] = value
    else:
        _item(place, last, path)
        place[int(last)] = value


def _item(place: Any, key: str, path: str) -> Any:
    if isinstance(place, list) and key.isdigit() and int(key) < len(place):
        return place[int(key)]
    raise UnsettablePathError(f"{path}: there is nothing to hold {key!r} in this event")
