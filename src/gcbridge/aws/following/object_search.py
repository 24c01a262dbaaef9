"""Looks for events in the objects that a Firehose stream has written to S3."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, BinaryIO, NamedTuple, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gcbridge.aws.door import aws_call
from gcbridge.aws.event_objects import EventObject, open_event_object
from gcbridge.aws.following.object_prefixes import object_prefixes
from gcbridge.aws.following.sighting import Sighting, alike, all_seen, ids_in
from gcbridge.aws.session import Aws
from gcbridge.aws.target_state import side_by_side

EARLIER = timedelta(minutes=2)
"""How far before the event's own time to begin; the clocks of two clouds differ."""
MOST_OBJECTS = 2000
MOST_BYTES = 256 * 1024 * 1024
"""As stored; what is more than either is not read."""
MOST_FOLDERS = 100
MOST_PAGES = 50
"""Of 1,000 keys, in one look."""
READABLE = frozenset({"UNCOMPRESSED", "GZIP"})
GZIP_BEGINS = b"\x1f\x8b"
CHUNK = 1024 * 1024
LONGEST_ID = 64


class _Destination(NamedTuple):
    bucket: str
    prefix: str
    zone: str
    buffer_seconds: int
    why_not: str
    """Why its objects cannot be read; empty where they can."""


@dataclass
class ObjectSearch:
    """Firehose collects events before it writes an object, so that an event which is in none may still come (None).

    Args:
        aws: where the delivery stream is.
        name: of the delivery stream.
        since: arrival of the first record to look for.
    """

    aws: Aws
    name: str
    since: datetime
    _destination: _Destination | None = field(default=None, init=False)
    _read: set[tuple[str, str]] = field(default_factory=set, init=False)
    """Key and ETag of the objects that were read."""
    _bytes: int = field(default=0, init=False)
    _is_cut: bool = field(default=False, init=False)
    """There is more than is looked through."""

    def look(self, wanted: Collection[str]) -> dict[str, Sighting]:
        """One look, at the objects that were written since the last.

        Raises:
            AwsError: Firehose or S3 refused or could not be reached.

        IAM actions: firehose:DescribeDeliveryStream, s3:ListBucket, s3:GetObject.
        """
        destination = self._destination or self._open()
        if destination is None:
            return alike(wanted, Sighting(False, f"delivery stream {self.name} does not exist"))
        if destination.why_not:
            return alike(wanted, Sighting(None, destination.why_not, final=True))
        s3 = self.aws.client("s3")
        with aws_call(s3, "looking for events in a bucket", where=f"s3://{destination.bucket}"):
            try:
                new = list(self._new_objects(s3, destination))
            except s3.exceptions.NoSuchBucket:
                return alike(wanted, Sighting(False, f"bucket {destination.bucket} does not exist"))
        found: dict[str, list[datetime]] = defaultdict(list)
        readable = [each for each in new if self._may_read(each[0])]
        for ids, written_at in side_by_side(partial(self._search, wanted), readable):
            for event_id in ids:
                found[event_id].append(written_at)
        seen = all_seen(found, f"in bucket {destination.bucket}", counted=False)
        return {**alike(wanted, self._missing(destination)), **seen}

    def _open(self) -> _Destination | None:
        firehose = self.aws.client("firehose")
        with aws_call(firehose, "reading a Firehose stream", where=self.name):
            try:
                answer = firehose.describe_delivery_stream(DeliveryStreamName=self.name)
            except firehose.exceptions.ResourceNotFoundException:
                return None
        self._destination = _read_destination(self.name, answer["DeliveryStreamDescription"])
        return self._destination

    def _new_objects(self, s3: Any, to: _Destination) -> Iterator[tuple[EventObject, datetime]]:
        known: dict[str, list[str]] = {}

        def folders(prefix: str) -> list[str]:
            if prefix not in known:
                page = s3.list_objects_v2(
                    Bucket=to.bucket, Prefix=prefix, Delimiter="/", MaxKeys=MOST_FOLDERS
                )
                known[prefix] = [each["Prefix"][:-1] for each in page.get("CommonPrefixes", [])]
            return known[prefix]

        zone = timezone.utc if to.zone == "UTC" else ZoneInfo(to.zone)
        pages = self._pages(
            s3, to.bucket, object_prefixes(to.prefix, self.since, datetime.now(timezone.utc), folders, zone)
        )
        for each in (each for page in pages for each in page.get("Contents", [])):
            found = EventObject(to.bucket, each["Key"], each["Size"], each["ETag"])
            if each["LastModified"] >= self.since and (found.key, found.etag) not in self._read:
                yield found, each["LastModified"].astimezone(timezone.utc)

    def _pages(self, s3: Any, bucket: str, prefixes: Collection[str]) -> Iterator[Any]:
        read = 0
        for prefix in sorted(prefixes):
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                if read == MOST_PAGES:
                    self._is_cut = True
                    return
                read += 1
                yield page

    def _may_read(self, found: EventObject) -> bool:
        if len(self._read) >= MOST_OBJECTS or self._bytes + found.size > MOST_BYTES:
            self._is_cut = True
            return False
        self._read.add((found.key, found.etag))
        self._bytes += found.size
        return True

    def _search(
        self, wanted: Collection[str], found: tuple[EventObject, datetime]
    ) -> tuple[set[str], datetime]:
        with open_event_object(self.aws, found[0]) as raw:
            return _ids_in_stream(io.BufferedReader(raw), wanted), found[1]

    def _missing(self, destination: _Destination) -> Sighting:
        if self._is_cut:
            why = f"bucket {destination.bucket} has more objects of that time than gcbridge looks through"
            return Sighting(None, why, final=True)
        seconds = destination.buffer_seconds
        return Sighting(
            None,
            f"not in bucket {destination.bucket} yet: delivery stream {self.name} writes its buffer after {seconds} s",
        )


def _read_destination(name: str, stream: Any) -> _Destination:
    every = [each.get("ExtendedS3DestinationDescription") for each in stream.get("Destinations", [])]
    described: dict[str, Any] = next((each for each in every if each), {})
    why_not = ""
    if not described.get("BucketARN"):
        why_not = (
            f"delivery stream {name} does not write to S3; metric AWS/Firehose IncomingRecords would tell"
        )
    elif (described.get("DataFormatConversionConfiguration") or {}).get("Enabled"):
        why_not = f"delivery stream {name} converts events to a format that gcbridge does not read"
    elif described.get("CompressionFormat", "UNCOMPRESSED") not in READABLE:
        why_not = f"delivery stream {name} compresses by {described['CompressionFormat']}, which gcbridge does not read"
    elif not _is_known(described.get("CustomTimeZone") or "UTC"):
        why_not = f"delivery stream {name} has the time zone {described['CustomTimeZone']}, which this machine does not know"
    return _Destination(
        bucket=str(described.get("BucketARN", "")).rpartition(":")[2],
        prefix=described.get("Prefix") or "",
        zone=described.get("CustomTimeZone") or "UTC",
        buffer_seconds=int((described.get("BufferingHints") or {}).get("IntervalInSeconds", 300)),
        why_not=why_not,
    )


def _is_known(zone: str) -> bool:
    try:
        return zone == "UTC" or bool(ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError):
        return False


def _ids_in_stream(stream: io.BufferedReader, wanted: Collection[str]) -> set[str]:
    """Which ids stand in an object, compressed or not; what is broken off is read as far as it goes."""
    is_gzip = stream.peek(2)[:2] == GZIP_BEGINS
    text = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if is_gzip else stream
    found, rest = set[str](), b""
    try:
        while chunk := text.read(CHUNK):
            # An id may be cut in two by the end of a chunk.
            found |= ids_in((rest + chunk).decode(errors="replace"), wanted)
            rest = chunk[-LONGEST_ID:]
    except (EOFError, gzip.BadGzipFile, zlib.error):
        pass
    return found
