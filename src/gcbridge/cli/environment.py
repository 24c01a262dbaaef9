"""Commands that show environments: env list, env show, env schema."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from gcbridge.cli.console import stdout_console
from gcbridge.cli.context import EnvironmentName, JsonFlag, session_of
from gcbridge.cli.printing import print_json
from gcbridge.workflows.environment import list_values
from gcbridge.workflows.schema import environment_schema

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_command(context: typer.Context, json_: JsonFlag = False) -> None:
    """List the environments of this workspace."""
    names = session_of(context).workspace.environment_names()
    if json_:
        print_json(list(names))
        return
    for name in names:
        typer.echo(name)


@app.command("show")
def show_command(
    context: typer.Context,
    name: EnvironmentName,
    provenance: Annotated[
        bool, typer.Option("--provenance", help="Say which file and line each value came from.")
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Show an environment with everything it inherits and every default."""
    values = list_values(session_of(context).environment(name, any_topic=True))
    if json_:
        print_json([{"key": value.key, "value": value.value, "origin": value.origin} for value in values])
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for value in values:
        columns = (escape(value.key), escape(str(value.value)))
        table.add_row(*columns, f"[dim]{escape(value.origin)}[/]") if provenance else table.add_row(*columns)
    stdout_console().print(table)


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of environment files, for editors."""
    print_json(environment_schema())
