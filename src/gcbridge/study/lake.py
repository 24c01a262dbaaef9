"""A Kinesis target's lake: names, what its module is told, and what must not be written together.

Names that Athena takes without quotes are small letters, digits and `_`
("Name databases, tables, and columns", Athena user guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from gcbridge.model.bridge import AwsAccount
from gcbridge.model.lake_spec import LakeSpec
from gcbridge.model.target import KinesisTarget, Lake
from gcbridge.model.target_spec import KinesisTargetSpec
from gcbridge.study import target_names as names
from gcbridge.study.hcl import Reference

DELIVERY_STREAM_NAME_MAX = 64
WORKGROUP_NAME_MAX = 128
DATABASE_NAME_MAX = 255
TABLE_NAME = "events"

Located = tuple[str, str]
"""Key inside the target, and what is wrong."""


def resolve_lake(environment: str, aws: AwsAccount, target: str, spec: LakeSpec) -> Lake:
    """Every name follows from environment, account and target.

    Args:
        environment: name of the environment.
        aws: account that receives.
        target: name of the stream's target.
        spec: what was written.
    """
    resource = names.resource_name(environment, target)
    bucket = names.bucket_name(aws.account_id, aws.region, environment, target)
    return Lake(
        delivery_stream_name=names.fitting(resource, DELIVERY_STREAM_NAME_MAX),
        delivery_role_name=names.role_name(aws.region, environment, target, "write"),
        bucket_name=spec.bucket_name or bucket,
        database_name=_plain(names.fitting(resource, DATABASE_NAME_MAX)),
        table_name=TABLE_NAME,
        workgroup_name=names.fitting(resource, WORKGROUP_NAME_MAX),
        spec=spec,
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def lake_label(target: KinesisTarget) -> str:
    """Label of the module call that makes a target's lake."""
    return f"lake_{target.name}"


def lake_arguments(target: KinesisTarget, lake: Lake, key: Any) -> dict[str, Any]:
    """What the module of the lake is told besides the account.

    Args:
        target: the stream.
        lake: what is made of it.
        key: ARN of the customer managed key that the stream is encrypted with, or None.
    """
    spec = lake.spec
    return {
        "stream_arn": Reference(f"module.target_{target.name}.arn"),
        "kms_key_arn": key,
        "delivery_stream_name": lake.delivery_stream_name,
        "delivery_role_name": lake.delivery_role_name,
        "bucket_name": lake.bucket_name,
        "create_bucket": spec.create_bucket,
        "force_destroy": spec.destroy_objects,
        "keep_days": spec.keep_days,
        "prefix": spec.prefix,
        "buffer_seconds": spec.buffer_seconds,
        "buffer_mb": spec.buffer_mb,
        "database_name": lake.database_name,
        "table_name": lake.table_name,
        "workgroup_name": lake.workgroup_name,
        "first_day": spec.first_day,
    }


def lake_names(lake: Lake) -> Iterator[tuple[str, str, int]]:
    """What a lake makes: kind, name, longest name that AWS allows."""
    yield "delivery stream", lake.delivery_stream_name, DELIVERY_STREAM_NAME_MAX
    yield "Glue database", lake.database_name, DATABASE_NAME_MAX
    if lake.spec.create_bucket:
        yield "bucket", lake.bucket_name, names.BUCKET_NAME_MAX


def lake_findings(spec: KinesisTargetSpec) -> Iterator[Located]:
    """What is wrong with a stream's `to_s3`.

    Args:
        spec: what was written of the target.
    """
    lake = spec.to_s3
    if lake is None:
        return
    if spec.input is not None:
        reason = (
            "the table in front of the bucket describes whole events, and input makes something else of them"
        )
        yield "to_s3", f"{reason}: leave input out, or send to a stream of its own"
    if not lake.create_bucket and not lake.bucket_name:
        yield "to_s3", "create_bucket is false, so bucket_name must say which bucket exists"
    if not lake.create_bucket and lake.keep_days:
        yield (
            "to_s3",
            "keep_days is for a new bucket: gcbridge changes nothing about one that exists",
        )
    if not _is_day(lake.first_day):
        yield "to_s3", f"first_day {lake.first_day} is no day of the calendar"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
