"""What a stream's lake is called, what is said of it in Terraform, and what is refused."""

import pytest
from pydantic import TypeAdapter

from gcbridge.model.bridge import AwsAccount
from gcbridge.model.target_spec import TargetSpec
from gcbridge.study.delivery_settings import delivery_settings
from gcbridge.study.resolve_targets import resolve_target
from gcbridge.study.target_calls import target_calls
from gcbridge.study.target_checks import target_findings

ACCOUNT = AwsAccount(account_id="123456789012", region="eu-central-1")
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"
STREAM = "arn:aws:kinesis:eu-central-1:123456789012:stream/known"


def resolved(name="events", **written):
    """One stream of environment `dev`, decided."""
    values = {"type": "kinesis", "to_s3": {}, **written}
    return resolve_target("dev", ACCOUNT, name, TypeAdapter(TargetSpec).validate_python(values), ())


def calls(target):
    """Name -> call of every module that makes a target."""
    return {call.name: call for call in target_calls(ACCOUNT, target, {})}


def test_every_name_follows_from_environment_and_target():
    """As those of every other target do."""
    lake = resolved().lake
    assert lake.delivery_stream_name == lake.workgroup_name == "gcbridge-dev-events"
    assert lake.delivery_role_name == "gcbridge-eu-central-1-dev-events-write"
    assert lake.bucket_name == "gcbridge-123456789012-eu-central-1-dev-events"
    assert (lake.database_name, lake.table_name) == ("gcbridge_dev_events", "events")


def test_names_in_sql_need_no_quotes():
    """Athena takes small letters, digits and `_`."""
    assert resolved("Event-Lake_2").lake.database_name == "gcbridge_dev_event_lake_2"


def test_a_bucket_of_ones_own_is_taken():
    """Its name is unique in the world, so people choose it."""
    assert resolved(to_s3={"bucket_name": "acme-events"}).lake.bucket_name == "acme-events"


def test_a_long_name_fits_the_delivery_stream():
    """Firehose allows 64 characters; a stream's own name may have as many."""
    one, other = (
        resolved(f"{'long-' * 12}{end}", stream_name="short").lake.delivery_stream_name for end in "ab"
    )
    assert len(one) == len(other) == 64
    assert one != other


def test_without_to_s3_there_is_none():
    """A stream alone is a stream."""
    target = resolved(to_s3=None)
    assert target.lake is None
    assert set(calls(target)) == {"target_events", "dead_letter_events"}
    assert delivery_settings(target)["arn"].address == "module.target_events.arn"


def test_nothing_is_sent_before_the_stream_is_read():
    """Firehose begins with what comes after it was made; so the rule waits for it."""
    assert delivery_settings(resolved())["arn"].address == "module.lake_events.stream_arn"
    assert calls(resolved())["lake_events"].arguments["stream_arn"].address == "module.target_events.arn"


@pytest.mark.parametrize(
    ("encryption", "key"),
    [("sse", None), ("new_key", "module.key_events.arn"), (KEY, KEY)],
)
def test_the_reader_may_use_the_key_of_the_stream(encryption, key):
    """The one that is made, or the one that was named; under that of AWS nothing is needed."""
    said = calls(resolved(encryption=encryption))["lake_events"].arguments.get("kms_key_arn")
    assert getattr(said, "address", said) == key


def test_what_was_written_reaches_the_module():
    """Every setting, under the module's own names."""
    written = {
        "bucket_name": "acme-events",
        "create_bucket": False,
        "prefix": "genesys/",
        "buffer_seconds": 60,
        "buffer_mb": 1,
        "destroy_objects": True,
        "first_day": "2026-02-01",
    }
    call = calls(resolved(to_s3=written))["lake_events"]
    assert (call.module, call.rule_arns) == ("stream-to-s3", None)
    written["force_destroy"] = written.pop("destroy_objects")
    assert written.items() <= dict(call.arguments).items()
    assert "keep_days" not in call.arguments
    assert calls(resolved(to_s3={"keep_days": 7}))["lake_events"].arguments["keep_days"] == 7


def findings(targets):
    """Where and what, of targets in this account."""
    values = {"aws": {"account_id": ACCOUNT.account_id, "region": ACCOUNT.region}, "targets": targets}
    return [(".".join(map(str, path[1:])), text) for path, text in target_findings("dev", values)]


@pytest.mark.parametrize(
    "lake",
    [{}, {"keep_days": 30}, {"create_bucket": False, "bucket_name": "acme-events"}, {"prefix": ""}],
)
def test_a_lake_that_is_well_has_no_findings(lake):
    """As people write it."""
    assert findings({"events": {"type": "kinesis", "to_s3": lake}}) == []


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"arn": STREAM, "to_s3": {}}, "`arn` names one that exists: keep one of the two"),
        ({"to_s3": {}, "input": {"path": "$.detail"}}, "describes whole events"),
        ({"to_s3": {"create_bucket": False}}, "bucket_name must say which bucket exists"),
        (
            {"to_s3": {"create_bucket": False, "bucket_name": "acme-events", "keep_days": 7}},
            "changes nothing about one that exists",
        ),
        ({"to_s3": {"first_day": "2026-02-30"}}, "2026-02-30 is no day of the calendar"),
    ],
)
def test_a_lake_that_cannot_be_made_is_refused(target, message):
    """Before Terraform or AWS would find out."""
    ((where, text),) = findings({"events": {"type": "kinesis", **target}})
    assert where == "events.to_s3"
    assert message in text


def test_two_lakes_may_not_make_the_same_bucket_or_database():
    """Names that differ in what SQL does not tell apart are one name."""
    same_bucket = {"type": "kinesis", "to_s3": {"bucket_name": "acme-events"}}
    ((_, text),) = findings({"a": same_bucket, "b": same_bucket})
    assert "bucket acme-events, which targets.a creates already" in text
    names = {"a-b": "acme-one", "a_b": "acme-two"}
    found = findings({k: {"type": "kinesis", "to_s3": {"bucket_name": v}} for k, v in names.items()})
    assert [text for _, text in found] == [
        "would create Glue database gcbridge_dev_a_b, which targets.a-b creates already"
    ]


def test_a_lake_may_not_make_the_bucket_of_a_firehose_target():
    """The second apply would fail: the bucket is there."""
    bucket = {"bucket_name": "acme-events"}
    found = findings({"a": {"type": "firehose", **bucket}, "b": {"type": "kinesis", "to_s3": bucket}})
    assert ["bucket acme-events" in text for _, text in found] == [True]
