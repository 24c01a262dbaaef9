"""A failed run becomes one error: Terraform's own diagnostics, where they point, and what to type next."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gcbridge.errors import ExitCode, PlanOutdatedError, ProviderMissingError, TerraformError
from gcbridge.terraform.binary import TerraformBinary
from gcbridge.terraform.providers import ProviderRequirement, ProviderSearch, mirrored_versions
from gcbridge.terraform.ui_events import Diagnostic

_TEXT_LINES = 30


class TerraformCancelledError(TerraformError):
    """Terraform was asked to stop and did; resources that were done by then are in its state."""

    exit_code = ExitCode.INTERRUPTED


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run of Terraform that did not end well.

    Args:
        binary: what ran.
        command: such as `apply`.
        directory: the stack's folder, as the caller wrote it.
        exit_code: negative: killed by that signal.
        diagnostics: in the order they came, warnings included; secrets are masked.
        text: what was printed beside them; secrets are masked.
    """

    binary: TerraformBinary
    command: str
    directory: Path
    exit_code: int
    diagnostics: tuple[Diagnostic, ...] = ()
    text: str = ""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are errors; where Terraform printed plain text, the one read from it."""
        errors = tuple(dict.fromkeys(found for found in self.diagnostics if found.severity == "error"))
        telling = tuple(error for error in errors if not _TELLS_NOTHING.match(error.summary))
        return telling or errors or _read_plain_error(self.text)

    @property
    def terraform(self) -> str:
        """The start of a command line that a person can type for this stack."""
        return f"{self.binary.command} -chdir={shlex.quote(str(self.directory))}"


@dataclass(frozen=True, slots=True)
class _Known:
    """A failure that people meet often; named groups of the pattern may stand in the hint."""

    pattern: re.Pattern[str]
    hint: str

    @classmethod
    def of(cls, pattern: str, hint: str) -> _Known:
        return cls(re.compile(pattern, re.IGNORECASE | re.DOTALL), hint)


_PLAN_AGAIN = "plan again, then apply: what the plan was made of has changed since"
_KNOWN = (
    _Known.of(
        r"retrieving ID of flow '(?P<workflow>[^']+)'.*found multiple flows",
        "several flows are called {workflow}: write the id of the one that is meant as workflow of the trigger",
    ),
    _Known.of(
        r"retrieving ID of flow '(?P<workflow>[^']+)'.*(?:no flows found|unable to find)",
        "publish a workflow {workflow} in Architect, or name another one as workflow of the trigger",
    ),
    _Known.of(
        r"acquiring the state lock.*?ID:\s+(?P<lock_id>\S+)",
        "another run holds the lock: wait until it has ended; if it crashed, type:"
        " {terraform} force-unlock {lock_id}",
    ),
    _Known.of(
        r"(NoSuchBucket|S3 bucket \S* ?does not exist|bucket does not exist)",
        "create the bucket, or correct terraform.backend of the environment",
    ),
    _Known.of(
        r"doesn't match any of the checksums|does not match the (?:hash|checksum)|checksums? previously recorded",
        "the dependency lock file has no checksum for this platform's package; if you trust the package, type:"
        " {terraform} init -upgrade",
    ),
    _Known.of(
        r"does not match configured version constraint|inconsistent dependency lock file"
        r"|previously-selected version \S+ is no longer available",
        "the dependency lock file holds another version; type: {terraform} init -upgrade",
    ),
    _Known.of(
        r"backend configuration changed|backend type changed",
        "keep the old state with: {terraform} init -migrate-state, or leave it behind with:"
        " {terraform} init -reconfigure",
    ),
    _Known.of(
        r"backend initialization required|required plugins are not installed|module not installed",
        "type: {terraform} init",
    ),
    _Known.of(
        r"dial tcp (?P<endpoint>[^\s:]+:\d+): connect: connection refused",
        "nothing listens at {endpoint}: start it (the sandbox: gcbridge sandbox up), or correct"
        " aws.endpoint_url or genesys.base_url of the environment",
    ),
    _Known.of(
        r"no valid credential sources|failed to refresh cached credentials|ExpiredToken|InvalidClientTokenId"
        r"|UnrecognizedClientException|security token included in the request|SignatureDoesNotMatch",
        "check the AWS credentials with: aws sts get-caller-identity; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, where they are temporary)",
    ),
    _Known.of(
        r"oauthclient_(?:id|secret)|invalid_client|client credentials|failed to (?:authorize|get access token)",
        "set GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET of an OAuth client of this"
        " organization's region",
    ),
    _Known.of(
        r"unsupported terraform core version|flag provided but not defined",
        "{terraform_version} is not what the stacks are written for: install Terraform 1.10 or newer, or name"
        " another with: export GCBRIDGE_TERRAFORM=/path/to/terraform",
    ),
)

_PLAN_REFUSED = re.compile(
    r"saved plan is stale|saved plan does not match the given state|inconsistent dependency lock file"
    r"|cannot be transferred between different terraform versions",
    re.IGNORECASE,
)
"""What Terraform says of a saved plan before it does any of it."""
_TELLS_NOTHING = re.compile(r"Terraform encountered problems during initiali|execution halted", re.IGNORECASE)
"""Terraform adds these beside the errors that say what happened."""

_PROVIDER_UNAVAILABLE = re.compile(
    r"failed to (?:query available provider packages|install provider|resolve provider packages)",
    re.IGNORECASE,
)
_QUOTED_PROVIDER = re.compile(r"provider ((?:[\w.-]+\.[\w.-]+/)?[\w-]+/[\w-]+)")


def explain_failure(run: FailedRun, search: ProviderSearch) -> TerraformError | PlanOutdatedError:
    """Make the one error that a person sees; a saved plan that is not applied any more is a refusal.

    Args:
        run: what happened.
        search: where providers were looked for.
    """
    errors = run.errors
    if not errors:
        return TerraformError(
            f"terraform {run.command} ended with exit code {run.exit_code} and no diagnostic",
            where=str(run.directory),
            detail=run.text.strip(),
            hint=f"see more with: TF_LOG=debug {run.terraform} {run.command}",
        )
    for error in errors:
        if _is_missing_provider(run, error):
            return _explain_missing_provider(run, error, search)
    text = "\n".join(f"{error.summary}\n{error.detail}" for error in errors)
    is_refused = run.command == "apply" and _PLAN_REFUSED.search(text)
    return (PlanOutdatedError if is_refused else TerraformError)(
        _headline(errors[0]),
        where=_place(errors[0], run.directory),
        detail=_detail(errors, run.directory),
        hint=_PLAN_AGAIN if is_refused else _find_hint(run, text),
    )


def explain_stop(run: FailedRun, *, reason: str, timeout: float | None) -> TerraformError:
    """A run that was stopped from outside says so first, whatever Terraform said on its way out.

    Args:
        run: what happened.
        reason: `cancelled` or `timeout`.
        timeout: seconds that the run was allowed.
    """
    detail = "\n\n".join(_describe(error, run.directory) for error in run.errors)
    hint = "what was done by then is in the state; the same command takes up from there"
    where = str(run.directory)
    if reason == "timeout":
        summary = f"terraform {run.command} took longer than {timeout:g} s and was stopped"
        return TerraformError(summary, where=where, detail=detail, hint=hint)
    summary = f"terraform {run.command} was interrupted"
    return TerraformCancelledError(summary, where=where, detail=detail, hint=hint)


def _is_missing_provider(run: FailedRun, error: Diagnostic) -> bool:
    """The same summaries stand over a package that is there and that the lock file does not accept."""
    is_unavailable = run.command == "init" and _PROVIDER_UNAVAILABLE.search(error.summary)
    return bool(is_unavailable) and "previously" not in error.detail


def _explain_missing_provider(
    run: FailedRun, error: Diagnostic, search: ProviderSearch
) -> ProviderMissingError:
    requirement = _find_requirement(error, search)
    constraint = f" ({requirement.constraint})" if requirement.constraint else ""
    looked = (
        [f"{requirement.host}: {error.detail.strip()}"] if requirement.address not in search.mirrored else []
    )
    looked += [_describe_mirror(folder, requirement, search.platform) for folder in search.looked_in]
    platform = search.platform or run.binary.platform
    return ProviderMissingError(
        f"provider {requirement.address}{constraint} is not available",
        where=str(run.directory),
        detail="looked in:\n" + "\n".join(f"- {place}" for place in looked or [error.detail.strip()]),
        hint=f"make a mirror where {requirement.host} can be reached, copy it here, and name it:\n"
        f'  {run.terraform} providers mirror -platform={platform} "$PWD/provider-mirror"\n'
        '  export GCBRIDGE_PROVIDER_MIRROR="$PWD/provider-mirror"',
    )


def _find_requirement(error: Diagnostic, search: ProviderSearch) -> ProviderRequirement:
    match = _QUOTED_PROVIDER.search(error.detail)
    named = match.group(1) if match else "unknown/unknown"
    for requirement in search.requirements:
        if named in {requirement.address, requirement.name}:
            return requirement
    return ProviderRequirement(named if named.count("/") == 2 else f"registry.terraform.io/{named}")


def _describe_mirror(folder: Path, requirement: ProviderRequirement, platform: str) -> str:
    if not folder.is_dir():
        return f"{folder}: no such folder"
    versions = ", ".join(mirrored_versions(folder, requirement, platform))
    return f"{folder}: holds {versions} for {platform}" if versions else f"{folder}: does not hold it"


def _place(diagnostic: Diagnostic, directory: Path) -> str:
    """`address (file:line)`, or the one of the two that is known."""
    file = f"{directory / diagnostic.file}:{diagnostic.line}" if diagnostic.file else ""
    if diagnostic.subject and file:
        return f"{diagnostic.subject} ({file})"
    return diagnostic.subject or file or str(directory)


def _headline(error: Diagnostic) -> str:
    """A failed condition's own message says more than "Resource postcondition failed"."""
    is_condition = (
        error.summary.endswith(("condition failed", "Invalid value for variable")) and error.detail.strip()
    )
    return error.detail.strip().splitlines()[0] if is_condition else error.summary


def _detail(errors: Sequence[Diagnostic], directory: Path) -> str:
    """One error needs no second heading; several are told apart by theirs."""
    if len(errors) > 1:
        return "\n\n".join(_describe(error, directory) for error in errors)
    said = errors[0].detail.strip()
    return "" if said == _headline(errors[0]) else said


def _describe(diagnostic: Diagnostic, directory: Path) -> str:
    place = _place(diagnostic, directory) if diagnostic.subject or diagnostic.file else ""
    lines = (f"Error: {diagnostic.summary}", place, diagnostic.detail.strip())
    return "\n".join(line for line in lines if line)


def _find_hint(run: FailedRun, text: str) -> str:
    for known in _KNOWN:
        match = known.pattern.search(text)
        if match:
            version = f"{run.binary.command} {run.binary.version}"
            return known.hint.format(terraform=run.terraform, terraform_version=version, **match.groupdict())
    return ""


def _read_plain_error(text: str) -> tuple[Diagnostic, ...]:
    """Commands without a stream of events print `Error: <summary>`, an empty line, and the detail."""
    # Before Terraform has read -no-color it may draw a box beside its text.
    plain = re.sub(r"\x1b\[[0-9;]*m|^[│╷╵] ?", "", text, flags=re.MULTILINE)
    match = re.search(r"^\s*Error: (?P<summary>.+?)$(?P<detail>.*)", plain, re.MULTILINE | re.DOTALL)
    if match is None:
        return ()
    detail = "\n".join(match["detail"].strip().splitlines()[:_TEXT_LINES])
    return (Diagnostic(severity="error", summary=match["summary"], detail=detail),)
