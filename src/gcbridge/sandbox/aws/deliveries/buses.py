"""Another event bus as a target: of the same account, of another region, of another account.

An event is sent on by a bus that received it from a bus neither within the region nor to another
region a second time, so there are no loops.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
"""

from __future__ import annotations

from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import eventbridge

from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource

HOPS = "_Hops"
REFUSALS = {"region": "THIRD_REGION_HOP_DETECTED", "account": "THIRD_ACCOUNT_HOP_DETECTED"}


def hop_kind(delivery: Delivery) -> str:
    """Which of the two kinds of way this is: to another region, or within one.

    Raises:
        DeliveryError: the event has gone that way before.
    """
    other_region = parse_arn(delivery.arn).region != parse_arn(delivery.rule_arn).region
    kind = "region" if other_region else "account"
    if kind in delivery.record.get(HOPS, []):
        message = "An event can be sent to an event bus target only once, and this event has been."
        raise DeliveryError(REFUSALS[kind], message)
    return kind


def require_permission(delivery: Delivery, policy: Any) -> None:
    """Refuse what the role, or the policy of a bus in another account, does not allow.

    Raises:
        DeliveryError: ``NO_PERMISSIONS``, or the role can't be assumed.
    """
    context = {
        "aws:sourcearn": delivery.rule_arn,
        "aws:sourceaccount": parse_arn(delivery.rule_arn).account_id,
        "events:source": str(delivery.event["source"]),
        "events:detail-type": str(delivery.event["detail-type"]),
    }
    delivery.caller(needs_role=True).require("events:PutEvents", delivery.arn, policy, context)


def receive(record: dict[str, Any]) -> None:
    """Match the event against the rules and the archives of the bus that received it."""
    view = eventbridge._pattern_event_view(record)
    eventbridge._dispatch_event(record, view)
    eventbridge._archive_event({name: value for name, value in record.items() if name != HOPS}, view)


def deliver_to_bus(delivery: Delivery) -> None:
    """Put the event on the other bus; everything in it stays as it is, source and account included.

    Raises:
        DeliveryError: the bus is not there, the role or the bus does not allow it, the event came from
            a bus already, or the target changes the event, which AWS refuses for a bus.
    """
    owner = parse_arn(delivery.arn)
    name = owner.resource.removeprefix("event-bus/")
    if not eventbridge._event_buses.contains_scoped(owner.account_id, owner.region, name):
        raise no_resource("event bus", delivery.arn)
    if any(delivery.target.get(field) for field in ("Input", "InputPath", "InputTransformer")):
        message = f"Modifying the input for target {delivery.arn} is not supported."
        raise DeliveryError("INVALID_PARAMETER", message)
    kind = hop_kind(delivery)
    policy = eventbridge._event_bus_policies.get_scoped(owner.account_id, owner.region, name)
    require_permission(delivery, policy)
    hops = [*delivery.record.get(HOPS, []), kind]
    with request_scope(owner.account_id, owner.region):
        receive({**delivery.record, "EventBusName": name, HOPS: hops})
