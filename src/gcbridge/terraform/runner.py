"""Terraform's commands as typed methods over one stack's folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import python_terraform

from gcbridge.errors import PlanOutdatedError, TerraformError
from gcbridge.terraform.binary import TerraformBinary
from gcbridge.terraform.child import Child, Ended, Grace
from gcbridge.terraform.failures import FailedRun, TerraformCancelledError, explain_failure, explain_stop
from gcbridge.terraform.masking import find_secrets
from gcbridge.terraform.providers import ProviderSearch
from gcbridge.terraform.ui_events import Diagnostic, DiagnosticEvent, OutputText, UiEvent, parse_event

EventSink = Callable[[UiEvent], None]

_LOCK_TIMEOUT = "60s"
_FLAG = python_terraform.IsFlagged
_NO_CHANGES, _CHANGES = 0, 2


def ignore_event(event: UiEvent) -> None:
    """Events may go unseen."""
    del event


@dataclass(frozen=True, slots=True)
class Output:
    """A root output.

    Args:
        value: any JSON value; kept out of `repr`, since it may be sensitive.
        type: Terraform's type, as `terraform output -json` writes it.
        sensitive: whether the stack marks it so.
    """

    value: Any = field(repr=False)
    type: Any
    sensitive: bool


class Terraform:
    """Runs one stack, one command at a time; two objects may run in two threads at once.

    A failed command raises one TerraformError that holds Terraform's own diagnostics, without secrets. Ctrl-C is
    passed on to Terraform once and waited for.

    Args:
        binary: what to run.
        directory: folder of the root module.
        environ: the child's whole environment, as `child_environment` makes it.
        on_event: told every event, in the thread that called the method.
        timeout: seconds that a command may take; None means no limit.
        providers: where providers were looked for; an error about a missing one says so.
        grace: how long Terraform may take to end after an interrupt.
    """

    def __init__(
        self,
        binary: TerraformBinary,
        directory: Path,
        environ: Mapping[str, str],
        *,
        on_event: EventSink = ignore_event,
        timeout: float | None = None,
        providers: ProviderSearch | None = None,
        grace: Grace | None = None,
    ) -> None:
        self.binary = binary
        self.directory = directory
        self._environ = dict(environ)
        self._mask = find_secrets(environ)
        self._on_event = on_event
        self._timeout = timeout
        self._providers = providers or ProviderSearch()
        self._grace = grace or Grace()
        self._child: Child | None = None
        self._cancelled = False
        self._lock = Lock()

    def init(self, *, upgrade: bool = False) -> None:
        """Install modules and providers, and open the state.

        Args:
            upgrade: take the newest providers that fit, and write them into the dependency lock file.

        Raises:
            ProviderMissingError: no mirror and no registry can deliver a provider.
            TerraformError: anything else.
        """
        self._stream("init", input=False, no_color=_FLAG, upgrade=_FLAG if upgrade else None)

    def validate(self) -> tuple[Diagnostic, ...]:
        """Check the stack without touching the network; needs `init`.

        Returns:
            Warnings.

        Raises:
            TerraformError: the stack is not valid.
        """
        ended, text = self._capture("validate", no_color=_FLAG)
        try:
            answer = json.loads(text)
            found = tuple(
                Diagnostic.model_validate(self._mask.mask_json(item)) for item in answer["diagnostics"]
            )
        except (ValueError, KeyError, TypeError):
            raise self._failure("validate", ended, (), text) from None
        if ended.exit_code != 0 or any(diagnostic.severity == "error" for diagnostic in found):
            raise self._failure("validate", ended, found, "")
        return found

    def plan(self, out: Path, *, destroy: bool = False) -> bool:
        """Save a plan that only the caller's user may read; after a failure there is no file.

        Args:
            out: file to write.
            destroy: plan to remove everything.

        Returns:
            Whether applying it would change anything.
        """
        # A binary plan holds variables and state in the clear. Terraform keeps the mode of a file that is there,
        # and writes a plan marked as errored when planning fails.
        out.unlink(missing_ok=True)
        out.touch(mode=0o600)
        try:
            exit_code = self._stream(
                "plan",
                accept=(_NO_CHANGES, _CHANGES),
                out=out.absolute(),
                detailed_exitcode=_FLAG,
                destroy=_FLAG if destroy else None,
                input=False,
                lock_timeout=_LOCK_TIMEOUT,
            )
        except BaseException:
            out.unlink(missing_ok=True)
            raise
        return exit_code == _CHANGES

    def show(self, plan: Path) -> dict[str, Any]:
        """Read a saved plan; sensitive values stand in it in the clear.

        Args:
            plan: what `plan` wrote.
        """
        return self._capture_json("show", str(plan.absolute()), no_color=_FLAG)

    def apply(self, plan: Path) -> None:
        """Apply exactly this saved plan.

        Args:
            plan: what `plan` wrote.
        """
        self._stream("apply", str(plan.absolute()), input=False, lock_timeout=_LOCK_TIMEOUT)

    def destroy(self) -> None:
        """Remove everything that the stack's state holds, without a saved plan and without asking."""
        self._stream("destroy", auto_approve=_FLAG, input=False, lock_timeout=_LOCK_TIMEOUT)

    def output(self) -> dict[str, Output]:
        """Root outputs of the last apply, by name; sensitive ones included."""
        answer = self._capture_json("output", no_color=_FLAG)
        return {
            name: Output(value=item["value"], type=item["type"], sensitive=item["sensitive"])
            for name, item in answer.items()
        }

    @property
    def is_initialized(self) -> bool:
        """True when `init` was run in this folder before, by whomever."""
        return (self.directory / ".terraform").is_dir()

    def version(self) -> str:
        """Version of the binary, such as `1.11.4`."""
        return self.binary.version

    def provider_versions(self) -> dict[str, str]:
        """Provider address -> version, as the dependency lock file has chosen; empty before `init`."""
        answer = self._capture_json("version")
        return dict(sorted(answer["provider_selections"].items()))

    def cancel(self) -> None:
        """Stop the running command and refuse every later one; callable from any thread, any number of times."""
        with self._lock:
            self._cancelled = True
            if self._child is not None:
                self._child.cancel()

    def _stream(self, command: str, *arguments: str, accept: Sequence[int] = (0,), **options: Any) -> int:
        diagnostics: list[Diagnostic] = []
        text: list[str] = []

        def take_line(line: str) -> None:
            event = parse_event(line, self._mask)
            if isinstance(event, DiagnosticEvent):
                diagnostics.append(event.diagnostic)
            elif isinstance(event, OutputText):
                text.append(event.message)
            self._on_event(event)

        ended = self._run(command, arguments, options, take_line)
        if ended.stopped or ended.exit_code not in accept:
            raise self._failure(command, ended, tuple(diagnostics), "\n".join(text))
        return ended.exit_code

    def _capture(self, command: str, *arguments: str, **options: Any) -> tuple[Ended, str]:
        lines: list[str] = []
        ended = self._run(command, arguments, options, lines.append)
        if ended.stopped:
            raise self._failure(command, ended, (), "")
        return ended, "".join(lines)

    def _capture_json(self, command: str, *arguments: str, **options: Any) -> dict[str, Any]:
        ended, text = self._capture(command, *arguments, **options)
        if ended.exit_code != 0:
            raise self._failure(command, ended, (), "")
        try:
            answer: dict[str, Any] = json.loads(text)
        except ValueError:
            raise self._failure(command, ended, (), text) from None
        return answer

    def _run(
        self,
        command: str,
        arguments: Sequence[str],
        options: Mapping[str, Any],
        on_line: Callable[[str], None],
    ) -> Ended:
        argv = build_command_line(self.binary, command, arguments, {**options, "json": _FLAG})
        try:
            child = self._start(command, argv)
        except OSError as error:
            raise TerraformError(
                f"terraform {command} could not be started", where=str(self.directory), detail=str(error)
            ) from error
        try:
            return child.run(on_line, timeout=self._timeout)
        finally:
            with self._lock:
                self._child = None

    def _start(self, command: str, argv: Sequence[str]) -> Child:
        with self._lock:
            if self._cancelled:
                raise TerraformCancelledError(
                    f"terraform {command} was interrupted", where=str(self.directory)
                )
            if self._child is not None:
                raise TerraformError(
                    "a Terraform object runs one command at a time", where=str(self.directory)
                )
            self._child = Child(argv, directory=self.directory, environ=self._environ, grace=self._grace)
            return self._child

    def _failure(
        self, command: str, ended: Ended, diagnostics: tuple[Diagnostic, ...], text: str
    ) -> TerraformError | PlanOutdatedError:
        said = self._mask.mask_text(f"{ended.stderr}\n{text}")
        run = FailedRun(self.binary, command, self.directory, ended.exit_code, diagnostics, said)
        if ended.stopped:
            return explain_stop(run, reason=ended.stopped, timeout=self._timeout)
        return explain_failure(run, self._providers)


def build_command_line(
    binary: TerraformBinary, command: str, arguments: Sequence[str], options: Mapping[str, Any]
) -> list[str]:
    """Options become flags by the rules of python_terraform; nothing of it runs, logs or reads a state.

    Args:
        binary: what to run.
        command: Terraform's command.
        arguments: stand at the end.
        options: names with `_` for `-`; None is left out, IsFlagged is a flag without value.
    """
    # Its constructor parses a state file of the current folder unless it is told of one that cannot exist.
    builder = python_terraform.Terraform(terraform_bin_path=binary.argv[0], state="/dev/null/none")
    program, *rest = builder.generate_cmd_string(command, *arguments, **options)
    return [program, *binary.argv[1:], *rest]
