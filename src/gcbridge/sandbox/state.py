"""What is known of a sandbox, the files it is kept in, and the dummy credentials it accepts."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import uuid
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from gcbridge.sandbox.errors import SandboxError

STATE_NAME = "state.json"
ENVIRONMENT_NAME = "environment.yaml"
CLIENT_NAME = "genesys-client.json"
PROVIDERS_NAME = "providers"

_ENVIRONMENT = """\
# written by `gcbridge sandbox up`; ports are free ones of this machine
genesys:
  region: eu-central-1 # whatever region an environment says, its address is this one
  base_url: {genesys}
aws:
  region: eu-central-1
  endpoint_url: {aws}
terraform:
  provider_mirror: {mirror}
verify:
  user: test.user@example.com # nobody waits for the presence of this user
  settle_seconds: 0 # the emulated EventBridge uses a new rule at once
"""


class Frozen(BaseModel):
    """An immutable value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerState(Frozen):
    """One background server; `pid` is None when it was stopped."""

    pid: int | None
    port: int
    url: str
    log: Path


class SandboxState(Frozen):
    """A sandbox that was started: where its two servers are and whose accounts they play.

    `already_running` is true when the call that returned this found both servers at work.
    """

    folder: Path
    aws: ServerState
    genesys: ServerState
    account_id: str
    org_id: str
    started_at: str
    provider_mirror: Path
    already_running: bool = False

    @property
    def environment_file(self) -> Path:
        """The environment fragment that `environments/sandbox.yaml` extends."""
        return self.folder / ENVIRONMENT_NAME


class OAuthClient(Frozen):
    """The one OAuth client the emulated Genesys Cloud accepts; a dummy that opens nothing else."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        """Names the client only."""
        return f"OAuthClient(client_id={self.client_id!r})"


def read_state(folder: Path) -> SandboxState | None:
    """The recorded state, or None when there is none; raises SandboxError for a broken file."""
    try:
        return SandboxState.model_validate_json((folder / STATE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise SandboxError(
            f"{folder / STATE_NAME} is not a sandbox state this version of gcbridge wrote.",
            "Type `gcbridge sandbox down --reset`, then `gcbridge sandbox up`.",
        ) from error


def write_state(state: SandboxState) -> None:
    """Replaces state.json and environment.yaml."""
    text = _ENVIRONMENT.format(
        genesys=state.genesys.url, aws=state.aws.url, mirror=json.dumps(str(state.provider_mirror))
    )
    replace_file(state.environment_file, text)
    replace_file(
        state.folder / STATE_NAME, state.model_dump_json(indent=2, exclude={"already_running"}) + "\n"
    )


def load_client(folder: Path) -> OAuthClient:
    """The sandbox's OAuth client, made up at the first call and kept readable by its owner only."""
    path = folder / CLIENT_NAME
    if not path.exists():
        client = OAuthClient(client_id=str(uuid.uuid4()), client_secret=secrets.token_urlsafe(32))
        replace_file(path, client.model_dump_json())
    return OAuthClient.model_validate_json(path.read_text(encoding="utf-8"))


def sandbox_credentials(state: SandboxState) -> dict[str, str]:
    """Environment variables with which every client reaches this sandbox; dummies, worthless elsewhere.

    The AWS access key id is the account id, from which the emulated AWS reads who calls.
    """
    client = load_client(state.folder)
    return {
        "AWS_ACCESS_KEY_ID": state.account_id,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_EC2_METADATA_DISABLED": "true",
        "GENESYSCLOUD_OAUTHCLIENT_ID": client.client_id,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": client.client_secret,
    }


def replace_file(path: Path, text: str) -> None:
    """Writes a file whole, readable by its owner only."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(temporary).replace(path)
