"""package: the zip file of a function, for those who call the modules by themselves or whose code imports more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gcbridge.cli.progress import watching
from gcbridge.errors import UsageError
from gcbridge.workflows.package import LAMBDA_PYTHON, Imports, package


def package_command(
    source: Annotated[Path, typer.Argument(help="Folder that holds the code, and what it imports.")],
    zip_file: Annotated[Path, typer.Argument(help="Zip file to write.")],
    *,
    requirements: Annotated[
        Path | None,
        typer.Option(help="Requirements file with the version and hashes of everything the code imports."),
    ] = None,
    python_version: Annotated[
        str | None,
        typer.Option(help=f"Python of the function's runtime; {LAMBDA_PYTHON} where it is left out."),
    ] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option(
            help="Wheels that the runtime takes, the best first; "
            "those of Lambda on x86_64 where it is left out. Can be repeated."
        ),
    ] = None,
    find_links: Annotated[
        list[str] | None,
        typer.Option(help="Folder or page with wheels, besides pip's index. Can be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print path and hash as JSON.")] = False,
) -> None:
    """Package the code of a Lambda function: the same bytes in, the same zip file out.

    With --requirements, what the code imports is installed by pip and packaged along: wheels only, each with its hash.
    The hash is what the modules target-lambda and target-dynamodb take as package_sha256_base64.
    """
    if requirements is None and (python_version or platform or find_links):
        raise UsageError(
            "--python-version, --platform and --find-links say how requirements are installed",
            hint="add --requirements FILE",
        )
    imports = None
    if requirements is not None:
        version = python_version or LAMBDA_PYTHON
        imports = Imports(requirements, version, tuple(platform or ()), tuple(find_links or ()))
    with watching() as watch:
        made = package(source, zip_file, imports, watch)
    if as_json:
        typer.echo(json.dumps({"file": str(zip_file), "sha256_base64": made.sha256_base64}))
    else:
        typer.echo(made.sha256_base64)
