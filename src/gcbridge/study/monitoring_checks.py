"""Checks of alarms and dashboards: what CloudWatch would refuse at the apply, said before.

Sources: "Dashboard Body Structure and Syntax" in the CloudWatch API reference, and what PutDashboard and PutMetricAlarm answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.naming import aws_partition
from gcbridge.model.origin import KeyPath
from gcbridge.study.target_checks import Finding

WIDGETS: Mapping[str, tuple[str, ...]] = {
    "alarm": ("alarms",),
    "chart": (),
    "custom": ("endpoint",),
    "explorer": (),
    "log": ("query",),
    "metric": ("metrics", "annotations"),
    "text": ("markdown",),
}
"""Type of a widget -> properties of which it must have one."""
PLACES: Mapping[str, tuple[int, int]] = {
    "x": (0, 23),
    "y": (0, 2**31 - 1),
    "width": (1, 24),
    "height": (1, 1000),
}
"""Where a widget lies on the grid -> smallest and largest."""


def monitoring_findings(values: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings in `dashboards` and in the alarms of `rules`, none where all is well.

    Args:
        values: the whole environment as written.
    """
    aws = values.get("aws")
    region = str(aws.get("region", "")) if isinstance(aws, Mapping) else ""
    for name, rule in _items(values.get("rules")):
        yield from _alarm_findings(rule.get("alarm"), ("rules", name, "alarm", "notify"), region)
    for name, dashboard in _items(values.get("dashboards")):
        widgets = dashboard.get("widgets")
        for index, widget in enumerate(widgets if isinstance(widgets, list | tuple) else ()):
            if isinstance(widget, Mapping):
                yield from _widget_findings(widget, ("dashboards", name, "widgets", index))


def _items(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, item in node.items() if isinstance(node, Mapping) else ():
        if isinstance(item, Mapping):
            yield str(name), item


def _alarm_findings(alarm: Any, at: KeyPath, region: str) -> Iterator[Finding]:
    notify = alarm.get("notify") if isinstance(alarm, Mapping) else None
    for index, arn in enumerate(notify if isinstance(notify, list | tuple) else ()):
        parts = arn.split(":") if isinstance(arn, str) else []
        if len(parts) != 6:
            continue
        if (parts[1], parts[3]) != (aws_partition(region), region):
            reach = f"CloudWatch tells topics of the alarm's own region only, which is {region}"
            yield (
                (*at, index),
                f"is in {parts[3]}; {reach}: name a topic there, and subscribe to it from elsewhere",
            )


def _widget_findings(widget: Mapping[str, Any], at: KeyPath) -> Iterator[Finding]:
    yield from _place_findings(widget, at)
    kind, properties = widget.get("type"), widget.get("properties")
    if not isinstance(kind, str) or kind not in WIDGETS:
        said = f"{kind!r} is no type of widget" if "type" in widget else "type is missing"
        yield (*at, "type") if "type" in widget else at, f"{said}; allowed: {', '.join(WIDGETS)}"
        return
    if not isinstance(properties, Mapping):
        yield at, f"a widget of type {kind} needs properties: what it shows"
        return
    needed = WIDGETS[kind]
    if needed and not any(properties.get(key) for key in needed):
        yield (*at, "properties"), f"a widget of type {kind} needs {' or '.join(needed)}"


def _place_findings(widget: Mapping[str, Any], at: KeyPath) -> Iterator[Finding]:
    for key, (least, most) in PLACES.items():
        value = widget.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield (*at, key), f"{value!r} is not allowed; allowed: a whole number, {least} to {most}"
    if ("x" in widget) != ("y" in widget):
        yield at, "has only one of x and y; CloudWatch takes both or none"
