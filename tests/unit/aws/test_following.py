"""Looking for events in targets: what is said where AWS refuses, holds back, or has too much to show."""

import json
from datetime import datetime, timezone

import pytest
from botocore.stub import ANY, Stubber

from gcbridge.aws.delivery import observe_deliveries
from gcbridge.aws.following.item_search import ItemSearch
from gcbridge.aws.following.log_group_search import IDS_IN_PATTERN, PAGES, LogGroupSearch
from gcbridge.aws.following.sighting import ids_in
from gcbridge.aws.following.stream_search import TOO_FAST, StreamSearch
from gcbridge.aws.session import open_aws
from gcbridge.model.result import MatchObservation
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve

PRESENCE = "v2.users.{id}.presence"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
EVENT_ID = "17793124-05d4-b198-2fde-7ededc63b103"
EVENT = {
    "id": EVENT_ID,
    "detail-type": PRESENCE,
    "time": "2026-11-23T10:00:00Z",
    "detail": {"topicName": "v2.users.1.presence"},
}


def make_bridge(**target):
    spec = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": [PRESENCE],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "rules": {"presence": {"targets": ["it"]}},
        "targets": {"it": {"dead_letter": False, **target}},
    }
    return resolve("dev", EnvironmentSpec.model_validate(spec))


@pytest.fixture
def aws():
    return open_aws(make_bridge(type="sqs").aws, environ={"AWS_ACCESS_KEY_ID": "x"})


def ids(count):
    return [f"{number:08x}-05d4-b198-2fde-7ededc63b103" for number in range(count)]


NOT_ALLOWED = {
    "sqs": ({"type": "sqs"}, "sqs", "get_queue_url", "AccessDenied", "sqs:GetQueueUrl"),
    "log group": (
        {"type": "log_group"},
        "logs",
        "filter_log_events",
        "AccessDeniedException",
        "logs:FilterLogEvents",
    ),
    "kinesis": ({"type": "kinesis"}, "kinesis", "list_shards", "AccessDeniedException", "kinesis:ListShards"),
    "dynamodb": (
        {"type": "dynamodb"},
        "dynamodb",
        "batch_get_item",
        "AccessDeniedException",
        "dynamodb:BatchGetItem",
    ),
    "firehose": (
        {"type": "firehose"},
        "firehose",
        "describe_delivery_stream",
        "AccessDeniedException",
        "firehose:DescribeDeliveryStream",
    ),
}


@pytest.mark.parametrize(
    ("target", "service", "call", "code", "action"), NOT_ALLOWED.values(), ids=NOT_ALLOWED
)
def test_not_allowed(target, service, call, code, action):
    """What IAM does not allow stays unknown, names the missing action, and is asked once."""
    bridge = make_bridge(**target)
    aws = open_aws(bridge.aws, environ={"AWS_ACCESS_KEY_ID": "x"})
    client = getattr(aws, service, None) or aws.client(service)
    match = MatchObservation(rule="presence", event_id=EVENT_ID, matched=True)
    with Stubber(client) as stubbed:
        stubbed.add_client_error(call, code, "no")
        (found,) = observe_deliveries(aws, bridge, [EVENT], [match], timeout_seconds=60)

    assert found.delivered is None
    assert f"allow the IAM action {action}" in found.detail


@pytest.mark.parametrize("count", [1, IDS_IN_PATTERN, IDS_IN_PATTERN + 1])
def test_the_pattern_of_a_log_group(aws, count):
    """Few events are asked for by a pattern that AWS takes; many are found among all lines."""
    wanted, asked = ids(count), []
    aws.logs.meta.events.register(
        "provide-client-params.cloudwatch-logs.FilterLogEvents", lambda params, **_: asked.append(params)
    )
    line = {"message": json.dumps({"id": wanted[-1]}), "ingestionTime": 1_700_000_000_000}
    with Stubber(aws.logs) as logs:
        logs.add_response("filter_log_events", {"events": [line]})
        found = LogGroupSearch(aws, "group", NOW).look(wanted)

    pattern = asked[0].get("filterPattern", "")
    assert (pattern != "") == (count <= IDS_IN_PATTERN)
    assert len(pattern) <= 1024
    assert found[wanted[-1]].delivered is True
    assert found[wanted[-1]].seen_at == datetime.fromtimestamp(1_700_000_000, timezone.utc)
    assert not any(found[each].delivered for each in wanted[:-1])


def test_a_busy_log_group(aws):
    """Where there are too many lines to read, what was not seen stays unknown."""
    with Stubber(aws.logs) as logs:
        for number in range(PAGES + 1):
            logs.add_response("filter_log_events", {"events": [], "nextToken": str(number)})
        found = LogGroupSearch(aws, "group", NOW).look(ids(50))

    assert {each.delivered for each in found.values()} == {None}


def test_a_busy_stream(aws):
    """A shard that is read by too many answers later: what was not seen stays unknown, and the next look goes on."""
    search = StreamSearch(aws, "arn:aws:kinesis:eu-central-1:123456789012:stream/calls", NOW)
    record = {
        "SequenceNumber": "1",
        "PartitionKey": "1",
        "Data": json.dumps(EVENT).encode(),
        "ApproximateArrivalTimestamp": NOW,
    }
    with Stubber(aws.client("kinesis")) as kinesis:
        hashes, numbers = {"StartingHashKey": "0", "EndingHashKey": "1"}, {"StartingSequenceNumber": "0"}
        shard = {"ShardId": "s", "HashKeyRange": hashes, "SequenceNumberRange": numbers}
        kinesis.add_response("list_shards", {"Shards": [shard]})
        kinesis.add_response("get_shard_iterator", {"ShardIterator": "here"})
        kinesis.add_client_error("get_records", TOO_FAST)
        held_back = search.look([EVENT_ID])
        kinesis.add_response(
            "get_records",
            {"Records": [record], "MillisBehindLatest": 0},
            {"ShardIterator": "here", "StreamARN": ANY},
        )
        found = search.look([EVENT_ID])

    assert held_back[EVENT_ID].delivered is None
    assert (found[EVENT_ID].delivered, found[EVENT_ID].seen_at) == (True, NOW)


def test_a_busy_table(aws):
    """An item that DynamoDB leaves for another time stays unknown."""
    target = make_bridge(type="dynamodb").target("it")
    unread = {target.table_name: {"Keys": [{"pk": {"S": "v2.users.1.presence"}}]}}
    with Stubber(aws.client("dynamodb")) as dynamodb:
        dynamodb.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": unread})
        found = ItemSearch(aws, target, {EVENT_ID: EVENT}).look([EVENT_ID])

    assert found[EVENT_ID].delivered is None


def test_many_items(aws):
    """BatchGetItem gives a hundred items at most, and wants no key twice."""
    target = make_bridge(type="dynamodb").target("it")
    events = {
        each: {**EVENT, "id": each, "detail": {"topicName": f"v2.users.{number % 150}.presence"}}
        for number, each in enumerate(ids(300))
    }
    sizes = []
    aws.client("dynamodb").meta.events.register(
        "provide-client-params.dynamodb.BatchGetItem",
        lambda params, **_: sizes.append(len(params["RequestItems"][target.table_name]["Keys"])),
    )
    with Stubber(aws.client("dynamodb")) as dynamodb:
        for _ in range(2):
            dynamodb.add_response("batch_get_item", {"Responses": {}})
        found = ItemSearch(aws, target, events).look(list(events))

    assert sizes == [100, 50]
    assert len(found) == 300


TEXTS = {
    f'{{"id":"{EVENT_ID}"}}': {EVENT_ID},
    f"was-{EVENT_ID}-and-{ids(1)[0]}": {EVENT_ID, ids(1)[0]},
    f"ab{EVENT_ID}": {EVENT_ID},
    EVENT_ID[:-1]: set(),
    "call-7 came": {"call-7"},
    "": set(),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_ids_in(text, expected):
    """Ids are found wherever they stand, and only whole."""
    assert ids_in(text, {EVENT_ID, ids(1)[0], "call-7"}) == expected
