"""Metrics that are embedded in logs, whoever writes them: a function, a rule, or PutLogEvents."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.services import cloudwatch

from gcbridge.sandbox.aws import background
from gcbridge.sandbox.aws.persistence import note_change
from gcbridge.sandbox.aws.telemetry.metric_lines import Datum, read_metrics

Entry: TypeAlias = dict[str, Any]


def keep_metrics(data: list[Datum]) -> None:
    """Keep what was found, as PutMetricData would."""
    for each in data:
        dimensions = dict(each.dimensions)
        kept = (each.namespace, each.name, dimensions, each.time, each.unit)
        cloudwatch._store_datum(*kept, None, list(each.values), None, None)
    note_change()


def append_log_events(original: Callable[..., None], stream: Any, events: list[Entry]) -> None:
    """Keep entries of a log, and the metrics in them. A function's entries come from a thread."""
    original(stream, events)
    found = [datum for entry in events for datum in read_metrics(str(entry.get("message", "")))]
    if found:
        background.run_unnoticed(0.0, functools.partial(keep_metrics, found))
