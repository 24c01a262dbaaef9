"""Recorded events in the emulated S3, through the room's own session and through the whole command."""

import gzip
import io
import json

import pytest

from gcbridge.aws.event_objects import list_event_objects, open_event_object
from gcbridge.errors import AwsError
from gcbridge.model.simulation import SimulationRequest
from gcbridge.workflows.event_sources import find_recorded_events
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

ACCOUNT = "123456789012"
BUCKET = "recorded-events"


@pytest.fixture
def s3(aws):
    """A bucket with a day of events, as Firehose writes them."""
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for hour in range(3):
        text = "".join(json.dumps({"detail-type": "t", "id": f"{hour}-{number}"}) for number in range(40))
        client.put_object(Bucket=BUCKET, Key=f"day/{hour:02}/part-1", Body=gzip.compress(text.encode()))
    client.put_object(Bucket=BUCKET, Key="day/", Body=b"")
    client.put_object(Bucket=BUCKET, Key="other/x.jsonl", Body=b'{"detail-type": "t", "id": "x"}\n')
    return client


def test_objects_below_a_prefix_in_order(aws, s3):
    """Folders that are empty objects are left out."""
    keys = [found.key for found in list_event_objects(aws, BUCKET, "day/")]

    assert keys == ["day/00/part-1", "day/01/part-1", "day/02/part-1"]


def test_more_objects_than_a_page_holds(aws, s3):
    """S3 lists a thousand at a time."""
    for number in range(1_005):
        s3.put_object(Bucket=BUCKET, Key=f"many/{number:05}", Body=b"{}")

    found = list(list_event_objects(aws, BUCKET, "many/"))

    assert len(found) == 1_005
    assert found[-1].address == f"s3://{BUCKET}/many/01004"


def test_an_object_is_read_as_a_stream(aws, s3):
    """In pieces of any size."""
    (found,) = list_event_objects(aws, BUCKET, "other/x.jsonl")

    with open_event_object(aws, found) as stream:
        assert (stream.read(5), stream.read(100), stream.read(5)) == (
            b'{"det',
            b'ail-type": "t", "id": "x"}\n',
            b"",
        )


def test_a_bucket_that_does_not_exist(aws, s3):
    """The message says which was meant."""
    with pytest.raises(AwsError) as caught:
        list(list_event_objects(aws, "no-such-bucket", "day/"))

    assert caught.value.where == "s3://no-such-bucket/day/"
    assert "NoSuchBucket" in caught.value.detail


def test_events_of_all_objects_with_their_places(bridge, aws, s3, tmp_path):
    """What `gcbridge simulate dev s3://recorded-events/day/` reads; bytes are counted as they are stored."""
    rooms = Rooms(Workspace(tmp_path), {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"})
    request = SimulationRequest(files=(f"s3://{BUCKET}/day/", f"s3://{BUCKET}/other/x.jsonl"))

    events = find_recorded_events(rooms, bridge, request.files, io.BytesIO())
    texts = list(events.texts(lambda *broken: pytest.fail(str(broken))))

    assert sum(text.text.count(b"detail-type") for text in texts) == 121
    assert texts[0].where == f"s3://{BUCKET}/day/00/part-1:1"
    assert texts[-1].where == f"s3://{BUCKET}/other/x.jsonl:1"
    assert events.meter.bytes == events.total_bytes
