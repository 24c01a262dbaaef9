"""Names and ARNs of targets are decided before anything exists."""

import pytest
from pydantic import TypeAdapter

from gcbridge.model.bridge import AwsAccount
from gcbridge.model.target_spec import TargetSpec
from gcbridge.study.resolve_targets import resolve_target

ACCOUNT = AwsAccount(account_id="123456789012", region="eu-central-1")
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0c6b1f6e-0000-4000-8000-000000000000"
HERE = "eu-central-1:123456789012"
API = {
    "url": "https://x.example",
    "authorization": {"type": "api_key", "secret": {"environment_variable": "K"}},
}


def resolved(name="crm", **written):
    """One target of environment `dev`, decided."""
    return resolve_target("dev", ACCOUNT, name, TypeAdapter(TargetSpec).validate_python(written), ())


@pytest.mark.parametrize(
    ("written", "arn", "has_role"),
    [
        ({"type": "sqs"}, f"arn:aws:sqs:{HERE}:gcbridge-dev-crm", False),
        ({"type": "sqs", "fifo": True}, f"arn:aws:sqs:{HERE}:gcbridge-dev-crm.fifo", False),
        ({"type": "sqs", "encryption": "new_key"}, f"arn:aws:sqs:{HERE}:gcbridge-dev-crm", False),
        ({"type": "sqs", "encryption": KEY}, f"arn:aws:sqs:{HERE}:gcbridge-dev-crm", True),
        ({"type": "sns"}, f"arn:aws:sns:{HERE}:gcbridge-dev-crm", True),
        ({"type": "lambda", "source": "x"}, f"arn:aws:lambda:{HERE}:function:gcbridge-dev-crm", False),
        ({"type": "kinesis"}, f"arn:aws:kinesis:{HERE}:stream/gcbridge-dev-crm", True),
        ({"type": "firehose"}, f"arn:aws:firehose:{HERE}:deliverystream/gcbridge-dev-crm", True),
        ({"type": "log_group"}, f"arn:aws:logs:{HERE}:log-group:/aws/events/gcbridge/dev/crm", False),
        ({"type": "step_functions"}, f"arn:aws:states:{HERE}:stateMachine:gcbridge-dev-crm", True),
        ({"type": "api_destination", **API}, None, True),
        ({"type": "event_bus", "region": "us-east-1"}, "arn:aws:events:us-east-1:123456789012:event-bus/gcbridge-dev-crm", True),
        ({"type": "ecs_task", "image": "busybox", "subnets": ["subnet-1"]}, f"arn:aws:ecs:{HERE}:cluster/gcbridge-dev-crm", True),
        ({"type": "dynamodb"}, f"arn:aws:lambda:{HERE}:function:gcbridge-dev-crm-writer", False),
        ({"type": "sqs", "arn": f"arn:aws:sqs:{HERE}:orders"}, f"arn:aws:sqs:{HERE}:orders", True),
        ({"type": "lambda", "arn": f"arn:aws:lambda:{HERE}:function:f"}, f"arn:aws:lambda:{HERE}:function:f", False),
        ({"type": "existing", "arn": f"arn:aws:logs:{HERE}:log-group:/x"}, f"arn:aws:logs:{HERE}:log-group:/x", False),
    ],
)  # fmt: skip
def test_arn_and_role_follow_from_what_was_written(written, arn, has_role):
    """A role is made where a target's own policy cannot be written without writing over another's."""
    target = resolved(**written)
    assert target.arn == arn
    assert target.role_name == ("gcbridge-eu-central-1-dev-crm-deliver" if has_role else None)
    assert target.dead_letter_queue_name == "gcbridge-dev-crm-dead-letter"


def test_a_long_role_name_is_cut_and_stays_unique():
    """IAM allows 64 characters; names that differ at the end only must not become one."""
    one, other = (resolved(f"{'long-target-name-' * 3}{end}", type="kinesis").role_name for end in "ab")
    assert len(one) == len(other) == 64
    assert one != other


def test_objects_lie_below_their_topic_where_it_is_known():
    """A bucket's default name is unique in the world, its objects' prefix says what they are."""
    target = resolved("Lake_1", type="firehose")
    assert target.bucket_name == "gcbridge-123456789012-eu-central-1-dev-lake-1"
    assert target.prefix == "events/"


def test_a_bus_elsewhere_is_made_and_permitted_there():
    """Account and region come from its ARN, or from the role to make it with."""
    central = resolved(type="event_bus", arn="arn:aws:events:eu-west-1:210987654321:event-bus/central")
    assert (central.receiver_region, central.receiver_account_id, central.is_new) == (
        "eu-west-1",
        "210987654321",
        False,
    )
    new = resolved(type="event_bus", assume_role_arn="arn:aws:iam::210987654321:role/x")
    assert (new.receiver_region, new.receiver_account_id, new.is_new) == (
        "eu-central-1",
        "210987654321",
        True,
    )


def test_queues_of_a_function():
    """Name, variable and retention of each, in the order of their names."""
    target = resolved(type="lambda", source="x", queues={"out": {"fifo": True}, "Failures": {}})
    assert [
        (queue.queue_name, queue.variable, queue.fifo, queue.message_retention_seconds)
        for queue in target.queues
    ] == [
        ("gcbridge-dev-crm-Failures", "FAILURES_QUEUE_URL", False, 345600),
        ("gcbridge-dev-crm-out.fifo", "OUT_QUEUE_URL", True, 345600),
    ]
