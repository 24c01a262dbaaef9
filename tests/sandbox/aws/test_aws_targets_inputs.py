"""What a target receives, where that is more than the table of kinds shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from customer_world import RULE, Fields, World
from kinds_of_target import (
    GROUP,
    make_cluster,
    make_delivery_stream,
    make_fifo_queue,
    make_log_group,
    make_state_machine,
    make_stream,
    objects_in_bucket,
    received_by_log_group,
    records_of_stream,
    tasks_in_cluster,
)

from gcbridge.sandbox.aws.deliveries.partition_keys import extract_keys

DETAIL = {"user": "u1", "queues": [{"name": "first"}, {"name": "second"}], "n": 3}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Input": '{"fixed": 1}'}, {"fixed": 1}),
        ({"InputPath": "$.detail.queues[0]"}, {"name": "first"}),
        ({"InputPath": "$.detail.queues[*].name"}, ["first", "second"]),
        ({"InputPath": "$.detail.n"}, 3),
    ],
)
def test_constant_and_path(world: World, fields: Fields, expected: Any) -> None:
    """A constant, an element, every element, a number."""
    world.bridge.add_rule(RULE, {"Id": "q", "Arn": world.bridge.add_queue("q", RULE), **fields})
    world.bridge.send(DETAIL)
    assert [json.loads(body) for body in world.messages("q")] == [expected]


@pytest.mark.parametrize(
    ("path", "rendered"),
    [
        ("$.detail.queues[1].name", '"second"'),
        ("$.detail.queues[7].name", '""'),
        ("$.detail.queues[*].name", '["first", "second"]'),
        ("$.detail.queues[0]", '{"name": "first"}'),
    ],
)
def test_paths_of_a_transformer(world: World, path: str, rendered: str) -> None:
    """Array indices and wildcards; what is not there is an empty text."""
    transformer = {"InputPathsMap": {"it": path}, "InputTemplate": '{"it": <it>}'}
    queue = world.bridge.add_queue("q", RULE)
    world.bridge.add_rule(RULE, {"Id": "q", "Arn": queue, "InputTransformer": transformer})
    world.bridge.send(DETAIL)
    assert world.messages("q") == [f'{{"it": {rendered}}}']


@pytest.mark.parametrize(("path", "key"), [("$.detail.user", "u1"), ("$.detail.none", None), (None, None)])
def test_the_partition_key(world: World, path: str | None, key: str | None) -> None:
    """What the path names; the event's id if there is none, or it names nothing."""
    target = make_stream(world)
    target["KinesisParameters"] = {"PartitionKeyPath": path}
    if path is None:
        del target["KinesisParameters"]
    world.bridge.add_rule(RULE, {"Id": "t", **target})
    event_id = world.bridge.send(DETAIL)["EventId"]
    assert [record["PartitionKey"] for record in records_of_stream(world)] == [key or event_id]


def test_the_group_of_a_message_can_come_from_the_event(world: World) -> None:
    """``MessageGroupId`` may be a path."""
    world.bridge.add_rule(RULE, {"Id": "t", **make_fifo_queue(world)})
    world.bridge.send(DETAIL)
    sqs = world.aws("sqs")
    url = sqs.get_queue_url(QueueName="q.fifo")["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["MessageGroupId"])
    assert answer["Messages"][0]["Attributes"]["MessageGroupId"] == "u1"


def test_an_object_of_firehose(world: World) -> None:
    """Prefix with the date, compressed and with the extension for it, one line an event."""
    world.bridge.add_rule(RULE, {"Id": "t", **make_delivery_stream(world), "Input": '{"n": 1}'})
    world.bridge.send(DETAIL)
    ((key, body),) = objects_in_bucket(world).items()
    assert key.startswith("calls/20")
    assert key.endswith(".gz")
    assert body[:2] == b"\x1f\x8b"


MODULE = Path(__file__).parents[3] / "modules" / "target-firehose" / "main.tf"
BY_TOPIC = json.loads(re.search(r'topic_query *= *(".*")\n', MODULE.read_text())[1])
"""What modules/target-firehose asks for, in the module's own words."""


def test_dynamic_partitioning_by_topic(world: World) -> None:
    """The topic, made safe for a path, is part of the key."""
    query = [
        {"ParameterName": "MetadataExtractionQuery", "ParameterValue": BY_TOPIC},
        {"ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6"},
    ]
    processors = [{"Type": "MetadataExtraction", "Parameters": query}]
    target = make_delivery_stream(
        world,
        Prefix="topic=!{partitionKeyFromQuery:topic}/",
        DynamicPartitioningConfiguration={"Enabled": True},
        ProcessingConfiguration={"Enabled": True, "Processors": processors},
    )
    world.bridge.add_rule(RULE, {"Id": "t", **target})
    world.bridge.send(DETAIL)
    (key,) = objects_in_bucket(world)
    assert key.startswith("topic=v2.detail.events.conversation._id_.user.end/")


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        (BY_TOPIC, {"topic": "v2.a._id_"}),
        ('{a: (.detail.user // "none")}', {"a": "u1"}),
        ('{a: (.detail.none // .none // "none")}', {"a": "none"}),
        ('{a: (.detail."user" | ascii_upcase), b: .detail["n"]}', {"a": "U1", "b": "3"}),
        ("{a: (.detail.queues[1].name | tostring)}", {"a": "second"}),
    ],
)
def test_partition_keys(query: str, keys: dict[str, str]) -> None:
    """What jq makes of a record."""
    assert extract_keys(query, {"detail-type": "v2.a.{id}", "detail": DETAIL}) == keys


@pytest.mark.parametrize("query", ["", "{a: .none}", "{a: (.a}", "{a: keys}", "{a: .a} b", ".detail.user"])
def test_expressions_without_keys(query: str) -> None:
    """An error, which sends the record to the error prefix."""
    with pytest.raises(ValueError, match=r"jq|scalar|object|compile|error"):
        extract_keys(query, {"detail": DETAIL})


@pytest.mark.parametrize(
    "template",
    [
        '{"text": "m"}',
        '{"timestamp": "soon", "message": "m"}',
        '{"timestamp": 1, "message": {"m": 1}}',
        '"m"',
    ],
)
def test_a_log_group_takes_transformed_input_of_one_form_only(world: World, template: str) -> None:
    """``{"timestamp": …, "message": "…"}``; anything else is a dead letter."""
    transformer = {"InputTransformer": {"InputPathsMap": {}, "InputTemplate": template}}
    dead = world.add_dead_letter_queue()
    world.bridge.add_rule(RULE, {"Id": "t", **make_log_group(world), **transformer, **dead})
    world.bridge.send(DETAIL)
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == ["INVALID_PARAMETER"]
    assert received_by_log_group(world) == []


def test_a_log_entry_has_the_time_of_the_transformed_input(world: World) -> None:
    """Milliseconds, or a time as events have it."""
    template = '{"timestamp": <at>, "message": "m"}'
    transformer = {"InputPathsMap": {"at": "$.time"}, "InputTemplate": template}
    world.bridge.add_rule(RULE, {"Id": "t", **make_log_group(world), "InputTransformer": transformer})
    world.bridge.send(DETAIL, Time=1700000000)
    (entry,) = world.aws("logs").filter_log_events(logGroupName=GROUP)["events"]
    assert (entry["timestamp"], entry["message"]) == (1700000000000, "m")


def test_a_task_without_input_gets_nothing_of_the_event(world: World) -> None:
    """As documented for PutTargets; who started the task is the rule."""
    world.bridge.add_rule(RULE, {"Id": "t", **make_cluster(world)})
    world.bridge.send(DETAIL)
    (task,) = tasks_in_cluster(world)
    assert task["overrides"] == {}
    assert task["startedBy"] == "events-rule/all"
    assert task["launchType"] == "FARGATE"


@pytest.mark.parametrize(
    ("make", "text", "code"),
    [
        (make_cluster, '["no object"]', "INVALID_JSON"),
        (make_state_machine, "no JSON", "INVALID_JSON"),
    ],
)
def test_input_that_a_target_cannot_read(world: World, make: Any, text: str, code: str) -> None:
    """A dead letter at once."""
    transformer = {"InputTransformer": {"InputPathsMap": {}, "InputTemplate": text}}
    world.bridge.add_rule(RULE, {"Id": "t", **make(world), **transformer, **world.add_dead_letter_queue()})
    world.bridge.send(DETAIL)
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == [code]


def test_a_fargate_task_needs_a_network(world: World) -> None:
    """Network mode ``awsvpc`` and a network configuration go together."""
    target = make_cluster(world)
    del target["EcsParameters"]["NetworkConfiguration"]
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})
    world.bridge.send(DETAIL)
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == ["INVALID_PARAMETER"]
