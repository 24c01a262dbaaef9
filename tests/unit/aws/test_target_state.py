"""How a target's own service describes it, in answers that the emulated AWS does not give."""

import json

import pytest
from botocore.stub import Stubber

from gcbridge.aws.session import open_aws
from gcbridge.aws.target_state import read_target_state
from gcbridge.model.bridge import AwsAccount

GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/events/dev"
POLICY = {"Version": "2012-10-17", "Statement": []}


@pytest.fixture
def aws():
    account = AwsAccount(account_id="123456789012", region="eu-central-1")
    return open_aws(account, environ={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"})


def test_a_log_group_without_a_policy_of_its_own(aws):
    """Whether AWS says so with an empty list or with ResourceNotFoundException, the account's policies count."""
    with Stubber(aws.logs) as logs:
        logs.add_response("describe_log_groups", {"logGroups": [{"logGroupName": "/aws/events/dev"}]})
        logs.add_response(
            "describe_resource_policies", {"resourcePolicies": [{"policyDocument": json.dumps(POLICY)}]}
        )
        logs.add_client_error("describe_resource_policies", "ResourceNotFoundException")

        state = read_target_state(aws, GROUP)

    assert (state.exists, state.policies) == (True, (POLICY,))
