"""Keeps the newest event of each entity in a DynamoDB table: an event that arrives late never replaces a newer one.

Environment: TABLE_NAME; KEY_PATH, where in the event its entity is named; TIME_PATH, paths separated by commas, the first
that holds a time counts, and the envelope's `time` where none does; TTL_DAYS, empty or absent: items never expire.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
KEY_PATH = "$.detail.topicName"
TIME_PATH = "$.detail.eventBody.eventTime,$.detail.timestamp"
NOT_OLDER = "attribute_not_exists(pk) OR event_time <= :t"

Event = Mapping[str, Any]
PutItem = Callable[..., Any]


class EventRefusedError(ValueError):
    """An event that cannot be kept, now or later: Lambda retries, then hands it to the function's dead-letter queue."""


@dataclass(frozen=True)
class Settings:
    """What the function's environment says.

    Args:
        table_name: table with the hash key `pk`, a string.
        key_path: path of the entity's name in the event.
        time_paths: paths of the event's time, the first that holds one counts.
        ttl_days: days from the event's time until its item expires; None: never.
    """

    table_name: str
    key_path: str = KEY_PATH
    time_paths: tuple[str, ...] = tuple(TIME_PATH.split(","))
    ttl_days: int | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables, with the defaults of the module's inputs."""
        days = environment.get("TTL_DAYS", "")
        return cls(
            table_name=environment["TABLE_NAME"],
            key_path=environment.get("KEY_PATH") or KEY_PATH,
            time_paths=tuple((environment.get("TIME_PATH") or TIME_PATH).split(",")),
            ttl_days=int(days) if days else None,
        )


def handle(event: Event, context: object) -> dict[str, bool]:  # noqa: ARG001
    """Lambda's way in; IAM action: dynamodb:PutItem on the table."""
    return {"kept": keep(event, Settings.from_environment(os.environ), _client().put_item)}


def keep(event: Event, settings: Settings, put_item: PutItem) -> bool:
    """The event is in the table afterwards, or a newer one of the same entity is.

    Args:
        event: an EventBridge event.
        settings: table and paths.
        put_item: PutItem of a DynamoDB client.

    Returns:
        False where the table holds a newer event. The same event twice is kept twice, with the same item.

    Raises:
        EventRefusedError: the event names no entity or has no time.
        ClientError: DynamoDB refused for another reason than a newer item.
    """
    item = make_item(event, settings)
    try:
        put_item(
            TableName=settings.table_name,
            Item=item,
            ConditionExpression=NOT_OLDER,
            ExpressionAttributeValues={":t": item["event_time"]},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        LOG.info("event %s of %s is older than the item", event.get("id"), item["event_time"]["S"])
        return False
    LOG.info("event %s of %s is kept", event.get("id"), item["event_time"]["S"])
    return True


def make_item(event: Event, settings: Settings) -> dict[str, dict[str, str]]:
    """The event as a DynamoDB item; its times come from the event alone, so that it is the same item each time."""
    time = find_time(event, settings.time_paths)
    item = {
        "pk": {"S": find_key(event, settings.key_path)},
        "event_time": {"S": format_time(time)},
        "event_id": {"S": str(event.get("id", ""))},
        "detail_type": {"S": str(event.get("detail-type", ""))},
        "event": {"S": json.dumps(event, ensure_ascii=False, separators=(",", ":"))},
    }
    if settings.ttl_days is not None:
        item["expires_at"] = {"N": str(int(time.timestamp()) + settings.ttl_days * 86_400)}
    return item


def find_key(event: Event, path: str) -> str:
    """The text or whole number at the path.

    Raises:
        EventRefusedError: there is neither.
    """
    value = read_path(event, path)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise EventRefusedError(f"event {event.get('id')} has no text or whole number at {path}")
    return str(value)


def find_time(event: Event, paths: tuple[str, ...]) -> datetime:
    """The first time that one of the paths holds, or the envelope's.

    Raises:
        EventRefusedError: no path holds a time and the envelope has none.
    """
    times = (parse_time(read_path(event, path)) for path in (*paths, "$.time"))
    found = next((time for time in times if time is not None), None)
    if found is None:
        raise EventRefusedError(f"event {event.get('id')} has no time at {', '.join(paths)} or $.time")
    return found


def parse_time(value: Any) -> datetime | None:
    """A time from ISO 8601 text or from milliseconds since 1970: Genesys writes eventTime in both ways."""
    try:
        if isinstance(value, str):
            # Python before 3.11 does not read 'Z'.
            time = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", value.strip()))
            return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return EPOCH + timedelta(milliseconds=value)
    except (ValueError, OverflowError):
        pass
    return None


def format_time(time: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, always 24 characters, so that the order of texts is the order of times."""
    return time.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_path(event: Any, path: str) -> Any:
    """What stands at a path such as `$.detail.topicName` or `$.resources[0]`, or None."""
    value = event
    for step in re.findall(r"[^.\[\]]+", path.strip().removeprefix("$")):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


@cache
def _client() -> Any:
    """One client for all events that this instance of the function sees."""
    return boto3.client("dynamodb")
