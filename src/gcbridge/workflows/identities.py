"""Makes sure that the credentials belong to the organization and the account that an environment names."""

from __future__ import annotations

from gcbridge.aws.session import Aws, caller_account
from gcbridge.errors import RefusedError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.observing import OrganizationObservation
from gcbridge.model.bridge import Bridge


def check_organization(genesys: GenesysCloud, bridge: Bridge) -> OrganizationObservation:
    """Whose Genesys Cloud credentials these are; a plan made for one organization must not reach another.

    Raises:
        RefusedError: they belong to another organization.
        GenesysError: no credentials, or they were refused.

    Genesys permissions: none.
    """
    organization = genesys.organization()
    if organization.org_id != bridge.organization.org_id:
        raise RefusedError(
            f"the credentials belong to organization {organization.org_id} ({organization.name}), "
            f"the environment says {bridge.organization.org_id}",
            where=f"environment {bridge.environment}",
            hint="use an OAuth client of that organization (GENESYSCLOUD_OAUTHCLIENT_ID, "
            "GENESYSCLOUD_OAUTHCLIENT_SECRET), or correct genesys.org_id",
        )
    return organization


def check_account(aws: Aws, bridge: Bridge) -> str:
    """Whose AWS credentials these are.

    Raises:
        RefusedError: they belong to another account.
        AwsError: no credentials, or they were refused.

    IAM actions: none (sts:GetCallerIdentity is allowed to everybody).
    """
    account_id = caller_account(aws)
    if account_id != bridge.aws.account_id:
        raise RefusedError(
            f"the credentials belong to account {account_id}, the environment says {bridge.aws.account_id}",
            where=f"environment {bridge.environment}",
            hint="use credentials of that account (AWS_PROFILE, AWS_ACCESS_KEY_ID), or correct aws.account_id",
        )
    return account_id
