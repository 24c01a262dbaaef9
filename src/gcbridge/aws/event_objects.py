"""Recorded events in S3: finds the objects of a prefix, and reads them as streams. Nothing is ever written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.exceptions import (
    ConnectionClosedError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws

BROKEN_OFF = (
    ConnectionClosedError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
"""What a body raises when the connection ends before it does."""
ATTEMPTS = 4
"""Times that one place of an object is read at most."""


class EventObject(NamedTuple):
    """An object that holds events.

    Args:
        bucket: its bucket.
        key: its key.
        size: bytes, as stored.
        etag: which version of it was listed.
    """

    bucket: str
    key: str
    size: int
    etag: str

    @property
    def address(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"


def list_event_objects(aws: Aws, bucket: str, prefix: str) -> Iterator[EventObject]:
    """The object of that key where there is one, else all objects whose key begins so, in the order of their keys.

    Empty objects, which consoles make to show folders, are left out. Takes no more memory for more objects.

    Args:
        aws: the session to read with; the bucket may be in another account or region.
        bucket: the bucket.
        prefix: a key, or how keys begin.

    Raises:
        AwsError: no such bucket, not allowed, or S3 could not be reached.

    IAM actions: s3:ListBucket.
    """
    s3 = aws.client("s3")
    with aws_call(s3, "listing recorded events", where=f"s3://{bucket}/{prefix}"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                if found["Size"]:
                    yield EventObject(bucket, found["Key"], found["Size"], found["ETag"])
                # Keys come in their order, so that the key itself comes before all that go on from it.
                if found["Key"] == prefix and found["Size"]:
                    return


def open_event_object(aws: Aws, found: EventObject) -> io.RawIOBase:
    """The bytes of an object as a stream; where the connection breaks, it goes on at the same byte.

    Args:
        aws: the session to read with.
        found: what was listed; if it was overwritten since, reading fails.

    Raises:
        AwsError: not allowed, gone, or S3 could not be reached; reading the stream raises it, too.

    IAM actions: s3:GetObject.
    """
    return _ObjectStream(aws.client("s3"), found)


class _ObjectStream(io.RawIOBase):
    def __init__(self, s3: Any, found: EventObject) -> None:
        super().__init__()
        self._s3 = s3
        self._found = found
        self._position = 0
        self._body = self._open()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; none at the end.

        Raises:
            AwsError: S3 failed several times at the same place.
        """
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        """Give the connection back."""
        if not self.closed:
            self._body.close()
        super().close()

    def _read(self, size: int) -> bytes:
        with aws_call(self._s3, "reading recorded events", where=self._found.address):
            for attempt in range(ATTEMPTS):
                try:
                    if attempt:
                        self._body = self._open()
                    data: bytes = self._body.read(size)
                except BROKEN_OFF:
                    self._body.close()
                    if attempt == ATTEMPTS - 1:
                        raise
                else:
                    return data
        raise AssertionError

    def _open(self) -> Any:
        s3, found = self._s3, self._found
        rest = {"Range": f"bytes={self._position}-"} if self._position else {}
        with aws_call(s3, "reading recorded events", where=found.address):
            answer = s3.get_object(Bucket=found.bucket, Key=found.key, IfMatch=found.etag, **rest)
        return answer["Body"]
