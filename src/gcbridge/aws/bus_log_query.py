"""One Logs Insights query over a bus's log, and what its lines mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from botocore.exceptions import ClientError

from gcbridge.aws.door import aws_call
from gcbridge.aws.following.sighting import UUID
from gcbridge.aws.session import Aws
from gcbridge.model.proof import BusLogEntry

IDS_AT_ONCE = 900
"""Of ids that are cut to their first eight characters; the text of a query may have 10,000 characters."""
MOST_LINES = 10_000
"""GetQueryResults gives no more."""
LOOK_AGAIN_SECONDS = 0.5
ENDED = {"Failed": "failed", "Cancelled": "was cancelled", "Timeout": "timed out"}
LATEST = timedelta(minutes=5)
"""How far the clock of AWS may be ahead."""
STEPS = (
    "EVENT_RECEIPT",
    "EVENT_INGEST_SUCCESS",
    "EVENT_INGEST_FAILURE",
    "RULE_MATCH_START",
    "RULE_MATCH",
    "NO_STANDARD_RULES_MATCHED",
    "INVOCATION_START",
    "INVOCATION_ATTEMPT_START",
)
"""Steps that come first, in their order; lines of one millisecond are told apart by it."""


@dataclass(frozen=True, slots=True)
class Timing:
    """From when on lines count, and how long to wait for them.

    Args:
        since: time of the first line.
        timeout_seconds: how long a query may take.
        sleep: what waits.
        clock: what tells the time, in seconds.
    """

    since: datetime
    timeout_seconds: float
    sleep: Callable[[float], None]
    clock: Callable[[], float]


def read_lines(
    aws: Aws, groups: Sequence[str], event_ids: Collection[str], timing: Timing
) -> tuple[tuple[BusLogEntry, ...], str]:
    """The lines of these events in the order of time, and why there may be more; one query for 900 events.

    Raises:
        AwsError: CloudWatch Logs refused or could not be reached.

    IAM actions: logs:StartQuery, logs:GetQueryResults, logs:StopQuery.
    """
    found: list[BusLogEntry] = []
    details: list[str] = []
    ordered = sorted(set(event_ids))
    for start in range(0, len(ordered), IDS_AT_ONCE):
        rows, detail = _query(aws, groups, ordered[start : start + IDS_AT_ONCE], timing)
        found += (entry for row in rows if (entry := _read_row(row)).event_id in event_ids)
        details += [detail] if detail else []
    return tuple(sorted(found, key=_position)), "; ".join(dict.fromkeys(details))


def _query(
    aws: Aws, groups: Sequence[str], event_ids: Sequence[str], timing: Timing
) -> tuple[list[dict[str, str]], str]:
    named = ", ".join(groups)
    with aws_call(aws.logs, "reading the event bus's log", where=named):
        try:
            query_id = aws.logs.start_query(
                logGroupNames=list(groups),
                startTime=int(timing.since.timestamp()),
                endTime=int((datetime.now(timezone.utc) + LATEST).timestamp()),
                queryString=query_text(event_ids),
            )["queryId"]
        except aws.logs.exceptions.ResourceNotFoundException:
            return [], f"log group {named} does not exist"
        is_over = False
        try:
            rows, detail, is_over = _await(aws, query_id, timing)
        finally:
            # Whatever ends the wait, Ctrl-C too: a query that nobody reads goes on and is billed.
            if not is_over:
                with suppress(ClientError):
                    aws.logs.stop_query(queryId=query_id)
    return rows, detail


def query_text(event_ids: Sequence[str]) -> str:
    """The query, which is as short as it can be: most of an id tells it from all others.

    >>> query_text(["17793124-05d4-b198-2fde-7ededc63b103"]).splitlines()[1]
    '| filter @message like /17793124/'
    """
    parts = sorted({each[:8] if UUID.fullmatch(each) else _escaped(each) for each in event_ids})
    lines = [
        "fields @timestamp, @message",
        f"filter @message like /{'|'.join(parts)}/",
        "sort @timestamp asc",
        f"limit {MOST_LINES}",
    ]
    return "\n| ".join(lines)


def _escaped(text: str) -> str:
    return re.escape(text).replace("/", r"\/")


def _await(aws: Aws, query_id: str, timing: Timing) -> tuple[list[dict[str, str]], str, bool]:
    """Rows, why they may not be all, and whether the query is over."""
    started = timing.clock()
    while True:
        answer = aws.logs.get_query_results(queryId=query_id)
        status = answer["status"]
        if status == "Complete":
            rows = [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]
            cut = f"only the first {MOST_LINES} lines were read" if len(rows) >= MOST_LINES else ""
            return rows, cut, True
        if status in ENDED:
            return [], f"the query of the event bus's log {ENDED[status]}", True
        if timing.clock() - started >= timing.timeout_seconds:
            return (
                [],
                f"the query of the event bus's log did not end in {timing.timeout_seconds:.0f} s",
                False,
            )
        timing.sleep(LOOK_AGAIN_SECONDS)


def _read_row(row: Mapping[str, str]) -> BusLogEntry:
    """A line; one that is not as AWS describes it has neither event nor step."""
    try:
        line = json.loads(row.get("@message", ""))
    except ValueError:
        line = {}
    line = line if isinstance(line, dict) else {}
    details: Mapping[str, Any] = line.get("details") or {}
    error: Mapping[str, Any] = line.get("error") or {}
    status = details.get("final_invocation_status") or details.get("invocation_status") or ""
    failed = "FAILURE" in str(line.get("message_type")) or line.get("message_type") == "INVOCATION_DLQ"
    return BusLogEntry(
        at=_moment(line.get("message_timestamp_ms"), row.get("@timestamp", "")),
        event_id=str(line.get("event_id", "")),
        message_type=str(line.get("message_type", "")),
        rule=str(details.get("rule_arn") or "").rpartition("/")[2],
        target=_target(details),
        error=str(error.get("error_message") or (status if failed else "")),
    )


def _target(details: Mapping[str, Any]) -> str:
    several = details.get("target_arns") or []
    arn = details.get("target_arn") or (several[0] if len(several) == 1 else "")
    # The ARN of a log group may end in `:*`.
    return str(arn).removesuffix(":*")


def _moment(milliseconds: Any, timestamp: str) -> datetime:
    """The line's own time, else the one that CloudWatch Logs keeps, which has no time zone and is UTC."""
    if str(milliseconds).isdigit():
        return datetime.fromtimestamp(int(milliseconds) / 1000, timezone.utc)
    return datetime.fromisoformat(timestamp).replace(tzinfo=timezone.utc)


def _position(entry: BusLogEntry) -> tuple[datetime, int]:
    steps = STEPS.index(entry.message_type) if entry.message_type in STEPS else len(STEPS)
    return entry.at, steps
