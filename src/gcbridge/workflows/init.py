"""init: complete an environment file with what only the two clouds know, then prepare both stacks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gcbridge.atomic import write_atomically
from gcbridge.aws.session import caller_account
from gcbridge.errors import EnvironmentInvalidError, EnvironmentMissingError, RefusedError
from gcbridge.model.bridge import AssumeRole, AwsAccount, Organization
from gcbridge.model.progress import Progress
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.validate import validate_environment
from gcbridge.workflows.environment import Environment, load_environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.schema import write_schema
from gcbridge.workflows.stack_runs import initialize_stacks
from gcbridge.workspace.environment_file import add_values, read_environment
from gcbridge.workspace.topic_snapshots import read_catalogue

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InitResult:
    """What init found out and did.

    Args:
        environment: its name.
        file: the environment file.
        created: whether the file is new.
        organization: name of the Genesys Cloud organization.
        written: keys that were added to the file.
        terraform_version: of the binary that initialized both stacks.
    """

    environment: str
    file: Path
    created: bool
    organization: str
    written: dict[str, str]
    terraform_version: str


def init(rooms: Rooms, name: str, *, starter: str | None = None) -> InitResult:
    """Look up who sends and who receives, write it into the environment file, render, and run `terraform init`.

    What stands in the file already is compared, never replaced.

    Args:
        rooms: doors to the outside.
        name: the environment.
        starter: text of a new environment file, used where there is none yet.

    Raises:
        EnvironmentMissingError: there is no file, and no starter.
        EnvironmentInvalidError: every problem at once; a starter that has one is not written.
        RefusedError: the credentials belong to another organization or account than the file says.

    Genesys permissions: none. IAM actions: none (sts:GetCallerIdentity is allowed to everybody).
    """
    file = rooms.workspace.environment_file(name)
    created = starter is not None and not file.exists()
    if starter is not None and created:
        _check_starter(rooms, name, starter)
        write_atomically(file, starter)
        write_schema(rooms.workspace)
    _check_exists(rooms, name)
    environment = load_environment(rooms.workspace, name)
    organization, written = _complete(rooms, environment, file)
    environment = load_environment(rooms.workspace, name)
    bridge = environment.resolve()
    rooms.watch(Progress("terraform init", "started", "both stacks"))
    runs = initialize_stacks(rooms, bridge, "init")
    rooms.watch(Progress("terraform init", "finished", "both stacks"))
    return InitResult(name, file, created, organization, written, runs.binary.version)


def _check_starter(rooms: Rooms, name: str, starter: str) -> None:
    """A file with a mistake would stay and win over the corrected command, so it is not written at all."""
    document = read_environment(rooms.workspace, name, text=starter)
    try:
        # No origins: there is no file yet to name a line of.
        validate_environment(name, document.values, {}, read_catalogue(rooms.workspace, name))
    except EnvironmentInvalidError as error:
        hint = f"nothing was written; correct the options of gcbridge init {name} and type it again"
        raise EnvironmentInvalidError(name, error.problems, hint=hint) from error


def _check_exists(rooms: Rooms, name: str) -> None:
    """Everywhere else the way out of a missing file is init; here it is to say enough for a new one."""
    try:
        rooms.workspace.existing_environment_file(name)
    except EnvironmentMissingError as error:
        raise EnvironmentMissingError(
            error.summary,
            where=error.where,
            detail=error.detail,
            hint=f"for a new file: gcbridge init {name} --genesys-region REGION --aws-region REGION",
        ) from error


def _complete(rooms: Rooms, environment: Environment, file: Path) -> tuple[str, dict[str, str]]:
    spec = environment.spec
    rooms.watch(Progress("identities", "started", "asking both clouds who we are"))
    organization = rooms.open_genesys(
        Organization(org_id="", region=spec.genesys.region, base_url=spec.genesys.base_url)
    ).organization()
    account_id = caller_account(rooms.open_aws(_account(spec)))
    rooms.watch(Progress("identities", "finished", f"{organization.name} and account {account_id}"))
    found: dict[Key, tuple[str | None, str]] = {
        ("genesys", "org_id"): (spec.genesys.org_id, organization.org_id),
        ("aws", "account_id"): (spec.aws.account_id, account_id),
    }
    for (section, key), (written, actual) in found.items():
        if written and written != actual:
            raise _foreign_credentials(environment, f"{section}.{key}", written, actual)
    missing = {key: actual for key, (written, actual) in found.items() if not written}
    if missing:
        add_values(file, missing)
    return organization.name, {".".join(key): value for key, value in missing.items()}


def _account(spec: EnvironmentSpec) -> AwsAccount:
    role = spec.aws.assume_role
    return AwsAccount(
        account_id=spec.aws.account_id or "",
        region=spec.aws.region,
        endpoint_url=spec.aws.endpoint_url,
        assume_role=AssumeRole(**role.model_dump()) if role else None,
    )


def _foreign_credentials(environment: Environment, key: str, written: str, actual: str) -> RefusedError:
    section, _, name = key.partition(".")
    origin = environment.document.origins.get((section, name))
    return RefusedError(
        f"the credentials belong to {key} {actual}, but the environment says {written}",
        where=str(origin or key),
        hint=f"use credentials of {written}, or correct {key}",
    )
