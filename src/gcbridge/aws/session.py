"""Opens one session with one AWS account and region, and says who is calling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

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
    """

    account: AwsAccount
    events: EventBridgeClient
    logs: CloudWatchLogsClient
    sqs: SQSClient
    sts: STSClient


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
        return Aws(
            account=account,
            events=session.client("events", endpoint_url=endpoint, config=config),
            logs=session.client("logs", endpoint_url=endpoint, config=config),
            sqs=session.client("sqs", endpoint_url=endpoint, config=config),
            sts=session.client("sts", endpoint_url=endpoint, config=config),
        )
    except BotoCoreError as error:
        raise unanswered(error, "opening a session", endpoint or account.region) from error


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
