"""Asynchronous invocations of Lambda functions: the retries, and what becomes of the events that fail.

ministack sends one and the same record to dead-letter queues and to destinations, whatever the
function's role may do.
"""

from __future__ import annotations

import functools
import json
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.core.responses import new_uuid, request_scope
from ministack.services import lambda_svc, sns, sqs

from gcbridge.sandbox.aws import background
from gcbridge.sandbox.aws.attempts import base_seconds
from gcbridge.sandbox.aws.persistence import note_change
from gcbridge.sandbox.aws.roles import find_role, role_may

logger = logging.getLogger(__name__)

Function: TypeAlias = dict[str, Any]
Result: TypeAlias = dict[str, Any]

# "two more times, with a one-minute wait before the first retry, and two minutes before the second":
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
MAXIMUM_RETRIES = 2
MAXIMUM_AGE_SECONDS = 21_600
MAX_MESSAGE_LENGTH = 1000
# Each is a process of its own, and AWS's thousand would be too many for one machine.
ENVIRONMENTS = background.Pool("function", 4)


@dataclass
class Invocation:
    """An event that Lambda has accepted for a function."""

    function: Function
    event: Any
    request_id: str = field(default_factory=new_uuid)
    started: float = field(default_factory=time.monotonic)
    attempts: int = 0

    @property
    def configuration(self) -> dict[str, Any]:
        """The configuration of the version that runs."""
        return dict(self.function.get("config") or self.function)

    @property
    def settings(self) -> dict[str, Any]:
        """What PutFunctionEventInvokeConfig has set."""
        configs = self.function.get("event_invoke_configs") or {}
        return dict(self.function.get("event_invoke_config") or configs.get("$LATEST") or {})


def run(invocation: Invocation) -> Result:
    """Run the function once, in a process of its own."""
    try:
        result: Result = lambda_svc._execute_function_with_config_scope(invocation.function, invocation.event)
    except Exception as error:
        logger.exception("function failed in the emulator")
        return {"error": True, "body": {"errorMessage": str(error), "errorType": type(error).__name__}}
    return result


def launch(invocation: Invocation) -> None:
    """Make one attempt, as soon as there is room for one."""
    invocation.attempts += 1
    ENVIRONMENTS.run(functools.partial(run, invocation), functools.partial(settle, invocation))


def ending_condition(invocation: Invocation, pause: float) -> str | None:
    """Why there is no further attempt after ``pause`` seconds, in the words of Lambda's records."""
    settings, age = invocation.settings, time.monotonic() - invocation.started + pause
    if age > settings.get("MaximumEventAgeInSeconds", MAXIMUM_AGE_SECONDS):
        return "EventAgeExceeded"
    retries = settings.get("MaximumRetryAttempts")
    limit = MAXIMUM_RETRIES if retries is None else retries
    return "RetriesExhausted" if invocation.attempts > limit else None


def settle(invocation: Invocation, result: Result) -> None:
    """End the invocation, or have it repeated."""
    note_change()
    if not result.get("error"):
        return
    pause = base_seconds() * invocation.attempts
    condition = ending_condition(invocation, pause)
    if condition is None:
        background.run_later(pause, functools.partial(launch, invocation))
        return
    send_dead_letter(invocation, result)
    send_record(invocation, result, condition)


def role_may_send(invocation: Invocation, action: str, arn: str, policy: Any) -> bool:
    """Whether the function's own role may send there."""
    role = find_role(invocation.configuration.get("Role", ""))
    return role is not None and role_may(role, action, arn, policy)


def send_to(invocation: Invocation, arn: str, body: str, attributes: dict[str, Any]) -> None:
    """Send a text to a queue or a topic, if there is one and the function's role may."""
    owner = parse_arn(arn)
    queue, topic = sqs._queue_by_arn(arn), sns._topics.get_scoped(owner.account_id, owner.region, arn)
    receiver, action = queue or topic, "sqs:SendMessage" if queue else "sns:Publish"
    policy = receiver["attributes"].get("Policy") if receiver else None
    if not receiver or not role_may_send(invocation, action, arn, policy):
        logger.warning("failed event lost: %s can't send to %s", invocation.configuration["FunctionArn"], arn)
        return
    with request_scope(owner.account_id, owner.region):
        if queue:
            message = {"QueueUrl": queue["url"], "MessageBody": body, "MessageAttributes": attributes}
            sqs._act_send_message(message, queue["url"])
        else:
            sns.publish_internal(arn, body, message_attributes=attributes)


def send_dead_letter(invocation: Invocation, result: Result) -> None:
    """Send the event to the function's ``DeadLetterConfig``, if it has one: the event itself, and why."""
    arn = (invocation.configuration.get("DeadLetterConfig") or {}).get("TargetArn")
    if not arn:
        return
    error = result["body"].get("errorMessage", "") if isinstance(result.get("body"), dict) else ""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": invocation.request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": error[:MAX_MESSAGE_LENGTH] or "Unhandled"},
    }
    send_to(invocation, arn, json.dumps(invocation.event), attributes)


def invocation_record(invocation: Invocation, result: Result, condition: str) -> dict[str, Any]:
    """The record that an on-failure destination gets."""
    return {
        "version": "1.0",
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": f"{invocation.configuration['FunctionArn']}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": invocation.attempts,
        },
        "requestPayload": invocation.event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": result.get("body"),
    }


def send_record(invocation: Invocation, result: Result, condition: str) -> None:
    """Send the record to the on-failure destination, if there is one: a queue or a topic."""
    destinations = invocation.settings.get("DestinationConfig") or {}
    arn = (destinations.get("OnFailure") or {}).get("Destination")
    if arn:
        send_to(invocation, arn, json.dumps(invocation_record(invocation, result, condition)), {})


def invoke_asynchronously(func: Function, event: Any) -> None:
    """Have the function run soon, as its own account and region."""
    launch(Invocation(func, event))
