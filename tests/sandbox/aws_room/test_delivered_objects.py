"""Events are followed through a Firehose stream into the objects that it writes to S3."""

import pytest
from target_kinds import follow, make_event

pytestmark = pytest.mark.sandbox


def put_record(builder, event_id):
    builder.aws.client("firehose").put_record(
        DeliveryStreamName=builder.target.stream_name,
        Record={"Data": f'{{"id":"{event_id}","detail-type":"v2.users.{{id}}.presence"}}'.encode()},
    )


def change(builder, **settings):
    """Another destination, as Terraform or a person would make it."""
    firehose, name = builder.aws.client("firehose"), builder.target.stream_name
    stream = firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
    firehose.update_destination(
        DeliveryStreamName=name,
        CurrentDeliveryStreamVersionId=stream["VersionId"],
        DestinationId=stream["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate=settings,
    )


BY_TOPIC = {
    "DynamicPartitioningConfiguration": {"Enabled": True},
    "ProcessingConfiguration": {
        "Enabled": True,
        "Processors": [
            {
                "Type": "MetadataExtraction",
                "Parameters": [
                    {"ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6"},
                    {"ParameterName": "MetadataExtractionQuery", "ParameterValue": '{topic: ."detail-type"}'},
                ],
            }
        ],
    },
}
WRITTEN = {
    "as it is": {},
    "compressed": {"CompressionFormat": "GZIP"},
    "without a date of its own": {"Prefix": "events/"},
    "at the top of the bucket": {"Prefix": ""},
    "by year and month": {"Prefix": "year=!{timestamp:yyyy}/month=!{timestamp:MM}/"},
    "by topic": {"Prefix": "topic=!{partitionKeyFromQuery:topic}/!{timestamp:yyyy/MM/dd}/", **BY_TOPIC},
}


@pytest.mark.parametrize("settings", WRITTEN.values(), ids=WRITTEN)
def test_written(build, settings):
    """An event is found wherever the stream's prefix puts it, compressed or not."""
    builder, event = build("firehose"), make_event()
    if settings:
        change(builder, **settings)
    for other in range(3):
        put_record(builder, f"0000000{other}-0000-4000-8000-000000000000")
    put_record(builder, event["id"])

    found = follow(builder, event, seconds=5)

    assert (found.delivered, found.detail) == (True, f"in bucket {builder.target.bucket_name}")
    assert found.seen_at is not None


def test_not_written_yet(build):
    """What is still in the buffer is not lost: it is said how long the buffer is kept."""
    builder = build("firehose")

    found = follow(builder, make_event(), seconds=1)

    assert found.delivered is None
    assert found.detail == (
        f"not in bucket {builder.target.bucket_name} yet: "
        f"delivery stream {builder.target.stream_name} writes its buffer after 300 s"
    )


def test_of_another_day(build):
    """Objects of days that the event cannot be of are not even listed."""
    builder, event = build("firehose"), make_event()
    key = f"{builder.target.prefix}2020/01/01/old"
    builder.aws.client("s3").put_object(Bucket=builder.target.bucket_name, Key=key, Body=event["id"].encode())

    assert follow(builder, event, seconds=0).delivered is None


UNREADABLE = {
    "another compression": ({"CompressionFormat": "Snappy"}, "compresses by Snappy"),
    "a time zone that nobody knows": ({"CustomTimeZone": "Mars/Olympus_Mons"}, "does not know"),
    "another format": ({"DataFormatConversionConfiguration": {"Enabled": True}}, "converts events"),
}


@pytest.mark.parametrize(("settings", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(build, settings, words):
    """What gcbridge cannot read stays unknown, and nobody waits for it."""
    builder = build("firehose")
    change(builder, **settings)

    found = follow(builder, make_event(), seconds=0)

    assert found.delivered is None
    assert words in found.detail


def test_gone(build):
    """Without its bucket a stream writes nothing; without the stream nothing is received."""
    builder = build("firehose")
    target = builder.target
    builder.aws.client("s3").delete_bucket(Bucket=target.bucket_name)
    no_bucket = follow(builder, make_event(), seconds=0)
    builder.aws.client("firehose").delete_delivery_stream(DeliveryStreamName=target.stream_name)
    no_stream = follow(builder, make_event(), seconds=0)

    assert (no_bucket.delivered, no_bucket.detail) == (False, f"bucket {target.bucket_name} does not exist")
    assert (no_stream.delivered, no_stream.detail) == (
        False,
        f"delivery stream {target.stream_name} does not exist",
    )
