"""What watches a bridge in CloudWatch, as a person writes it: alarms on rules, dashboards."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt

from gcbridge.model.base import Frozen
from gcbridge.model.values import Text, TopicArn


class AlarmSpec(Frozen):
    """A CloudWatch alarm on how often a rule matched (`TriggeredRules` of `AWS/Events`)."""

    threshold: Annotated[StrictInt, Field(ge=1)] = 1
    """How many matching events within the period raise the alarm."""
    period_seconds: Literal[60, 120, 300, 600, 900, 1800, 3600, 21600, 86400] = 300
    """Length of a period."""
    notify: tuple[TopicArn, ...] = Field(default=(), max_length=5)
    """ARNs of SNS topics in this region that are told when the alarm is raised and when it is over; they must let CloudWatch publish."""


class DashboardSpec(Frozen):
    """A CloudWatch dashboard."""

    widgets: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=500)
    """Widgets as CloudWatch's dashboard body has them; a widget of type metric or log without `properties.region` gets this environment's."""
    description: Text = ""
    """For people."""
