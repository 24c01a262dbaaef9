"""The plugin process: started by Terraform through the shim in the filesystem mirror."""

import contextlib
import os
import signal
from collections.abc import Mapping

# Ctrl-C reaches the whole process group; Terraform then finishes what is under way and stops its plugins.
# Ignored before the imports below, which take longer than a person's second keystroke.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from gcbridge.sandbox.provider.genesyscloud import GenesysCloudProvider  # noqa: E402
from gcbridge.sandbox.provider.server import serve  # noqa: E402


def return_to_workspace(environment: Mapping[str, str]) -> None:
    """Goes back to the folder that Terraform runs in, to which paths in a configuration are relative.

    The shim has left it, so that no module is imported from there; `cd` of every POSIX shell exports where it was.
    """
    with contextlib.suppress(OSError):
        os.chdir(environment.get("OLDPWD") or ".")


if __name__ == "__main__":
    return_to_workspace(os.environ)
    serve(GenesysCloudProvider(os.environ), os.environ)
