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
    return match_organization(genesys.organization(), bridge.organization.org_id, bridge.environment)


def match_organization(
    organization: OrganizationObservation, org_id: str, environment: str
) -> OrganizationObservation:
    """The organization, if it is the one that the environment names.

    Args:
        organization: whom the credentials belong to.
        org_id: what the environment says.
        environment: its name.

    Raises:
        RefusedError: it is another one.
    """
    if organization.org_id != org_id:
        raise RefusedError(
            f"the credentials belong to organization {organization.org_id} ({organization.name}), "
            f"the environment says {org_id}",
            where=f"environment {environment}",
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
