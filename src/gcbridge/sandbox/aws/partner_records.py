"""What is remembered of a partner event source, and the state that follows from it.

A record lives under the account and region it was created *for*, so that a caller with another
account or another region does not see it. It holds facts only; the state is computed, because a
source is ACTIVE exactly while a bus of its name exists.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Literal, TypeAlias, TypedDict

from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge

State: TypeAlias = Literal["PENDING", "ACTIVE", "DELETED"]

# "If it remains in PENDING state for more than two weeks, it is deleted": API text of DeactivateEventSource.
PENDING_LIFETIME_SECONDS = 14 * 24 * 3600


class SourceRecord(TypedDict):
    """A partner event source as it is kept and persisted; times are epoch seconds."""

    Name: str
    Account: str
    Region: str
    PartnerAccount: str
    CreationTime: int
    PendingSince: int
    Deactivated: bool
    Deleted: bool


def new_record(name: str, account: str) -> SourceRecord:
    """A source that the caller, as partner, offers to ``account`` in the caller's region.

    A bus left over from a deleted source of the same name has to be associated again before it
    receives events, so the new source starts out deactivated.
    """
    now = int(time.time())
    region = get_region()
    return SourceRecord(
        Name=name,
        Account=account,
        Region=region,
        PartnerAccount=get_account_id(),
        CreationTime=now,
        PendingSince=now,
        Deactivated=eventbridge._event_buses.contains_scoped(account, region, name),
        Deleted=False,
    )


def has_bus(record: SourceRecord) -> bool:
    """Whether the customer has a bus of the source's name."""
    return bool(eventbridge._event_buses.contains_scoped(record["Account"], record["Region"], record["Name"]))


def state_of(record: SourceRecord) -> State:
    """The state AWS would report for the source now."""
    if record["Deleted"]:
        return "DELETED"
    return "ACTIVE" if has_bus(record) and not record["Deactivated"] else "PENDING"


def expiration_of(record: SourceRecord) -> int | None:
    """When AWS will drop the source (epoch seconds), or None unless it is PENDING."""
    if state_of(record) != "PENDING":
        return None
    return record["PendingSince"] + PENDING_LIFETIME_SECONDS


def is_gone(record: SourceRecord) -> bool:
    """Whether the source is no longer there: it expired, or nothing is left but its deletion."""
    if record["Deleted"]:
        return not has_bus(record)
    expiration = expiration_of(record)
    return expiration is not None and expiration < time.time()


def add_record(record: SourceRecord) -> None:
    """Remember the source, in place of a former one of the same name, account and region."""
    eventbridge._partner_event_sources.set_scoped(record["Account"], record["Region"], record["Name"], record)


def drop_record(record: SourceRecord) -> None:
    """Forget the source."""
    eventbridge._partner_event_sources.pop_scoped(record["Account"], record["Region"], record["Name"], None)


def find_offered(name: str) -> SourceRecord | None:
    """The source of that name that was offered to the caller's account in the caller's region."""
    record: SourceRecord | None = eventbridge._partner_event_sources.get(name)
    return None if record is None or is_gone(record) else record


def all_offered() -> list[SourceRecord]:
    """Every source offered to the caller's account in the caller's region, by name."""
    records = [record for record in eventbridge._partner_event_sources.values() if not is_gone(record)]
    return sorted(records, key=lambda record: record["Name"])


def all_created() -> Iterator[SourceRecord]:
    """Every source that the caller, as partner, created in the caller's region and has not deleted."""
    for record in eventbridge._partner_event_sources.to_dict().values():
        mine = record["PartnerAccount"] == get_account_id() and record["Region"] == get_region()
        if mine and not record["Deleted"] and not is_gone(record):
            yield record


def find_created(name: str) -> list[SourceRecord]:
    """The sources of that name that the caller created: one for each account it was offered to."""
    return [record for record in all_created() if record["Name"] == name]


def every_record() -> Iterator[SourceRecord]:
    """Every source there is, whoever made it for whomever."""
    for record in eventbridge._partner_event_sources.to_dict().values():
        if not is_gone(record):
            yield record
