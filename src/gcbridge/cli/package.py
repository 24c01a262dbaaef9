"""package: the zip file of a function, as `plan` would make it, for those who call the modules by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gcbridge.workspace.function_packages import write_package


def package_command(
    source: Annotated[Path, typer.Argument(help="Folder that holds the code, and what it imports.")],
    zip_file: Annotated[Path, typer.Argument(help="Zip file to write.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print path and hash as JSON.")] = False,
) -> None:
    """Package the code of a Lambda function: the same bytes in, the same zip file out.

    The hash is what the modules target-lambda and target-dynamodb take as package_sha256_base64.
    """
    package = write_package(source, zip_file)
    if as_json:
        typer.echo(json.dumps({"file": str(zip_file), "sha256_base64": package.sha256_base64}))
    else:
        typer.echo(package.sha256_base64)
