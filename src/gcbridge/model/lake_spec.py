"""Where a stream's events are kept for analysts: S3, with a table over it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from gcbridge.model.base import Frozen
from gcbridge.model.values import BucketName


class LakeSpec(Frozen):
    """Kinesis -> Firehose -> S3: GZIP, one event a line, in folders by day and hour; a Glue table and an Athena workgroup over it."""

    bucket_name: BucketName | None = None
    """Default: `gcbridge-<account>-<region>-<environment>-<target>`: bucket names are unique in the world."""
    create_bucket: StrictBool = True
    """`false`: the bucket exists."""
    prefix: Annotated[str, Field(pattern=r"^([A-Za-z0-9=_.-]+/)*$", max_length=512)] = "events/"
    """Folder in the bucket, ending in `/`."""
    buffer_seconds: Annotated[StrictInt, Field(ge=0, le=900)] = 300
    """How long events are collected for an object, 0 to 900."""
    buffer_mb: Annotated[StrictInt, Field(ge=1, le=128)] = 64
    """How much is collected, 1 to 128."""
    destroy_objects: StrictBool = False
    """`true`: the bucket may be removed with what is in it."""
    keep_days: Annotated[StrictInt, Field(ge=1, le=36500)] | None = None
    """Days after which objects are deleted; for ever where it is left out. For a new bucket only."""
    first_day: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] = "2024-01-01"
    """First day that the table looks for, up to today: partitions are computed, none has to be added."""
