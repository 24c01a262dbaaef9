"""The command `gcbridge`: one Typer application, put together from the files beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gcbridge.cli import (
    advise,
    applying,
    bridge,
    checks,
    coverage,
    dlq,
    environment,
    expectations,
    init,
    listen,
    package,
    replay,
    route,
    sandbox,
    simulate,
    tail,
    topics,
    verify,
)
from gcbridge.cli.boundary import Boundary
from gcbridge.cli.context import open_session
from gcbridge.version import VERSION

app = typer.Typer(
    cls=Boundary,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Provision and prove Genesys Cloud -> Amazon EventBridge bridges, environment by environment.",
    epilog="Exit codes: 0 ok, 1 failed, 2 usage or invalid environment, 3 verification failed, 4 refused, 130 interrupted.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gcbridge {VERSION}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", "-C", help="Folder that holds environments/. Default: found upwards from here."
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that hold for every command."""
    del debug, version
    context.obj = open_session(workspace)


app.command("init")(init.init_command)
app.command("render")(bridge.render_command)
app.command("validate")(bridge.validate_command)
app.command("plan")(bridge.plan_command)
app.command("apply")(applying.apply_command)
app.command("destroy")(applying.destroy_command)
app.command("verify")(verify.verify_command)
app.command("listen")(listen.listen_command)
app.command("tail")(tail.tail_command)
app.command("route")(route.route_command)
app.command("test")(expectations.run_command)
app.command("coverage")(coverage.coverage_command)
app.command("advise")(advise.advise_command)
app.command("simulate")(simulate.simulate_command)
app.command("replay")(replay.replay_command)
app.command("package")(package.package_command)
app.command("doctor")(checks.doctor_command)
app.command("dlq")(dlq.dlq_command)
app.add_typer(environment.app, name="env", help="Look at environments.")
app.add_typer(topics.app, name="topics", help="What Genesys Cloud can send.")
app.add_typer(sandbox.app, name="sandbox", help="Emulated AWS and Genesys Cloud on this machine.")
