"""Which state an alarm is in, given what was counted in each period.

"Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data":
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html

AWS looks at a period a minute or more after it has ended. Here a period that breaches an upper limit
counts at once, and for one period longer. So nobody waits for an alarm, and nobody who looks a second
too late misses it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

OK = "OK"
ALARM = "ALARM"
INSUFFICIENT_DATA = "INSUFFICIENT_DATA"

UPPER_LIMITS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
}
LIMITS: Mapping[str, Callable[[float, float], bool]] = {
    **UPPER_LIMITS,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class Terms:
    """What an alarm watches for; ``period`` is in seconds."""

    comparison: str
    threshold: float
    period: int
    periods: int
    datapoints: int
    missing: str

    @classmethod
    def of(cls, alarm: Mapping[str, Any]) -> Terms:
        """The terms of an alarm as PutMetricAlarm gives them."""
        periods = int(alarm.get("EvaluationPeriods") or 1)
        return cls(
            comparison=str(alarm.get("ComparisonOperator")),
            threshold=float(alarm.get("Threshold") or 0),
            period=int(alarm.get("Period") or 60),
            periods=periods,
            datapoints=int(alarm.get("DatapointsToAlarm") or periods),
            missing=str(alarm.get("TreatMissingData") or "missing"),
        )

    def breaches(self, value: float) -> bool:
        """Whether a period of this value breaches the threshold."""
        return LIMITS[self.comparison](value, self.threshold)


def state_at(terms: Terms, values: Mapping[int, float], newest: int) -> str | None:
    """The state as seen right after the period that starts at ``newest``; None leaves it as it is."""
    starts = [newest - number * terms.period for number in range(terms.periods)]
    known = [values[start] for start in starts if start in values]
    absent = terms.periods - len(known)
    breaching = sum(map(terms.breaches, known)) + (absent if terms.missing == "breaching" else 0)
    if breaching >= terms.datapoints:
        return ALARM
    if known or terms.missing in {"breaching", "notBreaching"}:
        return OK
    return None if terms.missing == "ignore" else INSUFFICIENT_DATA


def state_now(terms: Terms, values: Mapping[int, float], now: float) -> str | None:
    """The state now; ``values`` are by the start of their period. None leaves it as it is."""
    if terms.comparison not in LIMITS:
        return None
    running = int(now // terms.period) * terms.period
    before = state_at(terms, values, running - terms.period)
    if terms.comparison not in UPPER_LIMITS or running not in values:
        return before
    current = state_at(terms, values, running)
    return current if current == ALARM or before in {None, INSUFFICIENT_DATA} else before
