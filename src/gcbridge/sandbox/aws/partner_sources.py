"""Partner event sources as the EventBridge API shows them, to the customer and to the partner.

ministack answers these operations with constants. Names, fields and errors follow the service
model ``events/2015-10-07`` of botocore.
"""

from __future__ import annotations

import re
import time
from typing import Any

from ministack.services import eventbridge

from gcbridge.sandbox.aws.answers import Answer, Request, answer_error, answer_not_matching, answer_ok
from gcbridge.sandbox.aws.partner_records import (
    SourceRecord,
    add_record,
    all_created,
    all_offered,
    drop_record,
    expiration_of,
    find_created,
    find_offered,
    has_bus,
    new_record,
    state_of,
)

SOURCE_NAME_PATTERN = r"aws\.partner(/[\.\-_A-Za-z0-9]+){2,}"
ACCOUNT_PATTERN = r"\d{12}"
PAGE_SIZE = 100


def source_not_found(name: str) -> Answer:
    """The refusal for a source that is not there, or not there for this account and region."""
    return answer_error("ResourceNotFoundException", f"Event source {name} does not exist.")


def source_arn(record: SourceRecord) -> str:
    """The ARN of a source: its account field is empty, because it belongs to no customer."""
    return f"arn:aws:events:{record['Region']}::event-source/{record['Name']}"


def lifetime_fields(record: SourceRecord) -> dict[str, Any]:
    """State and times; ``ExpirationTime`` only while PENDING."""
    fields = {"CreationTime": record["CreationTime"], "State": state_of(record)}
    expiration = expiration_of(record)
    return fields if expiration is None else {**fields, "ExpirationTime": expiration}


def event_source(record: SourceRecord) -> dict[str, Any]:
    """The customer's view. ``CreatedBy`` is the partner's part of the name, ``aws.partner/genesys.com``."""
    partner = "/".join(record["Name"].split("/")[:2])
    return {
        "Arn": source_arn(record),
        "CreatedBy": partner,
        "Name": record["Name"],
        **lifetime_fields(record),
    }


def partner_source(record: SourceRecord) -> dict[str, Any]:
    """The partner's view, which tells neither state nor account."""
    return {"Arn": source_arn(record), "Name": record["Name"]}


def offered_account(record: SourceRecord) -> dict[str, Any]:
    """What the partner learns of the account it made an offer to."""
    return {"Account": record["Account"], **lifetime_fields(record)}


def answer_page(field: str, items: list[dict[str, Any]], data: Request) -> Answer:
    """One page of ``items`` under ``field``, with ``NextToken`` when there are more."""
    start = eventbridge._opaque_offset_decode(data.get("NextToken", ""))
    end = start + int(data.get("Limit", PAGE_SIZE))
    body: Request = {field: items[start:end]}
    if end < len(items):
        body["NextToken"] = eventbridge._opaque_offset_encode(end)
    return answer_ok(body)


def describe_event_source(data: Request) -> Answer:
    """DescribeEventSource, for the customer."""
    record = find_offered(data.get("Name", ""))
    return answer_ok(event_source(record)) if record else source_not_found(data.get("Name", ""))


def list_event_sources(data: Request) -> Answer:
    """ListEventSources, for the customer: all of them, or those with ``NamePrefix``."""
    prefix = data.get("NamePrefix", "")
    records = [record for record in all_offered() if record["Name"].startswith(prefix)]
    return answer_page("EventSources", [event_source(record) for record in records], data)


def switch_source(data: Request, *, deactivated: bool) -> Answer:
    """Pause or resume a source; only one that has a bus can be either."""
    record = find_offered(data.get("Name", ""))
    if record is None:
        return source_not_found(data.get("Name", ""))
    if record["Deleted"] or not has_bus(record):
        return answer_error(
            "InvalidStateException", "The specified state is not a valid state for an event source."
        )
    record["Deactivated"] = deactivated
    record["PendingSince"] = int(time.time())
    return answer_ok({})


def activate_event_source(data: Request) -> Answer:
    """ActivateEventSource, for the customer."""
    return switch_source(data, deactivated=False)


def deactivate_event_source(data: Request) -> Answer:
    """DeactivateEventSource, for the customer: the bus stays, the source goes back to PENDING."""
    return switch_source(data, deactivated=True)


def create_partner_event_source(data: Request) -> Answer:
    """CreatePartnerEventSource: the calling account is the partner, its region is the source's."""
    name, account = data.get("Name", ""), data.get("Account", "")
    if not re.fullmatch(SOURCE_NAME_PATTERN, name):
        return answer_not_matching("name", name, SOURCE_NAME_PATTERN)
    if not re.fullmatch(ACCOUNT_PATTERN, account):
        return answer_not_matching("account", account, ACCOUNT_PATTERN)
    if any(record["Account"] == account for record in find_created(name)):
        return answer_error("ResourceAlreadyExistsException", f"Event source {name} already exists.")
    record = new_record(name, account)
    add_record(record)
    return answer_ok({"EventSourceArn": source_arn(record)})


def delete_partner_event_source(data: Request) -> Answer:
    """DeletePartnerEventSource: a bus that exists stays, and its source then reads DELETED.

    The service model knows no error for a source that is not there, so that is no error here.
    """
    for record in find_created(data.get("Name", "")):
        if record["Account"] == data.get("Account"):
            record["Deleted"] = True
            if not has_bus(record):
                drop_record(record)
    return answer_ok({})


def describe_partner_event_source(data: Request) -> Answer:
    """DescribePartnerEventSource, for the partner."""
    records = find_created(data.get("Name", ""))
    return answer_ok(partner_source(records[0])) if records else source_not_found(data.get("Name", ""))


def list_partner_event_sources(data: Request) -> Answer:
    """ListPartnerEventSources, for the partner."""
    views = {record["Name"]: partner_source(record) for record in all_created()}
    prefix = data.get("NamePrefix", "")
    return answer_page("PartnerEventSources", [views[n] for n in sorted(views) if n.startswith(prefix)], data)


def list_partner_event_source_accounts(data: Request) -> Answer:
    """ListPartnerEventSourceAccounts, for the partner: whom a source was offered to, and its state there."""
    name = data.get("EventSourceName", "")
    records = find_created(name)
    if not records:
        return source_not_found(name)
    return answer_page("PartnerEventSourceAccounts", [offered_account(record) for record in records], data)
