"""Puts the stand-in into a filesystem mirror, under the address of the real provider."""

from __future__ import annotations

import os
import platform
import shlex
import tempfile
from pathlib import Path

from gcbridge.sandbox.provider import VERSION

ADDRESSES = (
    "registry.terraform.io/mypurecloud/genesyscloud",
    # Where OpenTofu looks for an address without a host.
    "registry.opentofu.org/mypurecloud/genesyscloud",
)
INTERPRETER_NAME = "python"

# Terraform's dependency lock hashes the folder this file is in, so its text never changes: everything that
# differs between machines stands in <mirror>/python. Terraform runs it through a symbolic link below
# .terraform/providers, hence the physical path; the mirror is five levels up. `python -m` looks for modules in
# the current folder first: in the mirror there are none, in the Terraform folder there may be a grpc.py.
SHIM = """\
#!/bin/sh
trap '' INT
here=$(cd "$(dirname "$0")" && pwd -P) && mirror=$(cd "$here/../../../../.." && pwd -P) || exit 1
if [ ! -x "$mirror/python" ]; then
  echo "$mirror/python is missing: install the stand-in provider again" >&2
  exit 1
fi
cd "$mirror" || exit 1
exec "$mirror/python" -m gcbridge.sandbox.provider
"""

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "arm64": "arm64", "aarch64": "arm64"}
_SYSTEMS = ("linux", "darwin")


class UnsupportedPlatformError(RuntimeError):
    """This machine has no Terraform platform that the stand-in can run on."""


def install_stand_in(mirror: Path, python: str, version: str = VERSION) -> Path:
    """Make `mirror` offer the stand-in as `version` of mypurecloud/genesyscloud; returns Terraform's plugin's path.

    `python` is the absolute path of an interpreter that has gcbridge with its sandbox extra. Nothing is
    rewritten that is already right, and a lock file made against this mirror stays valid.
    Raises UnsupportedPlatformError on anything but Linux or macOS on amd64 or arm64.
    """
    _write_executable(mirror / INTERPRETER_NAME, f'#!/bin/sh\nexec {shlex.quote(python)} "$@"\n', mirror)
    place = f"{version}/{terraform_platform()}/terraform-provider-genesyscloud_v{version}"
    plugins = [mirror / address / place for address in ADDRESSES]
    for plugin in plugins:
        _write_executable(plugin, SHIM, mirror)
    return plugins[0]


def terraform_platform() -> str:
    """This machine in Terraform's words, such as linux_amd64 or darwin_arm64."""
    system, machine = platform.system().lower(), platform.machine().lower()
    if system not in _SYSTEMS or machine not in _ARCHITECTURES:
        raise UnsupportedPlatformError(
            f"the sandbox runs on Linux and macOS with amd64 or arm64, this is {system} on {machine}"
        )
    return f"{system}_{_ARCHITECTURES[machine]}"


def _write_executable(path: Path, text: str, scratch: Path) -> None:
    if path.is_file() and path.read_text() == text and os.access(path, os.X_OK):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not beside the plugin: a file more in its folder, even for a moment, changes the hash in the lock.
    descriptor, temporary = tempfile.mkstemp(dir=scratch, prefix=".stand-in-")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    Path(temporary).chmod(0o755)
    Path(temporary).replace(path)
