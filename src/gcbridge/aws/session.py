"""Opens one session with one AWS account and region, and says who is calling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from gcbridge.aws.door import aws_call, unanswered
from gcbridge.model.bridge import AwsAccount

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Aws:
    """One account in one region, with a client for each service that gcbridge speaks to.

    The clients may be shared between threads; `account` is what the environment says, not what was observed.
    The four that every command needs are open from the start; `client` opens the others when they are needed.
    """

    account: AwsAccount
    events: EventBridgeClient
    logs: CloudWatchLogsClient
    sqs: SQSClient
    sts: STSClient
    open_client: Callable[[str], Any]
    _opened: dict[str, Any] = field(default_factory=dict, repr=False)

    def client(self, service: str) -> Any:
        """The client of a service by boto3's name for it, such as `kinesis`; one for each, whoever asks."""
        if service not in self._opened:
            self._opened[service] = self.open_client(service)
        return self._opened[service]


def open_aws(account: AwsAccount, *, environ: Mapping[str, str] | None = None) -> Aws:
    """Opening asks nothing of AWS: a role is assumed, and renewed in time, when the first call needs it.

    Args:
        account: region, endpoint and role to use.
        environ: where AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_PROFILE are looked up
            first. What it does not hold, boto3 finds as it always does: environment, profile, SSO, instance role.

    Raises:
        AwsError: the profile does not exist, no credentials to assume the role with, or boto3 refuses the settings.

    IAM actions: sts:AssumeRole on `aws.assume_role.role_arn`, where given.
    """
    # boto3 takes a quarter of a second to import; commands that stay off AWS do not pay for it.
    from gcbridge.aws.clients import open_session, retry_config  # noqa: PLC0415

    config, endpoint = retry_config(), account.endpoint_url
    try:
        session = open_session(account, environ or {})
        open_client = partial(session.client, endpoint_url=endpoint, config=config)
        return Aws(
            account=account,
            events=open_client("events"),
            logs=open_client("logs"),
            sqs=open_client("sqs"),
            sts=open_client("sts"),
            open_client=open_client,
        )
    except BotoCoreError as error:
        raise unanswered(error, "opening a session", endpoint or account.region) from error


def configured_region(environ: Mapping[str, str]) -> str | None:
    """The region that AWS's own tools would use: AWS_REGION, AWS_DEFAULT_REGION, the profile's; None where none is set.

    Args:
        environ: where the variables are looked up first, AWS_PROFILE too.

    Raises:
        AwsError: the profile does not exist.

    IAM actions: none; nothing is asked of AWS.
    """
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if environ.get(name):
            return environ[name]
    from gcbridge.aws.clients import profile_region  # noqa: PLC0415 - as in open_aws

    try:
        return profile_region(environ)
    except BotoCoreError as error:
        raise unanswered(error, "reading the profile", "AWS_PROFILE") from error


def caller_account(aws: Aws) -> str:
    """The account that the credentials belong to, 12 digits.

    Raises:
        AwsError: no credentials, or STS said no.

    IAM actions: none; sts:GetCallerIdentity is allowed to everybody.
    """
    with aws_call(aws.sts, "asking whose credentials these are"):
        return aws.sts.get_caller_identity()["Account"]


def server_time(aws: Aws) -> datetime:
    """The clock of AWS, to the second, with its time zone; a skew of 5 minutes makes AWS refuse signatures.

    Raises:
        AwsError: STS said no or could not be reached.

    IAM actions: none.
    """
    with aws_call(aws.sts, "asking AWS for the time"):
        answer = aws.sts.get_caller_identity()
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
