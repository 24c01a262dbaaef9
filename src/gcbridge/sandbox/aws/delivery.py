"""From a matched rule to its target: which kind of target it is, and what it receives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.services import eventbridge

from gcbridge.sandbox.aws.attempts import attempt
from gcbridge.sandbox.aws.dead_letters import bury
from gcbridge.sandbox.aws.deliveries.api_destinations import deliver_to_api_destination
from gcbridge.sandbox.aws.deliveries.buses import deliver_to_bus
from gcbridge.sandbox.aws.deliveries.delivery_streams import deliver_to_delivery_stream
from gcbridge.sandbox.aws.deliveries.functions import deliver_to_function
from gcbridge.sandbox.aws.deliveries.log_groups import deliver_to_log_group
from gcbridge.sandbox.aws.deliveries.queues import deliver_to_queue
from gcbridge.sandbox.aws.deliveries.state_machines import deliver_to_state_machine
from gcbridge.sandbox.aws.deliveries.streams import deliver_to_stream
from gcbridge.sandbox.aws.deliveries.tasks import deliver_to_cluster
from gcbridge.sandbox.aws.deliveries.topics import deliver_to_topic
from gcbridge.sandbox.aws.deliveries.under_way import Delivery, Rest
from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.inputs import Rule, Target, render_payload

Deliver: TypeAlias = Callable[[Delivery], Rest | None]

DELIVERIES: dict[str, Deliver] = {
    "ecs": deliver_to_cluster,
    "events:api-destination": deliver_to_api_destination,
    "events:event-bus": deliver_to_bus,
    "firehose": deliver_to_delivery_stream,
    "kinesis": deliver_to_stream,
    "lambda": deliver_to_function,
    "logs": deliver_to_log_group,
    "sns": deliver_to_topic,
    "sqs": deliver_to_queue,
    "states": deliver_to_state_machine,
}


def target_kind(arn: str) -> str:
    """The key of ``DELIVERIES`` for a target: its service, and for EventBridge's own ones the resource."""
    parsed = parse_arn(arn)
    kind = parsed.resource.partition("/")[0]
    return f"events:{kind}" if parsed.service == "events" else str(parsed.service)


def refuse(delivery: Delivery) -> None:
    """Deliver to a kind of target that AWS knows and this emulator does not.

    Raises:
        DeliveryError: ``UNKNOWN``.
    """
    raise DeliveryError("UNKNOWN", f"The emulated AWS can't deliver to targets like {delivery.arn}.")


def invoke_target(
    target: Target, event: dict[str, Any], rule: Rule, view: Any = None, invocation_id: str = ""
) -> None:
    """Deliver one event to one target of a rule that matched it."""
    deliver = DELIVERIES.get(target_kind(target["Arn"]), refuse)
    view = view or eventbridge._pattern_event_view(event)
    payload = render_payload(target, rule, view)
    delivery = Delivery(target, rule, view.event_with_detail(), event, payload, deliver)
    delivery.invocation_id = invocation_id or delivery.invocation_id
    attempt(delivery, bury)
