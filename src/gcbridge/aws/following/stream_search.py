"""Looks for events in a Kinesis data stream, without disturbing its consumers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from gcbridge.aws.door import aws_call
from gcbridge.aws.following.sighting import Sighting, alike, all_seen, ids_in
from gcbridge.aws.session import Aws
from gcbridge.aws.target_state import side_by_side

EARLIER = timedelta(minutes=2)
"""How far before the event's own time to begin; the clocks of two clouds differ."""
PAGES = 3
"""Pages of a shard in one look. A shard answers five a second, which its other readers share."""
TOO_FAST = "ProvisionedThroughputExceededException"


@dataclass
class StreamSearch:
    """The stream is read once, for all events: each look goes on where the last one ended. Records stay where they are.

    Args:
        aws: where the stream is.
        arn: of the stream.
        since: arrival of the first record to look at.
    """

    aws: Aws
    arn: str
    since: datetime
    _iterators: dict[str, str | None] | None = field(default=None, init=False)
    """Shard -> where to go on; None at the end of a closed shard."""
    _read: int = field(default=0, init=False)

    def look(self, wanted: Collection[str]) -> dict[str, Sighting]:
        """An event is in the stream where a record holds its id.

        Raises:
            AwsError: Kinesis refused or could not be reached.

        IAM actions: kinesis:ListShards, kinesis:GetShardIterator, kinesis:GetRecords.
        """
        kinesis, name = self.aws.client("kinesis"), self.arn.rpartition("/")[2]
        with aws_call(kinesis, "looking for events in a stream", where=self.arn):
            try:
                if self._iterators is None:
                    self._iterators = self._begin(kinesis)
                looks = side_by_side(partial(self._search, kinesis, wanted), self._iterators)
            except kinesis.exceptions.ResourceNotFoundException:
                return alike(wanted, Sighting(False, f"stream {name} does not exist"))
        found: dict[str, list[datetime]] = defaultdict(list)
        for look in looks:
            for event_id, moment in look.copies:
                found[event_id].append(moment)
        missing = Sighting(False, f"not in stream {name}")
        if not all(look.caught_up for look in looks):
            missing = Sighting(None, f"{self._read} records of stream {name} were looked at, not all")
        return {**alike(wanted, missing), **all_seen(found, f"in stream {name}")}

    def _begin(self, kinesis: Any) -> dict[str, str | None]:
        pages = kinesis.get_paginator("list_shards").paginate(StreamARN=self.arn)
        shards = [shard["ShardId"] for page in pages for shard in page["Shards"]]
        return {
            shard: kinesis.get_shard_iterator(
                StreamARN=self.arn, ShardId=shard, ShardIteratorType="AT_TIMESTAMP", Timestamp=self.since
            )["ShardIterator"]
            for shard in shards
        }

    def _search(self, kinesis: Any, wanted: Collection[str], shard: str) -> _ShardLook:
        assert self._iterators is not None
        look = _ShardLook()
        for _ in range(PAGES):
            iterator = self._iterators[shard]
            if iterator is None:
                look.caught_up = True
                break
            try:
                page = kinesis.get_records(ShardIterator=iterator, StreamARN=self.arn)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == TOO_FAST:
                    break
                raise
            self._iterators[shard] = page.get("NextShardIterator")
            self._read += len(page["Records"])
            look.read(page["Records"], wanted)
            if not page.get("MillisBehindLatest"):
                look.caught_up = True
                break
        return look


@dataclass
class _ShardLook:
    caught_up: bool = False
    """The end of the shard was reached."""
    copies: list[tuple[str, datetime]] = field(default_factory=list)

    def read(self, records: Any, wanted: Collection[str]) -> None:
        for record in records:
            arrived = record["ApproximateArrivalTimestamp"].astimezone(timezone.utc)
            for event_id in ids_in(record["Data"].decode(errors="replace"), wanted):
                self.copies.append((event_id, arrived))
