"""Alarms of CloudWatch: looked at every second, and whenever somebody asks for them."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import Any, TypeAlias

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from gcbridge.sandbox.aws.persistence import note_change
from gcbridge.sandbox.aws.telemetry.alarm_states import Terms, state_now

Alarm: TypeAlias = dict[str, Any]

EVALUATION_SECONDS = 1.0


def watched_values(alarm: Alarm, terms: Terms, now: float) -> dict[int, float]:
    """The statistic of each period that may count, by the period's start."""
    dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions") or []}
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    periods: dict[int, list[Any]] = defaultdict(list)
    for point in cloudwatch._metrics.get(key) or []:
        if point["Timestamp"] > now - (terms.periods + 2) * terms.period:
            periods[int(point["Timestamp"] // terms.period) * terms.period].append(point)
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    values = {
        start: cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
        for start, points in periods.items()
    }
    return {start: value for start, value in values.items() if value is not None}


def reason_for(terms: Terms, state: str, values: dict[int, float]) -> str:
    """Why it is in that state, roughly in the words of CloudWatch."""
    seen = [value for _, value in sorted(values.items())][-terms.periods :]
    if not seen:
        return f"No datapoints were received, which {terms.missing} describes: {state}."
    return f"Threshold Crossed: datapoints {seen}, {terms.comparison} ({terms.threshold}): {state}."


def set_state(alarm: Alarm, state: str, reason: str) -> None:
    """Change the state, keep that in the history, and have its actions done."""
    before, now = alarm["StateValue"], int(time.time())
    alarm |= {"StateValue": state, "StateReason": reason}
    alarm |= {"StateUpdatedTimestamp": now, "StateTransitionedTimestamp": now}
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
    note_change()


def evaluate_alarm(alarm: Alarm) -> None:
    """Put the alarm into the state that it should be in; one on metric math stays as it is."""
    if not alarm.get("Namespace") or not alarm.get("MetricName"):
        return
    terms, now = Terms.of(alarm), time.time()
    values = watched_values(alarm, terms, now)
    state = state_now(terms, values, now)
    if state is not None and state != alarm["StateValue"]:
        set_state(alarm, state, reason_for(terms, state, values))


def evaluate_everywhere() -> None:
    """Look at the alarms of every account and region."""
    for account, region in {key[:2] for key in list(cloudwatch._alarms._data)}:
        with request_scope(account, region):
            cloudwatch._evaluate_all_alarms()


async def keep_evaluating(interval: float = EVALUATION_SECONDS) -> None:
    """Look at all alarms every ``interval`` seconds, in the event loop, where no request is half done."""
    while True:
        await asyncio.sleep(interval)
        evaluate_everywhere()
