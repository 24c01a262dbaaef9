"""Looks for an event in a Kinesis data stream, without disturbing its consumers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.aws.sighting import Sighting

EARLIER = timedelta(minutes=2)
"""How far before the event's own time to begin; the clocks of two clouds differ."""
PAGES = 3
"""Pages of a shard in one look. A shard answers five a second, which its other readers share."""
TOO_FAST = "ProvisionedThroughputExceededException"


@dataclass
class StreamSearch:
    """Each look goes on where the last one ended; records stay where they are.

    Args:
        aws: where the stream is.
        arn: of the stream.
        event: whole EventBridge event.
    """

    aws: Aws
    arn: str
    event: Mapping[str, Any]
    _iterators: dict[str, str | None] | None = field(default=None, init=False)
    _read: int = field(default=0, init=False)

    def look(self) -> Sighting:
        """The event is in the stream where a record since its time holds its id.

        Raises:
            AwsError: Kinesis refused or could not be reached.

        IAM actions: kinesis:ListShards, kinesis:GetShardIterator, kinesis:GetRecords.
        """
        kinesis, name = self.aws.client("kinesis"), self.arn.rpartition("/")[2]
        with aws_call(kinesis, "looking for an event in a stream", where=self.arn):
            try:
                if self._iterators is None:
                    self._iterators = self._begin(kinesis)
                caught_up = [self._search(kinesis, shard) for shard in tuple(self._iterators)]
            except kinesis.exceptions.ResourceNotFoundException:
                return Sighting(delivered=False, detail=f"stream {name} does not exist")
        if None in caught_up:
            return Sighting(delivered=True, detail=f"in stream {name}", final=True)
        if all(caught_up):
            return Sighting(delivered=False, detail=f"not in stream {name}")
        return Sighting(
            delivered=None, detail=f"{self._read} records of stream {name} were looked at, not all"
        )

    def _begin(self, kinesis: Any) -> dict[str, str | None]:
        start = datetime.fromisoformat(self.event["time"].replace("Z", "+00:00")) - EARLIER
        pages = kinesis.get_paginator("list_shards").paginate(StreamARN=self.arn)
        shards = [shard["ShardId"] for page in pages for shard in page["Shards"]]
        return {
            shard: kinesis.get_shard_iterator(
                StreamARN=self.arn, ShardId=shard, ShardIteratorType="AT_TIMESTAMP", Timestamp=start
            )["ShardIterator"]
            for shard in shards
        }

    def _search(self, kinesis: Any, shard: str) -> bool | None:
        """Whether the end of the shard was reached; None as soon as the event is found."""
        assert self._iterators is not None
        for _ in range(PAGES):
            iterator = self._iterators[shard]
            if iterator is None:
                return True
            try:
                page = kinesis.get_records(ShardIterator=iterator, StreamARN=self.arn)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == TOO_FAST:
                    return False
                raise
            self._iterators[shard] = page.get("NextShardIterator")
            self._read += len(page["Records"])
            if any(self.event["id"].encode() in record["Data"] for record in page["Records"]):
                return None
            if not page.get("MillisBehindLatest"):
                return True
        return False
