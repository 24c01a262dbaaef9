"""Turns every failure of boto3 into an AwsError that says what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore import exceptions as boto

from gcbridge.errors import AwsError

if TYPE_CHECKING:
    from botocore.client import BaseClient


class AwsDeniedError(AwsError):
    """The credentials are good, but IAM does not allow the call."""


DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "NotAuthorized"}
)
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
REJECTED = frozenset(
    {
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
SKEWED = frozenset({"RequestInTheFuture", "RequestTimeTooSkewed"})
QUOTA_USED_UP = "LimitExceededException"
THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

CREDENTIALS_HINT = (
    "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where the keys are temporary), "
    "or AWS_PROFILE=<name of a profile in ~/.aws/config>"
)
LOGIN_HINT = f"log in again (aws sso login, or whatever issues your keys), or {CREDENTIALS_HINT}"
ENDPOINT_HINT = (
    "check the network, the proxy variables, AWS_CA_BUNDLE, aws.region and aws.endpoint_url; "
    "a sandbox endpoint answers only while it runs: gcbridge sandbox status"
)


@contextmanager
def aws_call(client: BaseClient, doing: str, *, where: str = "") -> Iterator[None]:
    """Calls inside the block fail only as AwsError.

    Args:
        client: the boto3 client in use; it names the endpoint and the service.
        doing: what is being done, to finish the sentence "AWS failed at ...".
        where: ARN or name that the call is about; the endpoint where nothing is given.

    Raises:
        AwsDeniedError: IAM does not allow the call.
        AwsError: anything else that boto3 raises.
    """
    endpoint = client.meta.endpoint_url
    try:
        yield
    except boto.ClientError as error:
        service = client.meta.service_model.service_name
        raise refused(error, service, doing, where or endpoint) from error
    except boto.BotoCoreError as error:
        raise unanswered(error, doing, endpoint) from error


def refused(error: boto.ClientError, service: str, doing: str, where: str) -> AwsError:
    """AWS answered, and the answer was no."""
    fault = error.response.get("Error", {})
    code, message = fault.get("Code", "unknown"), fault.get("Message", "")
    # Only the first line: a signature error goes on with the signed request, session token included.
    detail = f"{code}: {message.splitlines()[0] if message else 'no message'}"
    # Any call may have to assume the role first, and then that is what failed.
    prefix = "sts" if error.operation_name == "AssumeRole" else service
    action = f"{prefix}:{error.operation_name}"
    if code in DENIED:
        return AwsDeniedError(
            f"AWS did not allow {doing}",
            where=where,
            detail=detail,
            hint=f"allow the IAM action {action} for the identity that gcbridge uses",
        )
    return AwsError(f"AWS failed at {doing}", where=where, detail=detail, hint=_hint_for(code, action))


def _hint_for(code: str, action: str) -> str:
    if code in EXPIRED:
        return f"the AWS credentials have expired: {LOGIN_HINT}"
    if code in REJECTED:
        return f"AWS does not know these credentials: {CREDENTIALS_HINT}"
    if code in SKEWED:
        return "the clock of this machine is wrong: switch time synchronization on, then try again"
    if code == QUOTA_USED_UP:
        return "an AWS quota is used up; verify needs one rule more than the environment declares: remove what is not needed, or ask AWS for more (Service Quotas)"
    if code.rsplit(".", maxsplit=1)[-1] in THROTTLED:
        return "AWS throttled the call four times in a row: wait a minute, then type the command again"
    return f"{action} failed; the detail is AWS's own: mend what it names, then type the command again"


def unanswered(error: boto.BotoCoreError, doing: str, where: str) -> AwsError:
    """No answer came, or no request could be made."""
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, (boto.NoCredentialsError, boto.PartialCredentialsError, boto.ProfileNotFound)):
        return AwsError("no AWS credentials were found", where=where, detail=detail, hint=CREDENTIALS_HINT)
    logins = (boto.CredentialRetrievalError, boto.TokenRetrievalError, boto.SSOError, boto.LoginError)
    if isinstance(error, logins):
        return AwsError("AWS credentials could not be obtained", where=where, detail=detail, hint=LOGIN_HINT)
    if isinstance(error, (boto.ConnectionError, boto.HTTPClientError)):
        return AwsError(
            f"AWS could not be reached at {where}", where=where, detail=detail, hint=ENDPOINT_HINT
        )
    return AwsError(
        f"AWS failed at {doing}", where=where, detail=detail, hint=f"check aws.region and {CREDENTIALS_HINT}"
    )
