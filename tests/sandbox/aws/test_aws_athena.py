"""Queries of Athena over what Firehose has written, with the tables that Glue has."""

from __future__ import annotations

import gzip
import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from customer_world import REGION

from gcbridge.sandbox.aws.athena_partitions import partition_of
from gcbridge.sandbox.aws.athena_rows import JsonSerDe

BUCKET = "lake"
NOW = datetime.now(timezone.utc)
TODAY = f"{NOW:%Y-%m-%d}"
EVENT = {
    "id": "1",
    "detail-type": "v2.users.{id}.presence",
    "time": f"{TODAY}T10:00:00Z",
    "resources": ["a", "b"],
    "detail": {"topicName": "v2.users.1.presence", "eventBody": {"systemPresence": "AWAY"}},
}
TABLE: dict[str, Any] = {
    "Name": "events",
    "TableType": "EXTERNAL_TABLE",
    "Parameters": {
        "classification": "json",
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": "2024-01-01,NOW",
        "projection.hour.type": "integer",
        "projection.hour.range": "0,23",
        "projection.hour.digits": "2",
        "storage.location.template": f"s3://{BUCKET}/events/day=${{day}}/hour=${{hour}}/",
    },
    "PartitionKeys": [{"Name": "day", "Type": "string"}, {"Name": "hour", "Type": "int"}],
    "StorageDescriptor": {
        "Location": f"s3://{BUCKET}/events/",
        "Columns": [
            {"Name": "id", "Type": "string"},
            {"Name": "detail_type", "Type": "string"},
            {"Name": "time", "Type": "string"},
            {"Name": "resources", "Type": "array<string>"},
            {"Name": "detail", "Type": "string"},
        ],
        "SerdeInfo": {
            "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
            "Parameters": {"case.insensitive": "FALSE", "mapping.detail_type": "detail-type"},
        },
    },
}
NEWEST = """
SELECT "time", detail_type,
       json_extract_scalar(detail, '$.topicName') AS topic,
       json_extract_scalar(detail, '$.eventBody.systemPresence') AS presence
FROM "bi"."events"
WHERE day >= date_format(current_date - interval '1' day, '%Y-%m-%d')
ORDER BY "time" DESC
LIMIT 100
"""


@pytest.fixture
def catalog(connect: Any) -> Any:
    """The table, with an event of today in an object of today."""
    s3 = connect("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    connect("glue").create_database(DatabaseInput={"Name": "bi"})
    connect("glue").create_table(DatabaseName="bi", TableInput=TABLE)
    put_lines(connect, f"events/day={TODAY}/hour=07/a.gz", json.dumps(EVENT))
    return connect


def put_lines(connect: Any, key: str, *lines: str) -> None:
    """An object as Firehose writes it."""
    body = gzip.compress("".join(f"{line}\n" for line in lines).encode())
    connect("s3").put_object(Bucket=BUCKET, Key=key, Body=body)


def run_query(connect: Any, query: str) -> tuple[str, Any]:
    """The query's end state, and its rows, or why it failed."""
    athena = connect("athena")
    started = athena.start_query_execution(
        QueryString=query, ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/results/"}
    )["QueryExecutionId"]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
        if status["State"] in {"SUCCEEDED", "FAILED"}:
            break
        time.sleep(0.05)
    if status["State"] != "SUCCEEDED":
        return status["State"], status["StateChangeReason"]
    found = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    return status["State"], [[cell.get("VarCharValue") for cell in row["Data"]] for row in found[1:]]


def test_trino_s_sql_over_compressed_lines(catalog: Any) -> None:
    """The columns are the table's, whatever the keys are called; a column of text holds an object as JSON."""
    row = [EVENT["time"], EVENT["detail-type"], "v2.users.1.presence", "AWAY"]
    assert run_query(catalog, NEWEST) == ("SUCCEEDED", [row])


def test_partitions_are_columns(catalog: Any) -> None:
    """And an array is one."""
    query = "SELECT day, hour, resources[1], cardinality(resources) FROM bi.events WHERE hour = 7"
    assert run_query(catalog, query) == ("SUCCEEDED", [[TODAY, "7", "a", "2"]])


def test_only_projected_partitions_are_read(catalog: Any) -> None:
    """Not what is in other folders, out of the range, or of another form."""
    tomorrow = f"{NOW + timedelta(days=1):%Y-%m-%d}"
    for place in (f"day={tomorrow}/hour=07", "day=2023-12-31/hour=07", f"day={TODAY}/hour=7", "other"):
        put_lines(catalog, f"events/{place}/b.gz", json.dumps(EVENT))
    put_lines(catalog, "failed/events/c.gz", "no JSON")
    assert run_query(catalog, "SELECT count(*) FROM bi.events") == ("SUCCEEDED", [["1"]])


def test_an_empty_table_has_no_rows(connect: Any) -> None:
    """It still has its columns."""
    connect("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    connect("glue").create_database(DatabaseInput={"Name": "bi"})
    connect("glue").create_table(DatabaseName="bi", TableInput=TABLE)
    assert run_query(connect, NEWEST) == ("SUCCEEDED", [])


FAILING = {
    "a column that is not there": ("SELECT nothing FROM bi.events", "nothing"),
    "no SQL": ("SELEKT 1", "SELEKT"),
}


@pytest.mark.parametrize(("query", "reason"), FAILING.values(), ids=FAILING)
def test_queries_that_fail(catalog: Any, query: str, reason: str) -> None:
    """With a reason."""
    state, told = run_query(catalog, query)
    assert state == "FAILED"
    assert reason in told


def test_a_line_that_is_no_json_fails_the_query(catalog: Any) -> None:
    """Unless the table says otherwise."""
    put_lines(catalog, f"events/day={TODAY}/hour=08/b.gz", "no JSON")
    state, told = run_query(catalog, "SELECT count(*) FROM bi.events")
    assert (state, told) == ("FAILED", "HIVE_CURSOR_ERROR: Row is not a valid JSON Object")


def serde(**parameters: str) -> JsonSerDe:
    """The table's SerDe with other settings."""
    storage = TABLE["StorageDescriptor"]
    info = {**storage["SerdeInfo"], "Parameters": parameters}
    made = JsonSerDe.of({"StorageDescriptor": {**storage, "SerdeInfo": info}})
    assert made
    return made


def test_keys_become_small_unless_told_otherwise() -> None:
    """Inside of a text column, too: the default loses ``eventBody``."""
    row = serde().read(json.dumps(EVENT))
    assert row["detail_type"] is None
    assert json.loads(row["detail"]) == {
        "topicname": "v2.users.1.presence",
        "eventbody": {"systempresence": "AWAY"},
    }
    assert serde(**{"ignore.malformed.json": "true"}).read("[]") == dict.fromkeys(row)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("day=2024-01-01/hour=00/a.gz", {"day": "2024-01-01", "hour": "00"}),
        ("day=2024-02-30/hour=00/a.gz", None),
        ("day=2024-01-01/hour=24/a.gz", None),
        ("day=2024-01-01/a.gz", None),
        ("prefix/day=2024-01-01/hour=00/a.gz", None),
    ],
)
def test_the_partition_of_an_object(key: str, expected: dict[str, str] | None) -> None:
    """By its key, as the table's template says."""
    assert partition_of(TABLE, key, datetime(2024, 1, 2)) == expected  # noqa: DTZ001
