"""Event buses that belong to a partner event source, and what AWS refuses to do with them."""

from __future__ import annotations

import time
from typing import Protocol

from gcbridge.sandbox.aws import bus_policies
from gcbridge.sandbox.aws.answers import (
    Answer,
    Handler,
    Request,
    answer_error,
    answer_not_matching,
    is_ok,
)
from gcbridge.sandbox.aws.partner_records import drop_record, find_offered
from gcbridge.sandbox.aws.partner_sources import source_not_found

# botocore's shapes NonPartnerEventBusName and NonPartnerEventBusNameOrArn: without a slash.
NON_PARTNER_NAME_PATTERN = r"[\.\-_A-Za-z0-9]+"
NON_PARTNER_NAME_OR_ARN_PATTERN = (
    r"(arn:aws[\w-]*:events:[a-z]{2}-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+"
)


class PutEvents(Protocol):
    """ministack's PutEvents, which its own services call with ``allow_aws_source``."""

    def __call__(self, data: Request, allow_aws_source: bool = False) -> Answer:
        """Answer the request."""


def refuse_custom_bus(name: str) -> Answer | None:
    """AWS's refusal of a name that only a partner bus may have."""
    if name.startswith("aws."):
        return answer_error("ValidationException", "EventBus name starting with 'aws.' is not valid.")
    if "/" in name:
        return answer_error("ValidationException", "Event bus name must not contain '/'.")
    return None


def refuse_partner_bus(name: str, source: str) -> Answer | None:
    """AWS's refusal of a partner bus whose source is another, missing or deleted."""
    if name != source:
        return answer_error("ValidationException", "Event bus name must match the event source name.")
    record = find_offered(source)
    if record is None:
        return source_not_found(source)
    if record["Deleted"]:
        return answer_error("InvalidStateException", f"Event source {source} is deleted.")
    return None


def create_event_bus(original: Handler, data: Request) -> Answer:
    """CreateEventBus: a bus of a partner's name needs its source, and associates it."""
    name, source = data.get("Name", ""), data.get("EventSourceName")
    refusal = refuse_partner_bus(name, source) if source else refuse_custom_bus(name)
    if refusal:
        return refusal
    answer = original(data)
    record = find_offered(source) if source else None
    if record and is_ok(answer):
        record["Deactivated"] = False
    return answer


def delete_event_bus(original: Handler, data: Request) -> Answer:
    """DeleteEventBus: the source goes back to PENDING, or away if the partner had deleted it."""
    record = find_offered(data.get("Name", ""))
    answer = original(data)
    if is_ok(answer):
        bus_policies.drop_policy(data.get("Name", ""))
    if record and is_ok(answer):
        record["Deactivated"] = False
        record["PendingSince"] = int(time.time())
        if record["Deleted"]:
            drop_record(record)
    return answer


def put_events(original: PutEvents, data: Request, allow_aws_source: bool = False) -> Answer:
    """PutEvents: customers can't put events on a partner bus, whatever source they claim."""
    for position, entry in enumerate(data.get("Entries", []), start=1):
        name = entry.get("EventBusName") or "default"
        if "/" in name.split(":event-bus/")[-1]:
            field = f"entries.{position}.member.eventBusName"
            return answer_not_matching(field, name, NON_PARTNER_NAME_OR_ARN_PATTERN)
    return original(data, allow_aws_source)


def put_permission(original: Handler, data: Request) -> Answer:
    """PutPermission: a partner bus has no resource policy."""
    name = data.get("EventBusName") or "default"
    if "/" in name:
        return answer_not_matching("eventBusName", name, NON_PARTNER_NAME_PATTERN)
    return bus_policies.put_permission(original, data)
