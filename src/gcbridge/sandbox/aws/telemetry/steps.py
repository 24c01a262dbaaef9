"""What CloudWatch and the log of the bus learn at each step of an event's way."""

from __future__ import annotations

from typing import Any

from ministack.core.arn import parse_arn

from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.telemetry.bus_logs import is_full, log_step
from gcbridge.sandbox.aws.telemetry.metrics import count, rule_dimensions

Event = dict[str, Any]


def note_ingested(event: Event) -> None:
    """A partner's event is on the bus."""
    count("Events", {"EventSourceName": event["Source"]})


def event_details(event: Event) -> dict[str, Any]:
    """What a line tells of the event itself."""
    told = {
        "caller_account_id": event["Account"],
        "source_time_ms": int(event["Time"]) * 1000,
        "source": event["Source"],
        "detail_type": event["DetailType"],
        "resources": event.get("Resources") or [],
    }
    return {**told, "event_detail": event["Detail"]} if is_full(event) else told


def log_reception(event: Event) -> None:
    """The bus has the event, and looks at its rules."""
    details = event_details(event)
    for step in ("EVENT_RECEIPT", "EVENT_INGEST_SUCCESS", "RULE_MATCH_START"):
        log_step(event, step, details)


def note_match(event: Event, rule: dict[str, Any], invocations: dict[str, str]) -> None:
    """A rule matched; ``invocations`` are the ids of those that follow, and the target of each."""
    for metric in ("MatchedEvents", "TriggeredRules"):
        count(metric, rule_dimensions(rule))
    details = {
        "rule_arn": rule["Arn"],
        "target_arns": list(invocations.values()),
        "invocation_ids": list(invocations),
    }
    log_step(event, "RULE_MATCH", details)


def log_no_match(event: Event) -> None:
    """No rule matched."""
    log_step(event, "NO_STANDARD_RULES_MATCHED", {})


def delivery_details(delivery: Delivery) -> dict[str, Any]:
    """What a line tells of a delivery."""
    role = delivery.target.get("RoleArn")
    told = {"rule_arn": delivery.rule_arn, "target_arn": delivery.arn}
    told |= {"role_arn": role} if role else {}
    return {**told, "target_input": delivery.payload} if is_full(delivery.record) else told


def log_delivery(delivery: Delivery, step: str, failure: DeliveryError | None = None, **details: Any) -> None:
    """A step of a delivery, with the error of the target's service if there was one."""
    error = (
        {"error": {"error_message": str(failure), "aws_service": parse_arn(delivery.arn).service}}
        if failure
        else {}
    )
    told = {**delivery_details(delivery), **details}
    log_step(delivery.record, step, told, invocation_id=delivery.invocation_id, **error)


def log_attempt(delivery: Delivery) -> None:
    """The target is about to be called."""
    if not delivery.retries:
        log_delivery(delivery, "INVOCATION_START", attempt_count=0)
    log_delivery(delivery, "INVOCATION_ATTEMPT_START", attempt_count=delivery.retries + 1)


def note_delivered(delivery: Delivery) -> None:
    """The target has accepted the event."""
    count("Invocations", rule_dimensions(delivery.rule))
    attempts = delivery.retries + 1
    log_delivery(delivery, "INVOCATION_ATTEMPT_SUCCESS", attempt_count=attempts)
    log_delivery(delivery, "INVOCATION_SUCCESS", total_attempts=attempts, final_invocation_status="SUCCESS")


def log_retry(delivery: Delivery, failure: DeliveryError) -> None:
    """An attempt failed, and there will be another."""
    log_delivery(
        delivery,
        "INVOCATION_ATTEMPT_RETRYABLE_FAILURE",
        failure,
        attempt_count=delivery.retries + 1,
        invocation_status=failure.code,
    )


def note_failed(delivery: Delivery, failure: DeliveryError) -> None:
    """The delivery is given up."""
    for metric in ("Invocations", "FailedInvocations"):
        count(metric, rule_dimensions(delivery.rule))
    log_delivery(
        delivery,
        "INVOCATION_ATTEMPT_PERMANENT_FAILURE",
        failure,
        attempt_count=delivery.retries + 1,
        invocation_status=failure.code,
    )


def note_buried(delivery: Delivery, failure: DeliveryError) -> None:
    """The event is in the dead-letter queue."""
    count("InvocationsSentToDlq", rule_dimensions(delivery.rule))
    _log_end(delivery, "INVOCATION_DLQ", failure)


def note_lost(delivery: Delivery, failure: DeliveryError) -> None:
    """The event is nowhere: there is no dead-letter queue, or it did not take the event."""
    if delivery.target.get("DeadLetterConfig"):
        count("InvocationsFailedToBeSentToDlq", rule_dimensions(delivery.rule))
    _log_end(delivery, "INVOCATION_FAILURE", failure)


def _log_end(delivery: Delivery, step: str, failure: DeliveryError) -> None:
    attempts = delivery.retries + 1
    log_delivery(delivery, step, failure, total_attempts=attempts, final_invocation_status=failure.code)
