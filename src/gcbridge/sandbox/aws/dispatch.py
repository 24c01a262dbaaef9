"""An event on a bus: the rules that match it, and what follows from that.

ministack matches and delivers rule by rule, so that nothing could be counted or logged before a delivery.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import eventbridge

from gcbridge.sandbox.aws.archives import matching_archives
from gcbridge.sandbox.aws.delivery import invoke_target
from gcbridge.sandbox.aws.telemetry import steps

Event = dict[str, Any]
Rule = dict[str, Any]


def matching_rules(event: Event, view: Any, only: Collection[str] = ()) -> list[tuple[str, Rule]]:
    """Enabled rules of the event's bus that match it, by their keys; of those named by ``only``, if any are."""
    bus = event.get("EventBusName", "default")
    return [
        (key, rule)
        for key, rule in eventbridge._rules.items()
        if rule.get("EventBusName", "default") == bus
        and rule.get("State") == "ENABLED"
        and (not only or rule["Arn"] in only)
        and rule.get("EventPattern")
        and eventbridge._matches_pattern_view(rule["EventPattern"], view, f"rule {key}")
    ]


def dispatch_event(event: Event, view: Any = None, only: Collection[str] = ()) -> None:
    """Deliver an event to the targets of every rule that matches it.

    "EventBridge does not log events that only match managed rules", of which each archive has one:
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-logs.html
    """
    view = view or eventbridge._pattern_event_view(event)
    matched = matching_rules(event, view, only)
    is_logged = bool(matched) or not any(matching_archives(event, view))
    if is_logged:
        steps.log_reception(event)
    for key, rule in matched:
        invocations = {new_uuid(): target for target in list(eventbridge._targets.get(key, []))}
        steps.note_match(event, rule, {id_: target["Arn"] for id_, target in invocations.items()})
        for invocation_id, target in invocations.items():
            invoke_target(target, event, rule, view, invocation_id)
    if is_logged and not matched:
        steps.log_no_match(event)
