"""Reads what CloudWatch counted of events and deliveries, without concluding anything.

Source: "Monitoring Amazon EventBridge" in the EventBridge user guide. Names and their case are AWS's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.aws.session import Aws
from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import MetricsObservation, RuleMetrics

NAMESPACE = "AWS/Events"
PERIOD = timedelta(minutes=1)
"""EventBridge counts by the minute."""
QUERIES_AT_ONCE = 500
"""GetMetricData takes no more in one call (its API reference)."""

RULE_METRICS = {
    "triggered": "TriggeredRules",
    "invocations": "Invocations",
    "failed_invocations": "FailedInvocations",
    "sent_to_dlq": "InvocationsSentToDlq",
    "not_sent_to_dlq": "InvocationsFailedToBeSentToDlq",
}
"""Field of `RuleMetrics` -> metric."""


class _Counter(NamedTuple):
    rule: str
    """Empty for the event source."""
    field: str
    metric: str
    dimensions: Mapping[str, str]


def observe_metrics(aws: Aws, bridge: Bridge, since: datetime, until: datetime) -> MetricsObservation:
    """Whole minutes are counted, so that what happened earlier in the first minute counts, too.

    A metric that CloudWatch does not know is zero: EventBridge sends failure metrics only when there was a failure.
    CloudWatch runs minutes late, and may miss counts. Rules that the bridge does not declare, such as a probe's, have
    metrics of their own and are in none of these figures but `Events`, which counts what the partner sent.

    Args:
        aws: where the bus is.
        bridge: whose event source and rules.
        since: the first moment that counts, with its time zone.
        until: the last one.

    Raises:
        AwsError: CloudWatch failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: cloudwatch:GetMetricData.
    """
    start, end = _minute(since), _minute(until) + PERIOD
    counters = list(_counters(bridge))
    try:
        sums = _read(aws, counters, start, end)
    except AwsDeniedError as error:
        return MetricsObservation(since=since, until=until, detail=f"{error.detail}; {error.hint}")
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for counter, value in zip(counters, sums, strict=True):
        # The same count under several sets of dimensions is one count.
        known = counts[counter.rule].get(counter.field, 0)
        counts[counter.rule][counter.field] = max(known, round(value))
    return MetricsObservation(
        since=since,
        until=until,
        events=counts[""]["events"],
        rules=tuple(RuleMetrics(rule=rule.name, **counts[rule.name]) for rule in bridge.rules),
    )


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _counters(bridge: Bridge) -> Iterator[_Counter]:
    bus, source = bridge.event_bus_name, bridge.event_source_name
    yield _Counter("", "events", "Events", {"EventSourceName": source})
    for rule in bridge.rules:
        # "Metrics that specify only the RuleName dimension refer to the default event bus": asking for these would
        # count a rule of the same name there.
        of_rule = {"EventBusName": bus, "RuleName": rule.name}
        for field, metric in RULE_METRICS.items():
            yield _Counter(rule.name, field, metric, of_rule)
        # AWS names three dimensions of this one, and does not say which of them come together.
        of_source = {"EventSourceName": source, "RuleName": rule.name}
        for dimensions in (of_rule, of_source, {**of_rule, **of_source}):
            yield _Counter(rule.name, "matched_events", "MatchedEvents", dimensions)


def _read(aws: Aws, counters: Sequence[_Counter], start: datetime, end: datetime) -> list[float]:
    """The sum of each counter, in their order."""
    sums = [0.0] * len(counters)
    rest = iter(enumerate(counters))
    cloudwatch = aws.client("cloudwatch")
    while batch := list(islice(rest, QUERIES_AT_ONCE)):
        with aws_call(cloudwatch, "reading metrics", where=NAMESPACE):
            pages = cloudwatch.get_paginator("get_metric_data").paginate(
                MetricDataQueries=[_query(number, counter) for number, counter in batch],
                StartTime=start,
                EndTime=end,
            )
            # A metric may go on from one page to the next.
            for result in (result for page in pages for result in page["MetricDataResults"]):
                sums[int(result["Id"].removeprefix("q"))] += sum(result["Values"])
    return sums


def _query(number: int, counter: _Counter) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in counter.dimensions.items()]
    metric = {"Namespace": NAMESPACE, "MetricName": counter.metric, "Dimensions": dimensions}
    seconds = int(PERIOD.total_seconds())
    return {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": seconds, "Stat": "Sum"}}
