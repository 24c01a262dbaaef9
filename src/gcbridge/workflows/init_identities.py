"""Who sends and who receives: asked of both clouds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gcbridge.aws.session import caller_account
from gcbridge.genesys.credentials import credentials_from
from gcbridge.model.bridge import AssumeRole, AwsAccount, Organization
from gcbridge.model.progress import Progress
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.key_paths import value_at
from gcbridge.workflows.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Identities:
    """Whom the credentials belong to.

    Args:
        org_id: id of the Genesys Cloud organization.
        organization: its name.
        account_id: the AWS account.
    """

    org_id: str
    organization: str
    account_id: str


def look_up(rooms: Rooms, spec: EnvironmentSpec) -> Identities:
    """Ask both clouds whose credentials these are.

    Args:
        rooms: doors to the outside.
        spec: the environment; its ids may be missing.

    Raises:
        GenesysError: no credentials, they were refused, or Genesys Cloud cannot be reached.
        AwsError: the same of AWS.

    Genesys permissions: none. IAM actions: none (sts:GetCallerIdentity is allowed to everybody).
    """
    rooms.watch(Progress("identities", "started", "asking both clouds who we are"))
    organization = rooms.open_genesys(
        Organization(org_id="", region=spec.genesys.region, base_url=spec.genesys.base_url)
    ).organization()
    account_id = caller_account(rooms.open_aws(_account(spec)))
    rooms.watch(Progress("identities", "finished", f"{organization.name} and account {account_id}"))
    return Identities(organization.org_id, organization.name, account_id)


def need_credentials(rooms: Rooms) -> None:
    """Credentials for Genesys Cloud are there, right or wrong; nobody is asked for them.

    Raises:
        GenesysError: there are none.
    """
    credentials_from(rooms.environ)


def greet(rooms: Rooms, values: Mapping[str, Any]) -> None:
    """Tell whoever is going to be asked which organization the credentials belong to.

    Args:
        rooms: doors to the outside.
        values: an environment that may lack much, but has a region.

    Raises:
        GenesysError: no credentials, they were refused, or Genesys Cloud cannot be reached.
    """
    rooms.watch(Progress("organization", "started", "asking Genesys Cloud who we are"))
    region, base_url = value_at(values, ("genesys", "region")), value_at(values, ("genesys", "base_url"))
    found = rooms.open_genesys(Organization(org_id="", region=region, base_url=base_url)).organization()
    rooms.watch(Progress("organization", "finished", found.name))


def _account(spec: EnvironmentSpec) -> AwsAccount:
    role = spec.aws.assume_role
    return AwsAccount(
        account_id=spec.aws.account_id or "",
        region=spec.aws.region,
        endpoint_url=spec.aws.endpoint_url,
        assume_role=AssumeRole(**role.model_dump()) if role else None,
    )
