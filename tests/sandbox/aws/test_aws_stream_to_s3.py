"""Events that a rule puts into a Kinesis stream, and that Firehose takes from there to S3."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError
from customer_world import CUSTOMER, REGION, RULE, Fields, World, arn
from kinds_of_target import make_stream

BUCKET = "lake"
SOURCE_ARN = arn("kinesis", "stream/s")
READ = ("kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards")
PREFIX = "events/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/"


def add_delivery(world: World, *actions: str, name: str = "to-s3", **fields: Any) -> None:
    """A delivery stream that reads the Kinesis stream with a role that may do ``actions`` there."""
    allowed = [("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*"), *((action, SOURCE_ARN) for action in actions)]
    trust = world.trust("firehose.amazonaws.com", StringEquals={"sts:ExternalId": CUSTOMER})
    role = world.add_role(f"delivery-{name}", *allowed, trust=trust)
    delimiter = {
        "Type": "AppendDelimiterToRecord",
        "Parameters": [{"ParameterName": "Delimiter", "ParameterValue": "\\n"}],
    }
    destination = {
        "RoleARN": role,
        "BucketARN": f"arn:aws:s3:::{BUCKET}",
        "Prefix": PREFIX,
        "ErrorOutputPrefix": "failed/!{firehose:error-output-type}/",
        "CompressionFormat": "GZIP",
        "ProcessingConfiguration": {"Enabled": True, "Processors": [delimiter]},
    }
    world.aws("firehose").create_delivery_stream(
        DeliveryStreamName=name,
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={"KinesisStreamARN": SOURCE_ARN, "RoleARN": role},
        ExtendedS3DestinationConfiguration={**destination, **fields},
    )


def objects(world: World) -> dict[str, bytes]:
    """Every object of the bucket, by its key."""
    s3 = world.aws("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def rows(world: World) -> list[Fields]:
    """The events in all objects."""
    lines = [line for body in objects(world).values() for line in gzip.decompress(body).splitlines()]
    return [json.loads(line) for line in lines]


@pytest.fixture
def lake(world: World) -> World:
    """A rule that puts events into a Kinesis stream, and an empty bucket."""
    world.aws("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    world.bridge.add_rule(RULE, {"Id": "t", **make_stream(world)})
    return world


def test_events_arrive_as_lines_of_compressed_json(lake: World) -> None:
    """The key tells day and hour of the arrival, and ends as AWS's does."""
    add_delivery(lake, *READ)
    before = datetime.now(timezone.utc)
    for number in range(3):
        lake.bridge.send({"user": "u1", "number": number})
    hours = {f"day={at:%Y-%m-%d}/hour={at:%H}" for at in (before, datetime.now(timezone.utc))}
    made = objects(lake)
    for key, body in made.items():
        found = re.fullmatch(r"events/(day=[-\d]+/hour=\d\d)/to-s3-1-[-\d]{19}-[-0-9a-f]{36}\.gz", key)
        assert found, key
        assert found[1] in hours
        assert gzip.decompress(body).endswith(b"}\n")
    assert sorted(row["detail"]["number"] for row in rows(lake)) == [0, 1, 2]
    assert rows(lake)[0]["source"] == lake.bridge.source


def test_every_delivery_stream_gets_every_record(lake: World) -> None:
    """Each reads the whole stream; what came before it was made, it does not see."""
    lake.bridge.send({"number": 0})
    add_delivery(lake, *READ, name="one", Prefix="one/")
    add_delivery(lake, *READ, name="two", Prefix="two/", FileExtension=".json.gz")
    lake.bridge.send({"number": 1})
    assert sorted(key.partition("/")[0] for key in objects(lake)) == ["one", "two"]
    assert [row["detail"]["number"] for row in rows(lake)] == [1, 1]
    assert [key for key in objects(lake) if key.endswith(".json.gz")] == [
        key for key in objects(lake) if key.startswith("two/")
    ]


@pytest.mark.parametrize("missing", READ)
def test_the_role_must_be_able_to_read_the_stream(lake: World, missing: str) -> None:
    """As AWS documents, four actions; without one of them nothing arrives."""
    add_delivery(lake, *(action for action in READ if action != missing))
    lake.bridge.send()
    assert objects(lake) == {}


def test_nobody_else_puts_records_into_it(lake: World) -> None:
    """A delivery stream takes records from its source, or from callers."""
    add_delivery(lake, *READ)
    firehose, record = lake.aws("firehose"), {"Data": b"{}"}
    with pytest.raises(ClientError, match="InvalidArgumentException"):
        firehose.put_record(DeliveryStreamName="to-s3", Record=record)
    with pytest.raises(ClientError, match="InvalidArgumentException"):
        firehose.put_record_batch(DeliveryStreamName="to-s3", Records=[record])
    assert objects(lake) == {}


def test_a_change_of_the_destination_counts_from_the_next_record(lake: World) -> None:
    """The version in the key grows."""
    add_delivery(lake, *READ)
    firehose = lake.aws("firehose")
    described = firehose.describe_delivery_stream(DeliveryStreamName="to-s3")["DeliveryStreamDescription"]
    assert described["Source"]["KinesisStreamSourceDescription"]["KinesisStreamARN"] == SOURCE_ARN
    firehose.update_destination(
        DeliveryStreamName="to-s3",
        CurrentDeliveryStreamVersionId=described["VersionId"],
        DestinationId=described["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate={"Prefix": "changed/!{timestamp:yyyy}/"},
    )
    lake.bridge.send()
    (key,) = objects(lake)
    assert re.match(r"changed/\d{4}/to-s3-2-", key)
