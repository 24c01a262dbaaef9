"""Looks for an event in a DynamoDB table that keeps the newest event of each entity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.aws.sighting import Sighting
from gcbridge.model.target import DynamodbTarget
from gcbridge.study.input_transformer import MISSING, value_at


def find_in_table(aws: Aws, target: DynamodbTarget, event: Mapping[str, Any]) -> Sighting:
    """The entity's item is of this event; where it is of another one, a newer one may have taken its place.

    Args:
        aws: where the table is.
        target: the table, and where in the event its entity is named.
        event: whole EventBridge event.

    Raises:
        AwsError: DynamoDB refused or could not be reached.

    IAM action: dynamodb:GetItem.
    """
    name, key = target.table_name, value_at(event, target.spec.key_path)
    if key is MISSING or isinstance(key, bool) or not isinstance(key, str | int) or key == "":
        why = f"the event names no entity at {target.spec.key_path}, and the function refuses such events"
        return Sighting(delivered=False, detail=why, final=True)
    dynamodb = aws.client("dynamodb")
    with aws_call(dynamodb, "looking for an event in a table", where=name):
        try:
            item = dynamodb.get_item(TableName=name, Key={"pk": {"S": str(key)}}, ConsistentRead=True).get(
                "Item"
            )
        except dynamodb.exceptions.ResourceNotFoundException:
            return Sighting(delivered=False, detail=f"table {name} does not exist")
    if item is None:
        return Sighting(delivered=False, detail=f"table {name} has no item {key}")
    found = item.get("event_id", {}).get("S", "")
    if found == event["id"]:
        return Sighting(delivered=True, detail=f"in item {key} of table {name}", final=True)
    return _another(name, str(key), item, event)


def _another(name: str, key: str, item: Mapping[str, Any], event: Mapping[str, Any]) -> Sighting:
    """The envelope's time is not what decides, so that only the order of both is told, and not more."""
    found, time = item.get("event_id", {}).get("S", ""), item.get("event_time", {}).get("S", "")
    what = f"item {key} of table {name} is of event {found}, {time}"
    if time[:19] > event["time"][:19]:
        return Sighting(delivered=True, detail=f"or a newer one: {what}", final=True)
    return Sighting(delivered=None, detail=f"{what}; whether that is newer cannot be told")
