"""Makes boto3 sessions; importing boto3 is slow, so only `open_aws` imports this."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import boto3
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    Credentials,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError
from botocore.session import Session

from gcbridge.model.bridge import AssumeRole, AwsAccount

MAX_ATTEMPTS = 4
CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 30


def retry_config() -> Config:
    """Calls end: at most four attempts, and no waiting for an answer that never comes."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        user_agent_extra="gcbridge",
    )


class AssumedRole(CredentialProvider):
    """Credentials of a role are fetched at the first call, and again before they expire."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)

    def load(self) -> Credentials:
        """The credentials, fetched or not."""
        return self._credentials


def open_session(account: AwsAccount, environ: Mapping[str, str]) -> boto3.Session:
    """A session is made once for each account; making one asks nothing of AWS.

    Raises:
        NoCredentialsError: a role is to be assumed, and nobody to assume it.
        ProfileNotFound: AWS_PROFILE names a profile that does not exist.
    """
    caller = _open_caller(account.region, environ)
    if account.assume_role is None:
        return boto3.Session(botocore_session=caller, region_name=account.region)
    provider = AssumedRole(_role_fetcher(caller, account, account.assume_role))
    assumed = Session()
    assumed.register_component("credential_provider", CredentialResolver([provider]))
    return boto3.Session(botocore_session=assumed, region_name=account.region)


def profile_region(environ: Mapping[str, str]) -> str | None:
    """The region of the profile, or of boto3's own environment.

    Raises:
        ProfileNotFound: AWS_PROFILE names a profile that does not exist.
    """
    region: str | None = Session(profile=environ.get("AWS_PROFILE") or None).get_config_variable("region")
    return region


def _open_caller(region: str, environ: Mapping[str, str]) -> Session:
    session = Session(profile=environ.get("AWS_PROFILE") or None)
    session.set_config_variable("region", region)
    if environ.get("AWS_ACCESS_KEY_ID"):
        session.set_credentials(
            environ["AWS_ACCESS_KEY_ID"],
            environ.get("AWS_SECRET_ACCESS_KEY", ""),
            environ.get("AWS_SESSION_TOKEN") or None,
        )
    return session


def _role_fetcher(caller: Session, account: AwsAccount, role: AssumeRole) -> AssumeRoleCredentialFetcher:
    source = caller.get_credentials()
    if source is None:
        raise NoCredentialsError
    external_id = {} if role.external_id is None else {"ExternalId": role.external_id}
    return AssumeRoleCredentialFetcher(
        client_creator=partial(
            caller.create_client, region_name=account.region, endpoint_url=account.endpoint_url
        ),
        source_credentials=source,
        role_arn=role.role_arn,
        extra_args={"RoleSessionName": role.session_name, **external_id},
    )
