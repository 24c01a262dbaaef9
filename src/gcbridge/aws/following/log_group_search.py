"""Looks for events in a CloudWatch log group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from gcbridge.aws.door import aws_call
from gcbridge.aws.following.sighting import Sighting, alike, all_seen, ids_in
from gcbridge.aws.session import Aws

EARLIER = timedelta(minutes=15)
"""How far before the event's own time to look; the clocks of two clouds differ, and audit events come late."""
IDS_IN_PATTERN = 20
"""More ids make a filter pattern longer than the 1,024 characters that FilterLogEvents takes; then all lines are read."""
PAGES = 50
"""Pages of one look without a pattern, each of 10,000 lines or 1 MB at most (API reference of FilterLogEvents)."""


@dataclass
class LogGroupSearch:
    """An event is in a log group when a line of it holds the event's id.

    Args:
        aws: where the log group is.
        name: name of the log group.
        since: timestamp of the first line to look at.
    """

    aws: Aws
    name: str
    since: datetime

    def look(self, wanted: Collection[str]) -> dict[str, Sighting]:
        """One look, for all of them at once.

        Raises:
            AwsError: CloudWatch Logs refused or could not be reached.

        IAM actions: logs:FilterLogEvents.
        """
        found: dict[str, list[datetime]] = defaultdict(list)
        pages, most = 0, None if len(wanted) <= IDS_IN_PATTERN else PAGES
        with aws_call(self.aws.logs, "looking for events in a log group", where=self.name):
            try:
                for page in islice(self._pages(wanted), most):
                    pages += 1
                    # A page may be empty and still be followed by one that is not.
                    for line in page.get("events", []):
                        for event_id in ids_in(line["message"], wanted):
                            found[event_id].append(_moment(line["ingestionTime"]))
            except self.aws.logs.exceptions.ResourceNotFoundException:
                return alike(wanted, Sighting(False, f"log group {self.name} does not exist"))
        missing = Sighting(False, f"not in log group {self.name}")
        if pages == most:
            missing = Sighting(None, f"not all lines of log group {self.name} were looked at")
        return {**alike(wanted, missing), **all_seen(found, f"in log group {self.name}")}

    def _pages(self, wanted: Collection[str]) -> Iterator[Any]:
        request: dict[str, Any] = {
            "logGroupName": self.name,
            "startTime": int(self.since.timestamp() * 1000),
        }
        if len(wanted) <= IDS_IN_PATTERN:
            # A question mark before each term means: any one of them.
            request["filterPattern"] = " ".join(f'?"{event_id}"' for event_id in sorted(wanted))
        return iter(self.aws.logs.get_paginator("filter_log_events").paginate(**request))


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
