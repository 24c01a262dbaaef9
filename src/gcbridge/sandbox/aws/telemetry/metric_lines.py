"""Metrics in a line of a log, in CloudWatch's embedded metric format.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

MARK = '"_aws"'
MAX_METRICS = 100
MAX_VALUES = 100
MAX_DIMENSIONS = 30
MAX_VALUE_LENGTH = 1024


@dataclass(frozen=True)
class Datum:
    """Values of one metric with one set of dimensions; ``time`` is in seconds."""

    namespace: str
    name: str
    unit: str
    dimensions: tuple[tuple[str, str], ...]
    values: tuple[float, ...]
    time: float


def read_document(text: str) -> Document | None:
    """The line as a JSON object, if it may hold metrics."""
    if MARK not in text:
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and isinstance(document.get("_aws"), dict) else None


def is_number(value: Any) -> bool:
    """A number of JSON; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_values(given: Any) -> tuple[float, ...]:
    """The values of a metric: a number or up to 100 of them; empty if it is anything else."""
    values = given if isinstance(given, list) else [given]
    valid = 0 < len(values) <= MAX_VALUES and all(map(is_number, values))
    return tuple(map(float, values)) if valid else ()


def read_dimensions(document: Document, names: Any) -> tuple[tuple[str, str], ...] | None:
    """The dimensions of a set, each with its value in the document; None if that does not hold them all."""
    if not isinstance(names, list) or len(names) > MAX_DIMENSIONS:
        return None
    pairs = [(name, document.get(name)) if isinstance(name, str) else ("", None) for name in names]
    found = [
        (name, value)
        for name, value in pairs
        if isinstance(value, str) and 0 < len(value) <= MAX_VALUE_LENGTH
    ]
    return tuple(sorted(found)) if len(found) == len(names) else None


def read_directive(document: Document, directive: Any, time: float) -> Iterator[Datum]:
    """The metrics of one ``MetricDirective``, for each of its sets of dimensions; none if it is malformed."""
    if not isinstance(directive, dict):
        return
    namespace, metrics = directive.get("Namespace"), directive.get("Metrics")
    sets = directive.get("Dimensions", [[]])
    if not (
        isinstance(namespace, str) and namespace and isinstance(metrics, list) and isinstance(sets, list)
    ):
        return
    dimensions = [found for each in sets if (found := read_dimensions(document, each)) is not None]
    for metric in metrics[:MAX_METRICS]:
        name = metric.get("Name") if isinstance(metric, dict) else None
        values = read_values(document.get(name)) if isinstance(name, str) else ()
        if values:
            unit = str(metric.get("Unit") or "None")
            yield from (Datum(namespace, str(name), unit, each, values, time) for each in dimensions)


def read_metrics(text: str) -> list[Datum]:
    """The metrics in a line of a log; none if it is no such line, or a malformed one."""
    document = read_document(text)
    if document is None:
        return []
    milliseconds, directives = document["_aws"].get("Timestamp"), document["_aws"].get("CloudWatchMetrics")
    if not is_number(milliseconds) or not isinstance(directives, list):
        return []
    time = milliseconds / 1000
    return [datum for directive in directives for datum in read_directive(document, directive, time)]
