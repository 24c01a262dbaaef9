"""The one place where errors end: one clear message to stderr, an exit code, a traceback only with --debug."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from gcbridge.cli.console import stderr_console
from gcbridge.errors import ExitCode, GcbridgeError


class Boundary(TyperGroup):
    """A command group whose commands may raise; what they raise is told once and becomes an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises:
            typer.Exit: always, instead of the command's own error.
        """
        try:
            return super().invoke(ctx)
        except GcbridgeError as error:
            self._show_traceback(ctx)
            print_error(error)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            stderr_console().print(
                "\n[yellow]interrupted[/]; what ran has been stopped. To go on, type the same command again"
            )
            raise typer.Exit(ExitCode.INTERRUPTED) from error
        except BrokenPipeError as error:
            raise typer.Exit(ExitCode.OK) from error
        except typer.Abort as abort:
            # A prompt turns Ctrl-C into Abort, and so does the end of its input.
            if isinstance(abort.__context__, KeyboardInterrupt):
                raise typer.Exit(ExitCode.INTERRUPTED) from abort
            raise
        except (typer.Exit, typer.BadParameter):
            raise
        except OSError as error:
            self._show_traceback(ctx)
            print_error(_explain(error))
            raise typer.Exit(ExitCode.FAILED) from error
        except Exception as error:
            if _is_usage_error(error):
                raise
            self._show_traceback(ctx)
            _print_unexpected(error)
            raise typer.Exit(ExitCode.FAILED) from error

    def _show_traceback(self, ctx: Any) -> None:
        if ctx.params.get("debug"):
            stderr_console().print_exception(show_locals=False)


def print_error(error: GcbridgeError) -> None:
    """What failed, where, what the other side said, what to type next."""
    console = stderr_console()
    console.print(f"[bold red]error:[/] {escape(error.summary)}", soft_wrap=True)
    if error.where:
        console.print(f"  [dim]at[/] {escape(error.where)}", soft_wrap=True)
    for line in error.detail.splitlines():
        console.print(f"  {escape(line)}", soft_wrap=True)
    if error.hint:
        console.print(f"[bold]next:[/] {escape(error.hint)}", soft_wrap=True)


def _print_unexpected(error: Exception) -> None:
    console = stderr_console()
    console.print(
        f"[bold red]error:[/] unexpected {type(error).__name__}: {escape(str(error))}", soft_wrap=True
    )
    console.print(
        "[bold]next:[/] run the same command with --debug before its name, and report what it prints"
    )


def _explain(error: OSError) -> GcbridgeError:
    """What this machine refused, and of which file; which of its doings that was, --debug shows."""
    file = Path(str(error.filename)) if error.filename else None
    # The file named may be the one that could not be made; its folder is what there is to look at.
    place = file.parent if file and not file.exists() else file
    return GcbridgeError(
        f"this machine refused: {error.strerror or error}",
        where=str(place or ""),
        hint="look at the owner, the permissions and the free space of that place, then type the same command again",
    )


def _is_usage_error(error: Exception) -> bool:
    """Typer prints its own: a missing argument, an unknown option."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")
