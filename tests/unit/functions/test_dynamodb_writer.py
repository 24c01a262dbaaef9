"""The function behind target-dynamodb keeps the newest event of each entity, whatever order they come in."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

HANDLER = Path(__file__).parents[3] / "modules" / "target-dynamodb" / "function" / "handler.py"


def load_handler():
    """The packaged file, which is no part of the gcbridge package."""
    spec = importlib.util.spec_from_file_location("dynamodb_writer", HANDLER)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


handler = load_handler()

TABLE = handler.Settings("events")
TOPIC = "v2.users.e40f28ea-fa86-493f-a5b8-d559c8533c96.presence"


class Table:
    """One DynamoDB table that knows the one condition the function writes."""

    def __init__(self, name="events"):
        self.name = name
        self.items = {}

    def put_item(self, *, TableName, Item, ConditionExpression, ExpressionAttributeValues):  # noqa: N803
        """PutItem as the function calls it."""
        assert TableName == self.name
        assert ConditionExpression == "attribute_not_exists(pk) OR event_time <= :t"
        there = self.items.get(Item["pk"]["S"])
        if there and not there["event_time"]["S"] <= ExpressionAttributeValues[":t"]["S"]:
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
        self.items[Item["pk"]["S"]] = Item


@pytest.fixture
def table():
    return Table()


def an_event(event_time="2026-11-24T09:00:00.000Z", *, topic=TOPIC, **envelope):
    """An event as Genesys sends it; `event_time` None: without one."""
    body = {} if event_time is None else {"eventTime": event_time}
    return {
        "version": "0",
        "id": "11111111-2222-4333-8444-777777777777",
        "detail-type": "v2.users.{id}.presence",
        "source": "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev",
        "time": "2026-11-24T09:00:07Z",
        "detail": {"topicName": topic, "eventBody": body, "timestamp": "2026-11-24T09:00:05.120Z"},
        **envelope,
    }


def keep(event, table, settings=TABLE):
    return handler.keep(event, settings, table.put_item)


def test_an_event_becomes_an_item(table):
    """The entity is the key; the whole event is kept as text."""
    event = an_event()

    assert keep(event, table)

    item = table.items[TOPIC]
    assert json.loads(item.pop("event")["S"]) == event
    assert item == {
        "pk": {"S": TOPIC},
        "event_time": {"S": "2026-11-24T09:00:00.000Z"},
        "event_id": {"S": "11111111-2222-4333-8444-777777777777"},
        "detail_type": {"S": "v2.users.{id}.presence"},
    }


def test_a_late_event_replaces_nothing(table):
    """EventBridge and retries keep no order, so the event's own time decides."""
    newer, older = an_event("2026-11-24T09:00:00.001Z", id="newer"), an_event(1795510800000, id="older")

    assert [keep(event, table) for event in (newer, older)] == [True, False]
    assert table.items[TOPIC]["event_id"] == {"S": "newer"}


def test_the_order_of_arrival_does_not_matter(table):
    """Forwards or backwards, the newest event is there in the end."""
    events = [an_event(f"2026-11-24T09:00:0{second}Z", id=str(second)) for second in range(5)]
    backwards = Table()
    for event in events:
        keep(event, table)
    for event in reversed(events):
        keep(event, backwards)

    assert table.items == backwards.items
    assert table.items[TOPIC]["event_id"] == {"S": "4"}


def test_the_same_event_twice_is_one_item(table):
    """EventBridge delivers at least once."""
    settings = handler.Settings("events", ttl_days=30)
    keep(an_event(), table, settings)
    once = dict(table.items)

    assert keep(an_event(), table, settings)
    assert table.items == once


def test_entities_do_not_meet(table):
    keep(an_event(topic="v2.users.a.presence"), table)
    keep(an_event("2020-01-01T00:00:00Z", topic="v2.users.b.presence"), table)

    assert sorted(table.items) == ["v2.users.a.presence", "v2.users.b.presence"]


def test_items_expire_after_the_events_time():
    """Seconds since 1970, counted from the event and not from now."""
    item = handler.make_item(an_event("1970-01-02T00:00:00Z"), handler.Settings("events", ttl_days=1))

    assert item["expires_at"] == {"N": str(2 * 86_400)}


@pytest.mark.parametrize("topic", [None, "", True, 1.5, {"id": 1}, ["a"]])
def test_an_event_without_an_entity_is_an_error(table, topic):
    """Lambda hands it to the function's dead-letter queue."""
    with pytest.raises(
        handler.EventRefusedError, match=r"7777 has no text or whole number at \$\.detail\.topicName"
    ):
        keep(an_event(topic=topic), table)

    assert table.items == {}


def test_an_event_without_a_time_is_an_error(table):
    event = an_event(None, time="yesterday")
    del event["detail"]["timestamp"]

    with pytest.raises(handler.EventRefusedError, match=r"no time at .*eventTime, .*timestamp or \$\.time"):
        keep(event, table)


def test_other_refusals_of_dynamodb_are_errors():
    """Throttling or a missing permission must be seen, and the event must come again."""

    def refuse(**_):
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutItem")

    with pytest.raises(ClientError, match="AccessDenied"):
        handler.keep(an_event(), TABLE, refuse)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00.000Z"),
        ("2026-11-24T09:00:00.123Z", "2026-11-24T09:00:00.123Z"),
        ("2026-11-24T09:00:00.123456Z", "2026-11-24T09:00:00.123Z"),
        ("2026-11-24T10:00:00.123+01:00", "2026-11-24T09:00:00.123Z"),
        ("2026-11-24T09:00:00", "2026-11-24T09:00:00.000Z"),
        (1765551630042, "2025-12-12T15:00:30.042Z"),
        (0, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_times_have_one_form(written, kept):
    """Texts of one width sort as their times do, which is all that DynamoDB compares."""
    assert handler.make_item(an_event(written), TABLE)["event_time"] == {"S": kept}


@pytest.mark.parametrize("written", [None, "soon", True, 10**30, {}])
def test_without_an_event_time_the_time_of_sending_counts(written):
    assert handler.make_item(an_event(written), TABLE)["event_time"] == {"S": "2026-11-24T09:00:05.120Z"}


def test_without_any_time_of_genesys_the_envelopes_counts():
    event = an_event(None)
    del event["detail"]["timestamp"]

    assert handler.make_item(event, TABLE)["event_time"] == {"S": "2026-11-24T09:00:07.000Z"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.detail.topicName", "t"),
        ("$.detail-type", "d"),
        ("$.resources[0]", "r"),
        ("$.detail.changes[1].name", "second"),
        ("$.resources[1]", None),
        ("$.resources.name", None),
        ("$.detail.topicName.more", None),
    ],
)
def test_paths(path, found):
    event = {
        "detail-type": "d",
        "resources": ["r"],
        "detail": {"topicName": "t", "changes": [{"name": "first"}, {"name": "second"}]},
    }

    assert handler.read_path(event, path) == found


def test_settings_come_from_the_environment():
    settings = handler.Settings.from_environment(
        {"TABLE_NAME": "t", "KEY_PATH": "$.id", "TIME_PATH": "$.time,$.detail.at", "TTL_DAYS": "7"}
    )

    assert settings == handler.Settings("t", "$.id", ("$.time", "$.detail.at"), 7)
    assert handler.Settings.from_environment({"TABLE_NAME": "events", "TTL_DAYS": ""}) == TABLE


def test_a_table_must_be_named():
    with pytest.raises(KeyError, match="TABLE_NAME"):
        handler.Settings.from_environment({})
