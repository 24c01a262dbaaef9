"""Archives of event buses: what is kept, for how long, and how the API shows it.

ministack keeps every event, answers DescribeArchive with all of them, and checks neither name nor
bus. Names, fields and limits follow the service model ``events/2015-10-07`` of botocore.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any, TypeAlias

from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge

from gcbridge.sandbox.aws.answers import (
    Answer,
    Handler,
    Request,
    answer_error,
    answer_not_matching,
    answer_ok,
)
from gcbridge.sandbox.aws.partner_sources import answer_page

Archive: TypeAlias = dict[str, Any]
Event: TypeAlias = dict[str, Any]

NAME_PATTERN = r"[\.\-_A-Za-z0-9]+"
# botocore's shape EventBusArn, of which the ARN of a partner bus is one.
BUS_ARN_PATTERN = r"arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:.+\/.+"
MAX_NAME_LENGTH = 48
SECONDS_PER_DAY = 24 * 3600

SUMMARY_FIELDS = ("ArchiveName", "EventSourceArn", "State", "RetentionDays", "CreationTime")
# These are left out where they were not given.
OPTIONAL_FIELDS = ("Description", "EventPattern", "KmsKeyIdentifier")
FILTERS = ("NamePrefix", "EventSourceArn", "State")


def refuse_name(field: str, name: str, longest: int) -> Answer | None:
    """The refusal of a name that is too long or has characters that names may not have."""
    if len(name) > longest:
        return answer_error(
            "ValidationException",
            f"1 validation error detected: Value '{name}' at '{field}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {longest}",
        )
    return None if re.fullmatch(NAME_PATTERN, name) else answer_not_matching(field, name, NAME_PATTERN)


def refuse_filters(operation: str, data: Request) -> Answer | None:
    """The refusal of a list call with more than one filter: "Filter parameters are exclusive"."""
    if sum(bool(data.get(name)) for name in FILTERS) <= 1:
        return None
    return answer_error(
        "ValidationException",
        f"At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix.",
    )


def passes_filters(name: str, record: dict[str, Any], data: Request) -> bool:
    """Whether an archive or a replay is among those that a list call asks for."""
    if not name.startswith(data.get("NamePrefix") or ""):
        return False
    return all(data.get(field) in {None, "", record[field]} for field in ("EventSourceArn", "State"))


def refuse_bus(arn: str) -> Answer | None:
    """The refusal of an ARN that is none, or of a bus that the caller does not have."""
    if not re.fullmatch(BUS_ARN_PATTERN, arn):
        return answer_not_matching("eventSourceArn", arn, f"^{BUS_ARN_PATTERN}$")
    name = arn.partition(":event-bus/")[2]
    bus = eventbridge._event_buses.get(name)
    if bus is None or bus["Arn"] != arn:
        return answer_error("ResourceNotFoundException", f"Event bus {name} does not exist.")
    return None


def create_archive(original: Handler, data: Request) -> Answer:
    """CreateArchive: of an existing bus, under a name that AWS takes."""
    name, bus = data.get("ArchiveName") or "", data.get("EventSourceArn") or ""
    return refuse_name("archiveName", name, MAX_NAME_LENGTH) or refuse_bus(bus) or original(data)


def archived_events(archive: Archive) -> list[tuple[int, str]]:
    """What the archive holds: each event's time, in epoch seconds, and the event as JSON.

    Events older than the retention are dropped now; ``RetentionDays`` 0 keeps them for ever.
    """
    oldest = time.time() - archive["RetentionDays"] * SECONDS_PER_DAY if archive["RetentionDays"] else 0
    archive["Events"] = [kept for kept in archive.get("Events", []) if kept[0] >= oldest]
    return [(kept[0], kept[1]) for kept in archive["Events"]]


def summarize(archive: Archive) -> dict[str, Any]:
    """The fields that ListArchives tells of an archive."""
    events = [text for _, text in archived_events(archive)]
    size = sum(len(text.encode()) for text in events)
    return {name: archive[name] for name in SUMMARY_FIELDS} | {"EventCount": len(events), "SizeBytes": size}


def archive_not_found(name: str) -> Answer:
    """The refusal for an archive that is not there."""
    return answer_error("ResourceNotFoundException", f"Archive {name} does not exist.")


def describe_archive(data: Request) -> Answer:
    """DescribeArchive: everything about an archive but the events in it."""
    archive = eventbridge._archives.get(data.get("ArchiveName"))
    if archive is None:
        return archive_not_found(data.get("ArchiveName", ""))
    optional = {name: archive[name] for name in OPTIONAL_FIELDS if archive.get(name)}
    return answer_ok({"ArchiveArn": archive["ArchiveArn"], **summarize(archive), **optional})


def list_archives(data: Request) -> Answer:
    """ListArchives: by prefix, bus or state, in pages."""
    refusal = refuse_filters("ListArchives", data)
    if refusal:
        return refusal
    archives = sorted(eventbridge._archives.items())
    views = [summarize(archive) for name, archive in archives if passes_filters(name, archive, data)]
    return answer_page("Archives", views, data)


def matching_archives(event: Event, view: Any) -> Iterator[Archive]:
    """Archives of the event's bus whose pattern it matches; none for a replayed event."""
    if event.get("ReplayName") is not None:
        return
    bus_arn = f"arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{event['EventBusName']}"
    for archive in eventbridge._archives.values():
        pattern = archive["EventPattern"]
        if archive["EventSourceArn"] == bus_arn and (
            not pattern or eventbridge._matches_pattern_view(pattern, view)
        ):
            yield archive


def archive_event(event: Event, view: Any = None) -> None:
    """Keep an event in every archive that it matches."""
    for archive in matching_archives(event, view or eventbridge._pattern_event_view(event)):
        # As text, which is copied by reference each time the state is saved.
        archive.setdefault("Events", []).append((int(event["Time"]), json.dumps(event)))
