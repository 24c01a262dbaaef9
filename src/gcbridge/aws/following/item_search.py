"""Looks for events in a DynamoDB table that keeps the newest event of each entity."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.following.sighting import Sighting, alike
from gcbridge.aws.session import Aws
from gcbridge.model.target import DynamodbTarget
from gcbridge.study.input_transformer import MISSING, value_at

KEYS_AT_ONCE = 100
"""Items that BatchGetItem gives at most."""

Item = Mapping[str, Any]


@dataclass
class ItemSearch:
    """The entity's item is of an event; where it is of another one, a newer one may have taken its place.

    Args:
        aws: where the table is.
        target: the table, and where in an event its entity is named.
        events: id -> whole EventBridge event.
    """

    aws: Aws
    target: DynamodbTarget
    events: Mapping[str, Mapping[str, Any]]

    def look(self, wanted: Collection[str]) -> dict[str, Sighting]:
        """One look, at the items of all entities at once. An item does not say when it was written.

        Raises:
            AwsError: DynamoDB refused or could not be reached.

        IAM action: dynamodb:BatchGetItem.
        """
        keys = {event_id: self._key(event_id) for event_id in wanted}
        named = sorted({key for key in keys.values() if key is not None})
        name, dynamodb = self.target.table_name, self.aws.client("dynamodb")
        with aws_call(dynamodb, "looking for events in a table", where=name):
            try:
                items, unread = _read_items(dynamodb, name, named)
            except dynamodb.exceptions.ResourceNotFoundException:
                return alike(wanted, Sighting(False, f"table {name} does not exist"))
        return {
            event_id: self._judge(event_id, key, items.get(key or ""), key in unread)
            for event_id, key in keys.items()
        }

    def _key(self, event_id: str) -> str | None:
        key = value_at(self.events[event_id], self.target.spec.key_path)
        named = key is not MISSING and not isinstance(key, bool) and isinstance(key, str | int) and key != ""
        return str(key) if named else None

    def _judge(self, event_id: str, key: str | None, item: Item | None, is_unread: bool) -> Sighting:
        name = self.target.table_name
        if key is None:
            path = self.target.spec.key_path
            why = f"the event names no entity at {path}, and the function refuses such events"
            return Sighting(False, why, final=True)
        if is_unread:
            return Sighting(None, f"table {name} did not give item {key}")
        if item is None:
            return Sighting(False, f"table {name} has no item {key}")
        if item.get("event_id", {}).get("S", "") == event_id:
            return Sighting(True, f"in item {key} of table {name}", final=True)
        return _another(name, key, item, self.events[event_id])


def _read_items(dynamodb: Any, table: str, keys: Sequence[str]) -> tuple[dict[str, Item], set[str]]:
    """Key -> item, of those that are there; and the keys that DynamoDB left for another time."""
    items, unread = dict[str, Item](), set[str]()
    for batch in _batches(keys):
        wanted = {"Keys": [{"pk": {"S": key}} for key in batch], "ConsistentRead": True}
        answer = dynamodb.batch_get_item(RequestItems={table: wanted})
        items |= {item["pk"]["S"]: item for item in answer.get("Responses", {}).get(table, [])}
        left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        unread |= {key["pk"]["S"] for key in left}
    return items, unread


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, KEYS_AT_ONCE)):
        yield batch


def _another(name: str, key: str, item: Item, event: Mapping[str, Any]) -> Sighting:
    """The envelope's time is not what decides, so that only the order of both is told, and not more."""
    found, time = item.get("event_id", {}).get("S", ""), item.get("event_time", {}).get("S", "")
    what = f"item {key} of table {name} is of event {found}, {time}"
    if time[:19] > event["time"][:19]:
        return Sighting(True, f"or a newer one: {what}", final=True)
    return Sighting(None, f"{what}; whether that is newer cannot be told")
