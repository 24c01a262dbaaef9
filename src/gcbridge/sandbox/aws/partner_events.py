"""PutPartnerEvents: the only door through which events get onto a partner event bus."""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.core.responses import new_uuid, request_scope
from ministack.services import eventbridge

from gcbridge.sandbox.aws.answers import Answer, Request, answer_error, answer_ok
from gcbridge.sandbox.aws.partner_records import SourceRecord, find_created, state_of
from gcbridge.sandbox.aws.telemetry import steps

MAX_ENTRIES = 20


def is_json_object(text: Any) -> bool:
    """Whether ``text`` is JSON that can be an event's detail."""
    try:
        return isinstance(json.loads(text), dict)
    except (TypeError, ValueError, RecursionError):
        return False


def find_entry_error(entry: Request) -> Request | None:
    """The per-entry error AWS would answer with, if the entry is not an event."""
    for field in ("Source", "DetailType", "Detail"):
        if not entry.get(field):
            reason = f"Parameter {field} is not valid. Reason: {field} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": reason}
    if not is_json_object(entry["Detail"]):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    return None


def build_event(entry: Request, record: SourceRecord, event_id: str) -> Request:
    """The event in ministack's form; ``time`` is the entry's, in whole seconds."""
    return {
        "EventId": event_id,
        "Source": record["Name"],
        "DetailType": entry["DetailType"],
        "Detail": entry["Detail"],
        "EventBusName": record["Name"],
        "Time": int(entry.get("Time") or time.time()),
        "Resources": entry.get("Resources") or [],
        "Account": record["Account"],
        "Region": record["Region"],
    }


def put_on_bus(event: Request) -> None:
    """Match the event against the rules and archives of the customer's bus, as that customer."""
    with request_scope(event["Account"], event["Region"]):
        steps.note_ingested(event)
        view = eventbridge._pattern_event_view(event)
        eventbridge._dispatch_event(event, view)
        eventbridge._archive_event(event, view)


def put_entry(entry: Request) -> Request:
    """One entry's result; an event for a source that is not ACTIVE is accepted and lost, as in AWS."""
    error = find_entry_error(entry)
    if error:
        return error
    records = find_created(entry["Source"])
    if not records:
        reason = f"Event source {entry['Source']} does not exist."
        return {"ErrorCode": "ResourceNotFoundException", "ErrorMessage": reason}
    event_id = new_uuid()
    for record in records:
        if state_of(record) == "ACTIVE":
            put_on_bus(build_event(entry, record, event_id))
    return {"EventId": event_id}


def put_partner_events(data: Request) -> Answer:
    """PutPartnerEvents, for the partner that created the entries' sources."""
    entries = data.get("Entries") or []
    if not 1 <= len(entries) <= MAX_ENTRIES:
        return answer_error(
            "ValidationException",
            f"1 validation error detected: Value at 'entries' failed to satisfy constraint: "
            f"Member must have length between 1 and {MAX_ENTRIES}",
        )
    results = [put_entry(entry) for entry in entries]
    failed = sum("ErrorCode" in result for result in results)
    return answer_ok({"FailedEntryCount": failed, "Entries": results})
