"""What EventBridge says of a secret that it does not want is told without the secret."""

import traceback

import pytest
from botocore.stub import Stubber

from gcbridge.aws.connections import set_connection_secret
from gcbridge.aws.session import open_aws
from gcbridge.errors import AwsError
from gcbridge.model.bridge import AwsAccount
from gcbridge.model.target_options_spec import ApiKeyAuthorizationSpec, SecretSpec

HIDDEN = "do-not-tell"
ACCOUNT = AwsAccount(account_id="123456789012", region="eu-central-1")
KEY = ApiKeyAuthorizationSpec(type="api_key", header="X-Key", secret=SecretSpec(environment_variable="KEY"))


@pytest.fixture
def answers():
    """The account, and what its EventBridge answers."""
    aws = open_aws(ACCOUNT, environ={"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "unused"})
    with Stubber(aws.events) as stubber:
        yield aws, stubber


def test_the_body_carries_the_secret_as_well(answers):
    """In the same call, and marked as secret: EventBridge gives it back to nobody."""
    aws, stubber = answers
    in_body = KEY.model_copy(update={"body_key": "routing_key"})
    expected = {
        "Name": "web",
        "AuthorizationType": "API_KEY",
        "AuthParameters": {
            "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": HIDDEN},
            "InvocationHttpParameters": {
                "BodyParameters": [{"Key": "routing_key", "Value": HIDDEN, "IsValueSecret": True}]
            },
        },
    }
    stubber.add_response("update_connection", {"ConnectionState": "AUTHORIZED"}, expected)
    stubber.add_response("describe_connection", {"ConnectionState": "AUTHORIZED"}, {"Name": "web"})
    set_connection_secret(aws, "web", in_body, HIDDEN, sleep=lambda _seconds: None)
    stubber.assert_no_pending_responses()


def raised_by(aws, secret):
    with pytest.raises(AwsError) as raised:
        set_connection_secret(aws, "web", KEY, secret, sleep=lambda _seconds: None)
    return raised.value


@pytest.mark.parametrize("secret", [HIDDEN, f"{HIDDEN}\n"])
def test_a_secret_that_is_not_allowed(answers, secret):
    """AWS quotes the value; neither the message nor the traceback of --debug does."""
    aws, stubber = answers
    quoted = f"1 validation error detected: Value '{HIDDEN}' at 'apiKeyValue' failed to satisfy constraint"
    stubber.add_client_error("update_connection", "ValidationException", quoted)

    error = raised_by(aws, secret)

    assert "Value '(secret)' at 'apiKeyValue'" in error.detail
    assert HIDDEN not in "".join(traceback.format_exception(error))


def test_a_secret_that_the_other_side_repeats(answers):
    """The reason is told, without what must not be told."""
    aws, stubber = answers
    stubber.add_response("update_connection", {"ConnectionState": "UPDATING"})
    stubber.add_response(
        "describe_connection",
        {"ConnectionState": "DEAUTHORIZED", "StateReason": f"400: client_secret={HIDDEN} is wrong"},
    )

    assert raised_by(aws, HIDDEN).detail == "400: client_secret=(secret) is wrong"
