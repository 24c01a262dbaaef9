"""Lambda as a target: EventBridge hands the event over, and Lambda itself retries."""

from __future__ import annotations

import json

from ministack.core.responses import request_scope
from ministack.services import lambda_svc

from gcbridge.sandbox.aws.deliveries.state_machines import require_json
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import no_resource


def deliver_to_function(delivery: Delivery) -> None:
    """Invoke a function asynchronously; it has the event, and may still fail, when the delivery succeeds.

    Raises:
        DeliveryError: the function, its version or its alias is not there, its policy does not allow it,
            or the input is not JSON.
    """
    owner = delivery.owner("function", any_account=True)
    with request_scope(owner.account_id, owner.region):
        record, configuration, name = lambda_svc._get_func_record_for_ref(delivery.arn)
        if not record or not configuration:
            raise no_resource("function", delivery.arn)
        policy = lambda_svc._functions[name]["policy"]
        delivery.caller().require("lambda:InvokeFunction", delivery.arn, policy)
        require_json(delivery.payload)
        execution = lambda_svc._execution_record_for_config(record, configuration)
        lambda_svc.invoke_async_with_retry(execution, json.loads(delivery.payload))
