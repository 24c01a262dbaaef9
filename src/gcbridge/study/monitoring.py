"""Alarms and dashboards, decided: names, and the dashboard's body as CloudWatch takes it."""

from __future__ import annotations

import copy
import json
from typing import Any

from gcbridge.model.bridge import Alarm, Dashboard
from gcbridge.model.monitoring_spec import AlarmSpec, DashboardSpec
from gcbridge.study.target_names import fitting, resource_name

ALARM_NAME_MAX = 255
DASHBOARD_NAME_MAX = 255
OF_A_REGION = frozenset({"log", "metric"})
"""Types of widgets whose properties must name a region ("Dashboard Body Structure and Syntax", CloudWatch)."""


def resolve_alarm(environment: str, rule: str, spec: AlarmSpec) -> Alarm:
    """An alarm is named after its environment and rule.

    Args:
        environment: name of the environment.
        rule: name of the rule.
        spec: what was written.
    """
    return Alarm(
        name=fitting(resource_name(environment, rule), ALARM_NAME_MAX),
        threshold=spec.threshold,
        period_seconds=spec.period_seconds,
        notify=tuple(dict.fromkeys(spec.notify)),
    )


def resolve_dashboard(environment: str, region: str, name: str, spec: DashboardSpec) -> Dashboard:
    """A dashboard shows its environment's region wherever none was written.

    Args:
        environment: name of the environment.
        region: AWS region of the environment.
        name: the dashboard's key.
        spec: what was written.
    """
    body = {"widgets": [_widget(widget, region) for widget in spec.widgets]}
    return Dashboard(
        name=name,
        dashboard_name=fitting(resource_name(environment, name), DASHBOARD_NAME_MAX),
        body_json=json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    )


def _widget(written: dict[str, Any], region: str) -> dict[str, Any]:
    widget = copy.deepcopy(written)
    if widget.get("type") in OF_A_REGION and isinstance(widget.get("properties"), dict):
        widget["properties"].setdefault("region", region)
    return widget
