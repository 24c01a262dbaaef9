"""Objects of recorded events are read to their end, also over a connection that breaks; S3 itself is a list here."""

import io
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, ResponseStreamingError

from gcbridge.aws.event_objects import ATTEMPTS, EventObject, list_event_objects, open_event_object
from gcbridge.errors import AwsError

CONTENT = bytes(range(256)) * 20


class Breaking(io.BytesIO):
    """A body that breaks off after some bytes."""

    def __init__(self, content, after):
        super().__init__(content)
        self.after = after

    def read(self, size=-1):
        """What comes before it breaks."""
        if self.tell() >= self.after:
            raise ResponseStreamingError(error="connection reset")
        return super().read(min(size, self.after - self.tell()))


class Store:
    """What the room asks of S3, answered from memory.

    Args:
        break_after: bytes after which the first, second, ... connection breaks; afterwards none does.
    """

    meta = SimpleNamespace(
        endpoint_url="https://s3.example", service_model=SimpleNamespace(service_name="s3")
    )

    def __init__(self, break_after=(), keys=()):
        self.breaks = list(break_after)
        self.keys = keys
        self.asked = []

    def get_object(self, **asked):
        """An object, or the rest of it."""
        self.asked.append(asked)
        if asked["IfMatch"] != "one":
            fault = {"Code": "PreconditionFailed", "Message": "changed"}
            raise ClientError({"Error": fault}, "GetObject")
        start = int(asked.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        content = CONTENT[start:]
        return {"Body": Breaking(content, self.breaks.pop(0) if self.breaks else len(content) + 1)}

    def get_paginator(self, name):
        """Two keys a page."""
        assert name == "list_objects_v2"
        pages = [self.keys[at : at + 2] for at in range(0, len(self.keys), 2)] or [()]
        return SimpleNamespace(paginate=lambda **_: ({"Contents": list(page)} for page in pages))


def aws_with(store):
    return SimpleNamespace(client=lambda _: store)


def an_object(etag="one"):
    return EventObject("recorded", "day.jsonl", len(CONTENT), etag)


@pytest.mark.parametrize("break_after", [(), (100,), (0, 0, 1000), (100,) * 20], ids=str)
def test_a_broken_connection_goes_on_at_the_same_byte(break_after):
    """Each break costs a request, as long as something comes between them."""
    store = Store(break_after)

    with open_event_object(aws_with(store), an_object()) as stream:
        assert io.BufferedReader(stream).read() == CONTENT

    assert len(store.asked) == 1 + len(break_after)


def test_a_connection_that_always_breaks_is_given_up():
    """The message names the object."""
    with (
        open_event_object(aws_with(Store((0,) * 10)), an_object()) as stream,
        pytest.raises(AwsError) as caught,
    ):
        stream.read(10)

    assert caught.value.where == "s3://recorded/day.jsonl" or "s3.example" in caught.value.where


def test_it_is_tried_a_few_times_only():
    """And not for ever."""
    store = Store((0,) * 10)
    with pytest.raises(AwsError), open_event_object(aws_with(store), an_object()) as stream:
        stream.read(10)

    assert len(store.asked) == ATTEMPTS


def test_an_object_that_was_overwritten_is_not_mixed_with_the_old_one():
    """S3 is asked for exactly what was listed."""
    with pytest.raises(AwsError, match="reading recorded events"):
        open_event_object(aws_with(Store()), an_object(etag="two"))


def key(name, size=1):
    return {"Key": name, "Size": size, "ETag": "one"}


@pytest.mark.parametrize(
    ("keys", "prefix", "found"),
    [
        ([], "day", []),
        (["day/1.gz", "day/2.gz", "day/3.gz"], "day/", ["day/1.gz", "day/2.gz", "day/3.gz"]),
        (["day.jsonl", "day.jsonl.bak"], "day.jsonl", ["day.jsonl"]),
        (["day", "day/1.gz"], "d", ["day", "day/1.gz"]),
    ],
)
def test_a_key_or_a_prefix(keys, prefix, found):
    """A key that exists is meant alone."""
    store = Store(keys=[key(name) for name in keys])

    assert [one.key for one in list_event_objects(aws_with(store), "recorded", prefix)] == found


def test_folders_that_consoles_make_are_left_out():
    """They are empty objects."""
    store = Store(keys=[key("day/", 0), key("day/1.gz")])

    assert [one.key for one in list_event_objects(aws_with(store), "recorded", "day/")] == ["day/1.gz"]
