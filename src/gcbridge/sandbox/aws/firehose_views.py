"""What DescribeDeliveryStream leaves out, so that Terraform sees a difference in every plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Destination: TypeAlias = dict[str, Any]

S3_DESCRIPTION = "ExtendedS3DestinationDescription"


def describe_destination(original: Callable[[Destination], dict[str, Any]], destination: Destination) -> Any:
    """A destination of a delivery stream, with the fields that AWS tells of S3: time zone and file extension."""
    description = original(destination)
    if S3_DESCRIPTION in description:
        given = destination["config"]
        description[S3_DESCRIPTION]["CustomTimeZone"] = given.get("CustomTimeZone", "UTC")
        description[S3_DESCRIPTION]["FileExtension"] = given.get("FileExtension", "")
    return description
