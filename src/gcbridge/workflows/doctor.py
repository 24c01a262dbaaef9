"""doctor: what is missing on this machine, and what to type."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gcbridge.aws.session import server_time as aws_time
from gcbridge.errors import GcbridgeError
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress
from gcbridge.model.result import Check
from gcbridge.terraform.binary import find_terraform
from gcbridge.workflows.identities import check_account, check_organization
from gcbridge.workflows.rooms import Rooms, utc_now
from gcbridge.workflows.stack_runs import initialize_stacks, search_providers

GENESYS = "Genesys Cloud credentials"
AWS = "AWS credentials"
SKEW_ALLOWED = timedelta(minutes=2)
"""AWS refuses signatures that are 5 minutes off."""


def doctor(rooms: Rooms, bridge: Bridge | None) -> tuple[Check, ...]:
    """Every check is made unless what it needs has failed already; no credential is ever printed.

    Args:
        rooms: doors to the outside.
        bridge: the environment to look at; None looks at the machine only.

    IAM actions: none (sts:GetCallerIdentity is allowed to everybody). Genesys permissions: none.
    """
    checks: dict[str, Check] = {}
    for need in (*_machine_needs(rooms, bridge), *(_environment_needs(rooms, bridge) if bridge else ())):
        missing = checks.get(need.after)
        rooms.watch(Progress(need.name, "started", "looking"))
        checks[need.name] = _skip(need) if missing and missing.status != "passed" else _check(need)
        rooms.watch(Progress(need.name, "cleared", ""))
    return tuple(checks.values())


@dataclass(frozen=True, slots=True)
class _Need:
    """Something that has to be there; `after` names what has to be there first."""

    name: str
    observe: Callable[[], str]
    after: str = ""


def _machine_needs(rooms: Rooms, bridge: Bridge | None) -> Iterator[_Need]:
    yield _Need("workspace", lambda: _workspace(rooms))
    yield _Need("terraform", lambda: _terraform(rooms, bridge))


def _environment_needs(rooms: Rooms, bridge: Bridge) -> Iterator[_Need]:
    yield _Need("providers", lambda: _providers(rooms, bridge), after="terraform")
    yield _Need(GENESYS, lambda: _genesys(rooms, bridge))
    yield _Need("Genesys Cloud clock", lambda: _genesys_clock(rooms, bridge), after=GENESYS)
    yield _Need(AWS, lambda: _aws(rooms, bridge))
    yield _Need("AWS clock", lambda: _clock(aws_time(rooms.open_aws(bridge.aws))), after=AWS)


def _check(need: _Need) -> Check:
    try:
        return Check(name=need.name, status="passed", observed=need.observe())
    except GcbridgeError as error:
        place = f" ({error.where})" if error.where else ""
        said = "\n".join(part for part in (f"{error.summary}{place}", error.detail) if part)
        return Check(name=need.name, status="failed", observed=said, hint=error.hint)
    except OSError as error:
        # The file named may not exist, being the one that could not be made; its folder decides who may make it.
        hint = f"ls -ld {Path(error.filename).parent} shows who may write there" if error.filename else ""
        return Check(name=need.name, status="failed", observed=str(error), hint=hint)


def _skip(need: _Need) -> Check:
    return Check(name=need.name, status="skipped", observed=f"needs: {need.after}")


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
    runs = initialize_stacks(rooms, bridge, "doctor")
    search = search_providers(rooms, bridge, runs.binary)
    mirrored = {address: str(mirror.path) for mirror in search.mirrors for address in mirror.addresses}
    found = (
        f"{requirement.address} from {mirrored.get(requirement.address, 'the registry')}"
        for requirement in search.requirements
    )
    return "; ".join(found)


def _genesys(rooms: Rooms, bridge: Bridge) -> str:
    organization = check_organization(rooms.open_genesys(bridge.organization), bridge)
    return f"organization {organization.name} ({organization.org_id})"


def _aws(rooms: Rooms, bridge: Bridge) -> str:
    return f"account {check_account(rooms.open_aws(bridge.aws), bridge)}"


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
