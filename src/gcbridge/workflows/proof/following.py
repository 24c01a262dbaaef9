"""Follows events from the bus through the rules to the targets, by whatever tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from gcbridge.aws.bus_log import observe_bus_log
from gcbridge.aws.delivery import match_rules, observe_deliveries
from gcbridge.aws.metrics import observe_metrics
from gcbridge.aws.session import Aws
from gcbridge.errors import WaitTimeoutError
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress, Watcher
from gcbridge.model.proof import BusLogObservation, MetricsObservation
from gcbridge.model.result import DeliveryObservation, MatchObservation
from gcbridge.study.proof.deliveries import are_counted, is_untold, tell_by_log, tell_by_metrics
from gcbridge.study.proof.predictions import predict_matches, with_answers, worth_asking
from gcbridge.waiting import wait_until

DELIVERY_SECONDS = 20.0
"""How long a target may take to show an event that was seen on the bus."""
LOOK_AGAIN_SECONDS = 10.0
"""Pause between two looks at CloudWatch's counters, which change once a minute."""
EARLIER = timedelta(minutes=1)
"""Counters and logs are asked from a little before the first event: clocks differ, and minutes are counted whole."""


@dataclass(frozen=True)
class Followed:
    """What became of the events.

    Args:
        matches: rule by rule, predicted and as AWS said.
        deliveries: target by target.
        metrics: counters, where they were asked.
        bus_log: the bus's own log, where it was asked.
    """

    matches: tuple[MatchObservation, ...]
    deliveries: tuple[DeliveryObservation, ...]
    metrics: MetricsObservation | None = None
    bus_log: BusLogObservation | None = None


def follow(
    aws: Aws, bridge: Bridge, events: Sequence[Mapping[str, Any]], since: datetime, watch: Watcher
) -> Followed:
    """Rules by the routing engine and by AWS; targets by looking into them, else by the bus's log, else by counters.

    Args:
        aws: where the bus is.
        bridge: whose rules and targets.
        events: whole EventBridge events that were seen on the bus.
        since: when the first was caused, UTC.
        watch: is told what goes on.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: those of match_rules, observe_deliveries, observe_bus_log and observe_metrics in `aws/`.
    """
    if not events:
        return Followed((), ())
    matches = match_events(aws, bridge, events)
    watch(Progress("targets", "started", f"looking for {len(events)} events in the targets"))
    deliveries = observe_deliveries(aws, bridge, events, matches, timeout_seconds=DELIVERY_SECONDS)
    followed = Followed(matches, deliveries)
    if is_untold(deliveries):
        followed = _by_log(aws, bridge, followed, events, since)
    if is_untold(followed.deliveries):
        followed = _by_metrics(aws, bridge, followed, since, watch)
    watch(Progress("targets", "finished", f"{len(deliveries)} deliveries looked at"))
    return followed


def match_events(
    aws: Aws, bridge: Bridge, events: Sequence[Mapping[str, Any]]
) -> tuple[MatchObservation, ...]:
    """What the routing engine predicts of every event, and what AWS says of one of each kind.

    Args:
        aws: where to ask.
        bridge: whose rules.
        events: whole EventBridge events.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: those of match_rules.
    """
    predicted = predict_matches(bridge, events)
    answers = [
        answer
        for event, rules in worth_asking(bridge, events, predicted)
        for answer in match_rules(aws, bridge.model_copy(update={"rules": rules}), [event])
    ]
    return with_answers(predicted, answers)


def _by_log(
    aws: Aws, bridge: Bridge, followed: Followed, events: Sequence[Mapping[str, Any]], since: datetime
) -> Followed:
    log = observe_bus_log(aws, bridge, [event["id"] for event in events], since - EARLIER)
    told = tell_by_log(bridge, followed.deliveries, log)
    return Followed(followed.matches, told, followed.metrics, log)


def _by_metrics(aws: Aws, bridge: Bridge, followed: Followed, since: datetime, watch: Watcher) -> Followed:
    untold = [one for one in followed.deliveries if one.delivered is None]
    names = ", ".join(dict.fromkeys(one.target for one in untold))
    subject = "counters"
    watch(Progress(subject, "started", f"waiting for CloudWatch to tell of {names}"))
    looks: list[MetricsObservation] = []

    def count() -> MetricsObservation:
        looks.append(observe_metrics(aws, bridge, since - EARLIER, _now()))
        return looks[-1]

    with suppress(WaitTimeoutError):
        wait_until(
            count,
            lambda seen: bool(seen.detail) or are_counted(bridge, followed.deliveries, seen),
            describe=lambda _seen, seconds: WaitTimeoutError(f"no counters in {seconds:.0f} s"),
            timeout_seconds=bridge.verify.metrics_seconds,
            interval_seconds=LOOK_AGAIN_SECONDS,
            on_wait=lambda _seen, seconds: watch(
                Progress(subject, "running", f"of {names}; they run minutes late", seconds)
            ),
        )
    counted = looks[-1]
    watch(Progress(subject, "finished", counted.detail or f"{names} looked at"))
    told = tell_by_metrics(bridge, followed.deliveries, counted)
    return Followed(followed.matches, told, counted, followed.bus_log)


def count_only(aws: Aws, bridge: Bridge, since: datetime) -> MetricsObservation:
    """What counters tell where nothing may be created; they tell of traffic of the last minutes.

    Args:
        aws: where the bus is.
        bridge: whose bus.
        since: UTC.

    IAM actions: those of observe_metrics.
    """
    return observe_metrics(aws, bridge, since, _now())


def _now() -> datetime:
    return datetime.now(timezone.utc)
