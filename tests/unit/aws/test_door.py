"""What boto3 raises becomes one error that says what to type next."""

import boto3
import pytest
from botocore import exceptions as boto
from botocore.exceptions import ClientError

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.errors import AwsError

RULE = "arn:aws:events:eu-central-1:123456789012:rule/bus/calls"


@pytest.fixture(scope="module")
def events():
    return boto3.client(
        "events",
        region_name="eu-central-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="x",
        aws_secret_access_key="y",
    )


def fail(events, error):
    with pytest.raises(AwsError) as caught, aws_call(events, "reading the rule", where=RULE):
        raise error
    return caught.value


def answer(code, message="No."):
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeRule")


REFUSALS = {
    "AccessDeniedException": "allow the IAM action events:DescribeRule",
    "ExpiredTokenException": "have expired",
    "UnrecognizedClientException": "does not know these credentials",
    "ThrottlingException": "wait a minute",
    "LimitExceededException": "an AWS quota is used up",
    "RequestTimeTooSkewed": "clock",
    "InternalException": "events:DescribeRule failed",
}


@pytest.mark.parametrize(("code", "hint"), REFUSALS.items(), ids=REFUSALS)
def test_refusal(events, code, hint):
    """An answer of AWS is shown with its code, and with the way out that belongs to the code."""
    error = fail(events, answer(code))

    assert error.where == RULE
    assert error.detail == f"{code}: No."
    assert hint in error.hint


def test_denied_is_its_own_error(events):
    """Only a missing permission is a denial; a caller may go on without what it was not allowed to read."""
    assert isinstance(fail(events, answer("AccessDeniedException")), AwsDeniedError)
    assert not isinstance(fail(events, answer("ExpiredTokenException")), AwsDeniedError)


def test_role_that_may_not_be_assumed(events):
    """Whatever the call was, the action to allow is the one that was refused."""
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "No."}}, "AssumeRole")

    assert "allow the IAM action sts:AssumeRole" in fail(events, denied).hint


def test_signed_request_is_not_shown(events):
    """A signature error repeats the request with its session token; only its first line is kept."""
    message = "The signature does not match.\n\nx-amz-security-token:SECRET"

    assert fail(events, answer("SignatureDoesNotMatch", message)).detail == (
        "SignatureDoesNotMatch: The signature does not match."
    )


SILENCES = {
    "no credentials": (boto.NoCredentialsError(), "no AWS credentials were found", "AWS_ACCESS_KEY_ID"),
    "half a pair": (
        boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        "no AWS credentials were found",
        "AWS_SECRET_ACCESS_KEY",
    ),
    "no such profile": (boto.ProfileNotFound(profile="x"), "no AWS credentials were found", "AWS_PROFILE"),
    "login is over": (
        boto.UnauthorizedSSOTokenError(),
        "AWS credentials could not be obtained",
        "aws sso login",
    ),
    "nobody listens": (
        boto.EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
        "AWS could not be reached at http://127.0.0.1:9",
        "aws.endpoint_url",
    ),
    "no certificate": (
        boto.SSLError(endpoint_url="https://x", error="bad"),
        "AWS could not be reached",
        "AWS_CA_BUNDLE",
    ),
    "too slow": (
        boto.ReadTimeoutError(endpoint_url="http://127.0.0.1:9"),
        "AWS could not be reached",
        "network",
    ),
    "bad argument": (boto.ParamValidationError(report="x"), "AWS failed at reading the rule", "aws.region"),
}


@pytest.mark.parametrize(("error", "summary", "hint"), SILENCES.values(), ids=SILENCES)
def test_silence(events, error, summary, hint):
    """Where no answer came, the error names the endpoint, and what makes an answer possible."""
    seen = fail(events, error)

    assert seen.summary.startswith(summary)
    assert seen.where == "http://127.0.0.1:9"
    assert hint in seen.hint


def test_other_errors_pass(events):
    """The door only turns what boto3 raises."""
    with pytest.raises(ZeroDivisionError), aws_call(events, "counting"):
        raise ZeroDivisionError
