"""The sandbox as a whole: starts and stops two background servers that play AWS and Genesys Cloud.

Everything lives in one folder, `<workspace>/.gcbridge/_sandbox`: `state.json`, `environment.yaml` (what
`environments/sandbox.yaml` extends), `providers/` (a Terraform filesystem mirror), `logs/`, and the servers'
data in `aws/` and `genesys/`, which survives a stop.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from gcbridge.sandbox.daemon import Daemon
from gcbridge.sandbox.errors import SandboxError
from gcbridge.sandbox.loopback import call_json
from gcbridge.sandbox.observe import (
    EmitResult,
    EmitTarget,
    SandboxStatus,
    emit,
    parse_set_values,
    sandbox_status,
)
from gcbridge.sandbox.servers import (
    AWS_HEALTH,
    GENESYS_HEALTH,
    StartOptions,
    aws_command,
    aws_daemon,
    ensure_server,
    genesys_command,
    genesys_daemon,
    genesys_environment,
    server_environment,
)
from gcbridge.sandbox.state import (
    PROVIDERS_NAME,
    SandboxState,
    ServerState,
    load_client,
    read_state,
    sandbox_credentials,
    write_state,
)

__all__ = [
    "EmitResult",
    "EmitTarget",
    "SandboxError",
    "SandboxState",
    "SandboxStatus",
    "ServerState",
    "emit",
    "parse_set_values",
    "read_state",
    "sandbox_credentials",
    "sandbox_status",
    "start_sandbox",
    "stop_sandbox",
]

_LOCK_NAME = "lock"

InstallProvider = Callable[[Path, str], Path]


def start_sandbox(
    folder: Path,
    *,
    source_delay_seconds: float = 2.0,
    activation_delay_seconds: float = 1.0,
    account_id: str = "123456789012",
    python: str = sys.executable,
    install_provider: InstallProvider | None = None,
) -> SandboxState:
    """Both servers run and answer when this returns; servers that ran already are left as they are.

    The delays say how long after enabling an integration its partner event source appears, and how long until
    it reports ACTIVE; a server that runs already keeps its own. `python` runs the servers and the stand-in
    provider. Interrupted or failing, it stops what it started. Raises SandboxError.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = StartOptions(folder, account_id, python, source_delay_seconds, activation_delay_seconds)
    with _lock(folder), _stopping_on_failure(folder):
        recorded = read_state(folder)
        _check_account(recorded, account_id)
        already = all(daemon.pid() is not None for daemon in _daemons(folder))
        aws = _ensure_aws(options, recorded)
        genesys = _ensure_genesys(options, recorded, aws.url)
        mirror = folder / PROVIDERS_NAME
        (install_provider or _install_stand_in)(mirror, python)
        state = SandboxState(
            folder=folder,
            aws=aws,
            genesys=genesys,
            account_id=account_id,
            org_id=call_json(genesys.url + GENESYS_HEALTH)["org_id"],
            started_at=recorded.started_at if recorded and already else _now(),
            provider_mirror=mirror,
            already_running=already,
        )
        write_state(state)
        return state


def stop_sandbox(folder: Path, *, reset: bool = False) -> bool:
    """Stops both servers and keeps their data, or with `reset` deletes everything; true when one ran.

    Only processes that carry this folder in their command line are ended.
    """
    folder = folder.resolve()
    if not folder.exists():
        return False
    with _lock(folder):
        # Genesys first: it would go on calling AWS.
        stopped = [daemon.stop() for daemon in (genesys_daemon(folder), aws_daemon(folder))]
        if reset:
            _delete_contents(folder)
        elif state := read_state(folder):
            write_state(_without_pids(state))
    return any(stopped)


def _ensure_aws(options: StartOptions, recorded: SandboxState | None) -> ServerState:
    return ensure_server(
        aws_daemon(options.folder),
        recorded.aws if recorded else None,
        partial(aws_command, options),
        server_environment(),
        AWS_HEALTH,
    )


def _ensure_genesys(options: StartOptions, recorded: SandboxState | None, aws_url: str) -> ServerState:
    daemon = genesys_daemon(options.folder)
    if recorded is not None and recorded.aws.url != aws_url:
        # It was told the old address of AWS.
        daemon.stop()
    return ensure_server(
        daemon,
        recorded.genesys if recorded else None,
        partial(genesys_command, options, aws_url=aws_url),
        genesys_environment(load_client(options.folder)),
        GENESYS_HEALTH,
    )


def _install_stand_in(mirror: Path, python: str) -> Path:
    # Not at the top: a start with another installer needs nothing of the provider.
    from gcbridge.sandbox.provider.install import install_stand_in  # noqa: PLC0415

    return install_stand_in(mirror, python)


def _check_account(recorded: SandboxState | None, account_id: str) -> None:
    if recorded is not None and recorded.account_id != account_id:
        raise SandboxError(
            f"This sandbox holds account {recorded.account_id}, not {account_id}.",
            "Type `gcbridge sandbox down --reset` to begin a new one.",
        )


@contextlib.contextmanager
def _stopping_on_failure(folder: Path) -> Iterator[None]:
    """Ends the servers that this start brought up when it does not come to its end, Ctrl-C included."""
    before = {daemon.name: daemon.pid() for daemon in _daemons(folder)}
    try:
        yield
    except BaseException:
        for daemon in _daemons(folder):
            if before[daemon.name] is None:
                daemon.stop()
        raise


def _daemons(folder: Path) -> tuple[Daemon, Daemon]:
    return genesys_daemon(folder), aws_daemon(folder)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One start or stop at a time."""
    with (folder / _LOCK_NAME).open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _delete_contents(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == _LOCK_NAME:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _without_pids(state: SandboxState) -> SandboxState:
    return state.model_copy(
        update={
            "aws": state.aws.model_copy(update={"pid": None}),
            "genesys": state.genesys.model_copy(update={"pid": None}),
        }
    )


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
