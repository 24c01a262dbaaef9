"""Who is calling, what time it is there, and what happens when nobody answers."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.aws.session import caller_account, open_aws, server_time
from gcbridge.errors import AwsError
from gcbridge.model.bridge import AssumeRole

pytestmark = pytest.mark.sandbox

KEYS = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "unused"}


def test_account(aws):
    """Whose credentials these are."""
    assert caller_account(aws) == "123456789012"


def test_server_time(aws):
    """The other side's clock is read with its time zone."""
    assert abs(server_time(aws) - datetime.now(timezone.utc)) < timedelta(seconds=5)


def test_assumed_role(bridge):
    """A role is assumed at the first call, and its account is the caller's."""
    role = AssumeRole(
        role_arn="arn:aws:iam::210987654321:role/gcbridge", external_id="42", session_name="gcbridge"
    )
    aws = open_aws(bridge.aws.model_copy(update={"assume_role": role}), environ=KEYS)

    assert caller_account(aws) == "210987654321"
    assert ":assumed-role/gcbridge/gcbridge" in aws.sts.get_caller_identity()["Arn"]


def test_endpoint_down(bridge):
    """An endpoint where nobody listens is named, after four attempts."""
    aws = open_aws(bridge.aws.model_copy(update={"endpoint_url": "http://127.0.0.1:9"}), environ=KEYS)

    with pytest.raises(AwsError, match=r"AWS could not be reached at http://127\.0\.0\.1:9") as caught:
        caller_account(aws)

    assert "gcbridge sandbox status" in caught.value.hint
