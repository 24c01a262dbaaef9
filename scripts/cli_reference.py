"""The commands of gcbridge as Markdown, read from what the program itself declares to Typer.

`--help` is not taken as it is: its layout changes from one release of Typer to the next, the declarations do not.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any

import typer
from typer.models import ArgumentInfo, OptionInfo
from typer.utils import get_params_from_function

from gcbridge.cli.app import app
from gcbridge.errors import ExitCode

EXIT_CODES = {
    ExitCode.OK: "done",
    ExitCode.FAILED: "something failed: Terraform, AWS, Genesys Cloud, a wait, this machine",
    ExitCode.USAGE: "wrong arguments; no such environment; an environment with problems",
    ExitCode.VERIFICATION_FAILED: "`verify` found a broken link",
    ExitCode.REFUSED: "a guard refused, and nothing was changed by this step",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C or SIGTERM; what was started was stopped first",
}
"""What each code means wherever it occurs."""

COMMAND_CODES = {
    "init": {
        ExitCode.USAGE: "wrong arguments; values are missing and nobody can be asked for them",
        ExitCode.REFUSED: "the file says something else than the options; the credentials belong to another organization or account than it says; a test of the environment failed",
    },
    "plan": {
        ExitCode.USAGE: "with `--detailed-exitcode` also: there are changes",
        ExitCode.REFUSED: "a test of the environment failed; something would be lost that `--allow-destroy` does not name",
    },
    "apply": {
        ExitCode.VERIFICATION_FAILED: "with `--verify`: a link is broken; the first one is named",
        ExitCode.REFUSED: "nothing was planned; the bundle was applied already, is outdated or damaged; with `--plan`: not confirmed, or a test failed; foreign credentials; something would be lost",
    },
    "destroy": {
        ExitCode.REFUSED: "not confirmed; nobody is there to confirm; foreign credentials; a queue holds messages"
    },
    "verify": {ExitCode.VERIFICATION_FAILED: "a link is broken; the first one is named"},
    "listen": {
        ExitCode.OK: "the time of `--for` is over, or nobody reads on",
        ExitCode.FAILED: "Genesys Cloud rejected every topic, or listening ended for good",
        ExitCode.REFUSED: "foreign credentials; all channels are taken, and `--displace` is not given",
        ExitCode.INTERRUPTED: "ended by Ctrl-C",
    },
    "tail": {
        ExitCode.OK: "the time of `--for` is over, or nobody reads on",
        ExitCode.REFUSED: "foreign credentials",
        ExitCode.INTERRUPTED: "ended by Ctrl-C; the temporary rule and queue were removed first",
    },
    "advise": {ExitCode.FAILED: "no event model fits", ExitCode.REFUSED: "there is a blueprint of that name"},
    "route": {
        ExitCode.FAILED: "a file holds something else than events; with `--strict` also: an event would reach no target"
    },
    "test": {
        ExitCode.FAILED: "a test failed",
        ExitCode.USAGE: "an event file is missing or holds something else than one event",
    },
    "dlq": {
        ExitCode.FAILED: "a letter was refused again",
        ExitCode.REFUSED: "not confirmed, or nobody is there to confirm",
    },
    "replay": {
        ExitCode.FAILED: "the replay failed or was cancelled",
        ExitCode.REFUSED: "no archive, or not confirmed",
    },
    "doctor": {ExitCode.FAILED: "a check failed"},
    "sandbox status": {ExitCode.FAILED: "the sandbox does not run, or only half of it does"},
}
"""What a code means more exactly for one command."""


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Args:
        names: such as `--workspace` and `-C`.
        value: what stands behind it, empty for a switch.
        help: one sentence.
    """

    names: tuple[str, ...]
    value: str
    help: str


@dataclass(frozen=True)
class Argument:
    """A positional argument of a command."""

    name: str
    required: bool
    help: str


@dataclass(frozen=True)
class Command:
    """A command with its path, such as `sandbox emit`; the program itself has an empty one."""

    path: str
    help: str
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]

    @property
    def usage(self) -> str:
        """The command line in short."""
        words = ["gcbridge", *([self.path] if self.path else [])]
        words += [argument.name if argument.required else f"[{argument.name}]" for argument in self.arguments]
        words += ["[OPTIONS]"] if self.options else []
        return " ".join(words if self.path else [*words, "COMMAND"])


def list_commands(program: typer.Typer = app, prefix: str = "") -> Iterator[Command]:
    """Every command, groups included, in the order in which they were added."""
    for declared in program.registered_commands:
        if declared.callback is not None:
            name = declared.name or declared.callback.__name__.replace("_", "-")
            yield _read_command(f"{prefix}{name}", declared.callback)
    for group in program.registered_groups:
        if group.typer_instance is not None:
            yield from list_commands(group.typer_instance, f"{prefix}{group.name} ")


def program_command(program: typer.Typer = app) -> Command:
    """The program without a command: options that stand before it."""
    callback = program.registered_callback
    if callback is None or callback.callback is None:
        raise ValueError("the program has no main callback")
    return _read_command("", callback.callback)


def render_commands() -> str:
    """Options of the whole program, a table of commands, exit codes, and a section for each command."""
    commands = list(list_commands())
    return "\n".join([
        *_options_table(program_command(), "Options that stand before the command:"),
        "",
        "| command | |",
        "|---|---|",
        *(f"| [`{found.path}`](#{_slug(found)}) | {_cell(_first_paragraph(found.help))} |" for found in commands),
        "",
        "| exit code | meaning |",
        "|---|---|",
        *(f"| {code.value} | {EXIT_CODES[code]} |" for code in ExitCode),
        "",
        *(line for found in commands for line in _section(found)),
    ])  # fmt: skip


def _section(command: Command) -> list[str]:
    codes = COMMAND_CODES.get(command.path, {})
    return [
        f"## {command.path}",
        "",
        "```text",
        command.usage,
        "```",
        "",
        command.help,
        "",
        *(f"- `{item.name}`: {item.help}" for item in command.arguments),
        *([""] if command.arguments else []),
        *_options_table(command, ""),
        *(f"Exit code {code.value}: {meaning}." for code, meaning in codes.items()),
        *([""] if codes else []),
    ]


def _options_table(command: Command, title: str) -> list[str]:
    if not command.options:
        return []
    rows = [
        f"| {', '.join(f'`{name}`' for name in option.names)} | {_cell(option.value)} | {_cell(option.help)} |"
        for option in command.options
    ]
    return [*([title, ""] if title else []), "| option | value | |", "|---|---|---|", *rows, ""]


def _slug(command: Command) -> str:
    return command.path.replace(" ", "-")


def _first_paragraph(text: str) -> str:
    return text.partition("\n\n")[0]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _read_command(path: str, callback: Any) -> Command:
    arguments, options = [], []
    for name, parameter in get_params_from_function(callback).items():
        match parameter.default:
            case ArgumentInfo() as found:
                written = (found.metavar or name.upper()).strip("[]")
                arguments.append(Argument(written, found.default is ..., found.help or ""))
            case OptionInfo() as found:
                options.append(_read_option(name, found, parameter.annotation))
    return Command(path, inspect.cleandoc(callback.__doc__ or ""), tuple(arguments), tuple(options))


def _read_option(name: str, option: OptionInfo, annotation: Any) -> Option:
    names = tuple(option.param_decls or ()) or (f"--{name.replace('_', '-')}",)
    value = option.metavar or _describe_value(annotation, option)
    default = option.default
    shown = (
        "" if default in (None, False, ...) or "Default" in (option.help or "") else f" Default: {default}."
    )
    return Option(names, value, f"{option.help or ''}{shown}")


def _describe_value(annotation: Any, option: OptionInfo) -> str:
    kind = _without_none(annotation)
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{choice}`" for choice in typing.get_args(kind))
    if typing.get_origin(kind) is list:
        return _describe_value(typing.get_args(kind)[0], option)
    names: dict[Any, str] = {bool: "", int: "number", float: "number", str: "text", Path: "path"}
    bounds = [f"at least {option.min}"] if option.min is not None else []
    bounds += [f"at most {option.max}"] if option.max is not None else []
    return ", ".join([names[kind], *bounds])


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) not in (typing.Union, UnionType):
        return annotation
    return next(kind for kind in typing.get_args(annotation) if kind is not type(None))
