"""doctor: what is missing on this machine, and what to type."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from gcbridge.aws.session import caller_account
from gcbridge.aws.session import server_time as aws_time
from gcbridge.errors import GcbridgeError
from gcbridge.model.bridge import Bridge
from gcbridge.model.result import Check
from gcbridge.terraform.binary import find_terraform
from gcbridge.workflows.rooms import Rooms, utc_now
from gcbridge.workflows.stack_runs import open_stacks, search_providers

SKEW_ALLOWED = timedelta(minutes=2)
"""AWS refuses signatures that are 5 minutes off."""


def doctor(rooms: Rooms, bridge: Bridge | None) -> tuple[Check, ...]:
    """Every check is made, whatever the others say; no credential is ever printed.

    Args:
        rooms: doors to the outside.
        bridge: the environment to look at; None looks at the machine only.

    IAM actions: none (sts:GetCallerIdentity is allowed to everybody). Genesys permissions: none.
    """
    checks = [
        _checked("workspace", lambda: _workspace(rooms)),
        _checked("terraform", lambda: _terraform(rooms, bridge)),
    ]
    if bridge is not None:
        checks += list(_environment_checks(rooms, bridge))
    return tuple(checks)


def _environment_checks(rooms: Rooms, bridge: Bridge) -> Iterator[Check]:
    yield _checked("providers", lambda: _providers(rooms, bridge))
    yield _checked("Genesys Cloud credentials", lambda: _genesys(rooms, bridge))
    yield _checked("Genesys Cloud clock", lambda: _genesys_clock(rooms, bridge))
    yield _checked("AWS credentials", lambda: _aws(rooms, bridge))
    yield _checked("AWS clock", lambda: _clock(aws_time(rooms.open_aws(bridge.aws))))


def _checked(name: str, observe: Callable[[], str]) -> Check:
    try:
        return Check(name=name, status="passed", observed=observe())
    except GcbridgeError as error:
        said = "; ".join(part for part in (error.summary, error.where, error.detail) if part)
        return Check(name=name, status="failed", observed=said, hint=error.hint)


def _workspace(rooms: Rooms) -> str:
    root = rooms.workspace.root
    try:
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        raise GcbridgeError(
            f"{root} cannot be written to", detail=str(error), hint="choose another folder with --workspace"
        ) from error
    names = rooms.workspace.environment_names()
    return f"{root} is writable; environments: {', '.join(names) or 'none yet'}"


def _terraform(rooms: Rooms, bridge: Bridge | None) -> str:
    binary = find_terraform(bridge.terraform.binary if bridge else None, rooms.environ)
    return f"{binary.product} {binary.version}: {binary.command}"


def _providers(rooms: Rooms, bridge: Bridge) -> str:
    """Only `init` itself tells whether a registry can be reached."""
    runs = open_stacks(rooms, bridge, rooms.render(bridge))
    runs.side_by_side(lambda _stack, run: run.init())
    search = search_providers(rooms, bridge, runs.binary)
    mirrored = {address: str(mirror.path) for mirror in search.mirrors for address in mirror.addresses}
    found = (
        f"{requirement.address} from {mirrored.get(requirement.address, 'the registry')}"
        for requirement in search.requirements
    )
    return "; ".join(found)


def _genesys(rooms: Rooms, bridge: Bridge) -> str:
    organization = rooms.open_genesys(bridge.organization).organization()
    if organization.org_id != bridge.organization.org_id:
        raise GcbridgeError(
            f"the credentials belong to organization {organization.org_id} ({organization.name}), "
            f"the environment says {bridge.organization.org_id}",
            hint="use an OAuth client of that organization, or correct genesys.org_id",
        )
    return f"organization {organization.name} ({organization.org_id})"


def _aws(rooms: Rooms, bridge: Bridge) -> str:
    account_id = caller_account(rooms.open_aws(bridge.aws))
    if account_id != bridge.aws.account_id:
        raise GcbridgeError(
            f"the credentials belong to account {account_id}, the environment says {bridge.aws.account_id}",
            hint="use credentials of that account, or correct aws.account_id",
        )
    return f"account {account_id}"


def _genesys_clock(rooms: Rooms, bridge: Bridge) -> str:
    return _clock(rooms.open_genesys(bridge.organization).server_time())


def _clock(theirs: datetime) -> str:
    skew = abs(utc_now() - theirs)
    if skew > SKEW_ALLOWED:
        raise GcbridgeError(
            f"this machine's clock is {skew.total_seconds():.0f} s off",
            hint="set the clock: AWS refuses requests that are 5 minutes off (timedatectl set-ntp true)",
        )
    return f"within {skew.total_seconds():.0f} s"
