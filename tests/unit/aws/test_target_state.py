"""How a target's own service describes it, in answers that the emulated AWS does not give."""

import json

import pytest
from botocore.stub import Stubber

from gcbridge.aws.session import open_aws
from gcbridge.aws.target_state import read_resources, side_by_side
from gcbridge.model.bridge import AwsAccount

ACCOUNT = "123456789012"
PREFIX = f"eu-central-1:{ACCOUNT}"
GROUP = f"arn:aws:logs:{PREFIX}:log-group:/aws/events/dev"
ACCOUNT_POLICIES = f"arn:aws:logs:{PREFIX}:resource-policies"
FUNCTION = f"arn:aws:lambda:{PREFIX}:function:calls"
MACHINE = f"arn:aws:states:{PREFIX}:stateMachine:calls"
TOPIC = f"arn:aws:sns:{PREFIX}:calls"
KEY = f"arn:aws:kms:{PREFIX}:key/4c1f"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deliver"
POLICY = {"Version": "2012-10-17", "Statement": []}


@pytest.fixture
def aws():
    account = AwsAccount(account_id=ACCOUNT, region="eu-central-1")
    return open_aws(account, environ={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"})


def test_a_log_group_without_a_policy_of_its_own(aws):
    """Whether AWS says so with an empty list or with ResourceNotFoundException, the account's policies count."""
    with Stubber(aws.logs) as logs:
        logs.add_response("describe_log_groups", {"logGroups": [{"logGroupName": "/aws/events/dev"}]})
        logs.add_client_error("describe_resource_policies", "ResourceNotFoundException")
        logs.add_response(
            "describe_resource_policies", {"resourcePolicies": [{"policyDocument": json.dumps(POLICY)}]}
        )

        found = read_resources(aws, [GROUP])

    assert (found[GROUP].exists, found[GROUP].policies) == (True, ())
    assert found[ACCOUNT_POLICIES].policies == (POLICY,)


def denied(aws, service, method, arn, code):
    with Stubber(aws.client(service)) as stubbed:
        stubbed.add_client_error(method, code, "not you")
        return read_resources(aws, [arn])[arn]


DENIED = {
    "sns": ("sns", "get_topic_attributes", TOPIC, "AuthorizationError", "sns:GetTopicAttributes"),
    "lambda": (
        "lambda",
        "get_function_configuration",
        FUNCTION,
        "AccessDeniedException",
        "lambda:GetFunctionConfiguration",
    ),
    "step functions": (
        "stepfunctions",
        "describe_state_machine",
        MACHINE,
        "AccessDeniedException",
        "states:DescribeStateMachine",
    ),
    "iam": ("iam", "get_role", ROLE, "AccessDenied", "iam:GetRole"),
    "kms": ("kms", "describe_key", KEY, "AccessDeniedException", "kms:DescribeKey"),
}


@pytest.mark.parametrize(("service", "method", "arn", "code", "action"), DENIED.values(), ids=DENIED)
def test_not_allowed(aws, service, method, arn, code, action):
    """What IAM does not allow is unknown, and the missing action is named as IAM writes it."""
    found = denied(aws, service, method, arn, code)

    assert found.exists is None
    assert found.policies is None
    assert f"allow the IAM action {action} " in found.detail


def test_a_function_that_nobody_was_let_in_by(aws):
    """Lambda says "not found" of a policy that is not there; the function is there."""
    with Stubber(aws.client("lambda")) as functions:
        functions.add_response("get_function_configuration", {"State": "Active"})
        functions.add_client_error("get_policy", "ResourceNotFoundException")

        found = read_resources(aws, [FUNCTION])[FUNCTION]

    assert (found.exists, found.state, found.policies) == (True, "Active", ())


def test_a_function_whose_policy_is_not_shown(aws):
    """Then it exists, and only its policy is unknown."""
    with Stubber(aws.client("lambda")) as functions:
        functions.add_response("get_function_configuration", {"State": "Active"})
        functions.add_client_error("get_policy", "AccessDeniedException")

        found = read_resources(aws, [FUNCTION])[FUNCTION]

    assert (found.exists, found.policies) == (True, None)
    assert "lambda:GetPolicy" in found.detail


def test_a_role_whose_policies_are_not_shown(aws):
    """Its trust is known, and what it may do is not."""
    role = {
        "Path": "/",
        "RoleName": "deliver",
        "RoleId": "AROA0123456789ABCDEF",
        "Arn": ROLE,
        "CreateDate": "2026-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": json.dumps(POLICY),
    }
    with Stubber(aws.client("iam")) as iam:
        iam.add_response("get_role", {"Role": role})
        iam.add_client_error("list_role_policies", "AccessDenied")
        iam.add_response("list_attached_role_policies", {"AttachedPolicies": [], "IsTruncated": False})

        found = read_resources(aws, [ROLE])[ROLE]

    assert found.exists is True
    assert found.identity_policies is None
    assert "iam:ListRolePolicies" in found.detail


def test_a_key_whose_grants_are_not_shown(aws):
    """Its policy is known all the same, and an alias leads to the key's own ARN."""
    alias = f"arn:aws:kms:{PREFIX}:alias/calls"
    key = {"KeyId": "4c1f", "Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER"}
    with Stubber(aws.client("kms")) as kms:
        kms.add_response("describe_key", {"KeyMetadata": key})
        kms.add_response("get_key_policy", {"Policy": json.dumps(POLICY)})
        kms.add_client_error("list_grants", "AccessDeniedException")

        found = read_resources(aws, [alias])[alias]

    assert (found.arn, found.state, found.policies) == (KEY, "Enabled", (POLICY,))
    assert found.grants is None
    assert "kms:ListGrants" in found.detail


def test_the_key_of_aws_is_not_asked_for(aws):
    """Everything that matters of it is in its name."""
    alias = f"arn:aws:kms:{PREFIX}:alias/aws/sqs"

    assert read_resources(aws, [alias])[alias].aws_managed is True


def test_namesakes(aws):
    """A role of another account is not looked for under its name in this one."""
    foreign = ROLE.replace(ACCOUNT, "210987654321")

    found = read_resources(aws, [foreign])[foreign]

    assert found.exists is None
    assert "210987654321" in found.detail


def test_side_by_side():
    """Results come in the order of what was asked for, and a failure is the caller's."""
    assert side_by_side(lambda number: number * 2, range(20)) == [number * 2 for number in range(20)]

    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 / number, [1, 0])
