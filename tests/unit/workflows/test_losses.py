"""Queues are counted before they go; one that cannot be counted is not taken for empty."""

import pytest
from botocore.stub import Stubber

from gcbridge.aws.session import open_aws
from gcbridge.errors import AwsError, RefusedError
from gcbridge.model.bridge import AwsAccount
from gcbridge.model.plan import PlanSummary, ResourceChange
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.stack import StackName
from gcbridge.study.destroy_guard import Asking
from gcbridge.study.resolve import resolve
from gcbridge.workflows.losses import count_messages, guard_losses
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

LETTERS = "module.dead_letter_crm.aws_sqs_queue.this"
URL = {"QueueUrl": "https://sqs.eu-central-1.amazonaws.com/123456789012/letters"}


class Doors:
    """Rooms with one door, to an account that answers as it was told."""

    def __init__(self, aws):
        self.aws = aws

    def open_aws(self, _account):
        """The same account, whichever is asked for."""
        return self.aws


@pytest.fixture
def bridge():
    values = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": ["v2.users.{id}.presence"],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
    }
    return resolve("dev", EnvironmentSpec.model_validate(values))


@pytest.fixture
def aws():
    account = AwsAccount(account_id="123456789012", region="eu-central-1")
    return open_aws(account, environ={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"})


def depths(visible, in_flight=0, delayed=0):
    """What SQS says of a queue; every number is text."""
    names = ("", "NotVisible", "Delayed")
    counts = zip(names, (visible, in_flight, delayed), strict=True)
    return {"Attributes": {f"ApproximateNumberOfMessages{name}": str(count) for name, count in counts}}


@pytest.mark.parametrize(
    ("answer", "messages"),
    [(depths(0), 0), (depths(2), 2), (depths(0, in_flight=1), 1), (depths(0, delayed=3), 3)],
)
def test_every_message_counts(bridge, aws, answer, messages):
    """Also those that somebody is reading now, and may fail at."""
    with Stubber(aws.sqs) as sqs:
        sqs.add_response("get_queue_url", URL)
        sqs.add_response("get_queue_attributes", answer)

        assert count_messages(Doors(aws), bridge, ["letters"])["letters"].messages == messages


def test_a_queue_that_is_gone_is_empty(bridge, aws):
    """Somebody deleted it since the plan was made."""
    with Stubber(aws.sqs) as sqs:
        sqs.add_client_error("get_queue_url", "QueueDoesNotExist")

        assert count_messages(Doors(aws), bridge, ["letters"])["letters"].messages == 0


def test_a_queue_that_may_not_be_counted_may_hold_messages(bridge, aws):
    """The reason is AWS's, and what to allow stands beside it."""
    with Stubber(aws.sqs) as sqs:
        sqs.add_response("get_queue_url", URL)
        sqs.add_client_error("get_queue_attributes", "AccessDenied", "not authorized")

        depth = count_messages(Doors(aws), bridge, ["letters"])["letters"]

    assert depth.messages is None
    assert (
        depth.why_unknown
        == "AWS did not allow counting the messages of a queue: AccessDenied: not authorized"
    )
    assert "sqs:GetQueueAttributes" in depth.hint


def test_without_credentials_no_queue_is_empty(bridge, tmp_path):
    """Terraform may have credentials of its own."""
    rooms = Rooms(Workspace(tmp_path), environ={"AWS_PROFILE": "nobody-at-all"})

    (depth,) = count_messages(rooms, bridge, ["letters"]).values()

    assert depth.messages is None
    assert "nobody-at-all" in depth.why_unknown


def test_a_queue_without_a_name_may_hold_messages(bridge, aws):
    """Somebody marked it sensitive; there is nothing to ask AWS about."""
    assert count_messages(Doors(aws), bridge, [""])[""].messages is None


class NoDoors:
    """Rooms that nobody may go out of."""

    def open_aws(self, _account):
        """Nobody comes through."""
        raise AssertionError("AWS was asked")


def goes(action="delete"):
    change = ResourceChange(address=LETTERS, action=action, type="aws_sqs_queue", name="letters")
    return [
        PlanSummary(stack=StackName.GENESYS, changes=()),
        PlanSummary(stack=StackName.AWS, changes=(change,)),
    ]


def guard(rooms, bridge, summaries, **options):
    asking = Asking("dev", "plan bundle b1", "gcbridge apply dev --bundle b1")
    return guard_losses(rooms, bridge, summaries, asking, **{"whole": False, "named": (), **options})


def test_aws_is_asked_only_where_a_queue_would_go(bridge):
    """Most plans need no look, and no permission for it."""
    assert guard(NoDoors(), bridge, goes("update")) == ()


def test_a_stack_that_was_applied_is_not_looked_at_again(bridge):
    """Its queue is gone; one of the same name may be its successor. An address named then is still no mistake."""
    assert guard(NoDoors(), bridge, goes(), done=[StackName.AWS], named=[LETTERS]) == ()


def test_letters_that_came_since_the_plan_are_refused(bridge, aws):
    """The command to type names this bundle."""
    with Stubber(aws.sqs) as sqs:
        sqs.add_response("get_queue_url", URL)
        sqs.add_response("get_queue_attributes", depths(1))

        with pytest.raises(RefusedError) as refusal:
            guard(Doors(aws), bridge, goes())

    assert refusal.value.summary == "plan bundle b1 would lose what nothing brings back"
    assert refusal.value.hint.endswith(f"gcbridge apply dev --bundle b1 --allow-destroy {LETTERS}")


def test_a_failure_of_another_kind_is_no_empty_queue_either(bridge, aws):
    """Throttling, a broken endpoint: nothing of that says that there are no letters."""
    with Stubber(aws.sqs) as sqs:
        sqs.add_client_error("get_queue_url", "InternalError", "try again", http_status_code=400)

        with pytest.raises(RefusedError, match="would lose") as refusal:
            guard(Doors(aws), bridge, goes())

    assert "could not be counted" in refusal.value.detail
    assert not isinstance(refusal.value, AwsError)
