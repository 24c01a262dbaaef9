"""Step Functions as a target."""

from __future__ import annotations

import json
import uuid

from ministack.core.responses import request_scope
from ministack.services import stepfunctions

from gcbridge.sandbox.aws.answers import is_ok
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource


def require_json(text: str) -> None:
    """Refuse a payload that a target can't read.

    Raises:
        DeliveryError: ``INVALID_JSON``.
    """
    try:
        json.loads(text)
    except ValueError as error:
        raise DeliveryError("INVALID_JSON", f"The input is not JSON: {error}") from error


def deliver_to_state_machine(delivery: Delivery) -> None:
    """Start an execution; it has begun, not ended, when the delivery succeeds.

    Raises:
        DeliveryError: the state machine is not there, the role may not start it, or the input is not JSON.
    """
    owner = delivery.owner("state machine")
    with request_scope(owner.account_id, owner.region):
        if stepfunctions._resolve_state_machine_arn(delivery.arn) is None:
            raise no_resource("state machine", delivery.arn)
        delivery.caller(needs_role=True).require("states:StartExecution", delivery.arn)
        require_json(delivery.payload)
        name = f"{delivery.event['id']}_{uuid.uuid4()}"
        request = {"stateMachineArn": delivery.arn, "input": delivery.payload, "name": name}
        answer = stepfunctions._start_execution(request)
    if not is_ok(answer):
        raise DeliveryError("ERROR_FROM_TARGET", answer[2].decode(), retryable=True)
