"""The two background servers of a sandbox: their command lines, their environment, their health."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from gcbridge.sandbox.daemon import Daemon, choose_port
from gcbridge.sandbox.errors import SandboxError
from gcbridge.sandbox.loopback import RefusedError, call_json
from gcbridge.sandbox.state import OAuthClient, ServerState

AWS_HEALTH = "/_ministack/health"
GENESYS_HEALTH = "/_sandbox/health"
START_SECONDS = 30.0
_POLL_SECONDS = 0.1
# Settings of the caller that would lead a server astray: other clouds, other credentials, proxies.
_UNWANTED_PREFIXES = ("AWS_", "GENESYS", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass(frozen=True)
class StartOptions:
    """What the servers are started with; delays are in seconds, `python` is the interpreter's path."""

    folder: Path
    account_id: str
    python: str
    source_delay_seconds: float
    activation_delay_seconds: float


def aws_command(options: StartOptions, port: int) -> list[str]:
    """How the emulated AWS is started."""
    return [
        *(options.python, "-m", "gcbridge.sandbox.aws"),
        *("--port", str(port)),
        *("--state-dir", str(options.folder / "aws")),
        *("--account-id", options.account_id),
    ]


def genesys_command(options: StartOptions, port: int, aws_url: str) -> list[str]:
    """How the emulated Genesys Cloud is started; its client credentials go through the environment."""
    return [
        *(options.python, "-m", "gcbridge.sandbox.genesys"),
        *("--port", str(port)),
        *("--state-dir", str(options.folder / "genesys")),
        *("--aws-endpoint-url", aws_url),
        *("--source-delay", str(options.source_delay_seconds)),
        *("--activation-delay", str(options.activation_delay_seconds)),
    ]


def server_environment() -> dict[str, str]:
    """The caller's environment without what could point a server elsewhere."""
    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith(_UNWANTED_PREFIXES)}
    return kept | {
        "PYTHONSAFEPATH": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def genesys_environment(client: OAuthClient) -> dict[str, str]:
    """The same with the OAuth client that the emulated Genesys Cloud shall accept."""
    return server_environment() | {
        "GENESYS_EMULATOR_CLIENT_ID": client.client_id,
        "GENESYS_EMULATOR_CLIENT_SECRET": client.client_secret,
    }


def aws_daemon(folder: Path) -> Daemon:
    """The emulated AWS of this sandbox; its data is in `<folder>/aws`."""
    return Daemon("aws", str(folder / "aws"), folder)


def genesys_daemon(folder: Path) -> Daemon:
    """The emulated Genesys Cloud of this sandbox; its data is in `<folder>/genesys`."""
    return Daemon("genesys", str(folder / "genesys"), folder)


def ensure_server(
    daemon: Daemon,
    recorded: ServerState | None,
    command: Callable[[int], list[str]],
    environment: dict[str, str],
    health_path: str,
) -> ServerState:
    """The server at work: the running one, or a new one, on its old port if that is free."""
    pid = daemon.pid()
    if pid is None or recorded is None:
        daemon.stop()
        port = choose_port(recorded.port if recorded else None)
        pid = daemon.start(command(port), environment)
    else:
        port = recorded.port
    url = f"http://127.0.0.1:{port}"
    wait_until_healthy(daemon, url + health_path)
    return ServerState(pid=pid, port=port, url=url, log=daemon.log_file)


def wait_until_healthy(daemon: Daemon, url: str, timeout_seconds: float = START_SECONDS) -> None:
    """Returns when the server answers; raises SandboxError with the end of its log when it does not."""
    waiting = Retrying(
        retry=retry_if_exception_type((OSError, RefusedError)),
        wait=wait_fixed(_POLL_SECONDS),
        stop=stop_after_delay(timeout_seconds),
    )
    try:
        waiting(_check_health, daemon, url)
    except RetryError as error:
        raise _not_healthy(daemon, f"did not answer within {timeout_seconds:.0f} s") from error


def is_healthy(url: str) -> bool:
    """True when the server answers now."""
    try:
        call_json(url, timeout_seconds=2)
    except (OSError, RefusedError):
        return False
    return True


def _check_health(daemon: Daemon, url: str) -> None:
    if daemon.pid() is None:
        raise _not_healthy(daemon, "ended right after its start")
    call_json(url, timeout_seconds=2)


def _not_healthy(daemon: Daemon, what: str) -> SandboxError:
    return SandboxError(
        f"The sandbox's {daemon.name} server {what}.",
        f"The end of {daemon.log_file}:\n{daemon.log_tail() or '(empty)'}",
    )
