"""Every failure a person can cause or meet is one of these; the command line prints them, nothing else does.

GcbridgeError                    exit 1
├── EnvironmentMissingError      exit 2   no such environment file
├── EnvironmentInvalidError      exit 2   every problem of the environment at once, each with file:line
├── UsageError                   exit 2   a command called with arguments that do not fit together
├── RefusedError                 exit 4   a guard said no
│   └── PlanOutdatedError        exit 4   the plan bundle is not what would be applied now
├── TerraformError               exit 1   terraform ended with diagnostics
│   ├── TerraformMissingError    exit 1   no binary found
│   └── ProviderMissingError     exit 1   neither a mirror nor the registry has a provider
├── AwsError                     exit 1   AWS refused, could not be reached, or credentials are missing
├── GenesysError                 exit 1   Genesys Cloud refused, could not be reached, or credentials are missing
└── WaitTimeoutError             exit 1   something that had to happen did not happen in time
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from gcbridge.model.origin import Origin


class ExitCode(IntEnum):
    """Exit codes are part of the interface: CI pipelines branch on them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    VERIFICATION_FAILED = 3
    REFUSED = 4
    INTERRUPTED = 130


class GcbridgeError(Exception):
    """A failure carries what failed, where, why, and what to type next; it never prints itself.

    Args:
        summary: one sentence, what failed.
        where: `file:line`, a resource address, or a URL.
        detail: what the other side said, may have several lines. Never holds a secret.
        hint: what to type or change next.
    """

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(self, summary: str, *, where: str = "", detail: str = "", hint: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.where = where
        self.detail = detail
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in an environment file, with the place to mend it.

    Args:
        key: dotted path of the value, such as `rules.presence.targets[0]`.
        message: what is wrong and what is allowed.
        origin: file and line, where known.
    """

    key: str
    message: str
    origin: Origin | None = None

    def __str__(self) -> str:
        place = f"{self.origin}: " if self.origin else ""
        return f"{place}{self.key}: {self.message}" if self.key else f"{place}{self.message}"


class UsageError(GcbridgeError):
    """Arguments of a command do not fit together."""

    exit_code = ExitCode.USAGE


class EnvironmentMissingError(GcbridgeError):
    """The workspace has no environment of that name."""

    exit_code = ExitCode.USAGE


class EnvironmentInvalidError(GcbridgeError):
    """An environment has problems; all of them are listed at once."""

    exit_code = ExitCode.USAGE

    def __init__(self, environment: str, problems: Sequence[Problem], *, hint: str = "") -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(
            f"environment {environment} has {count}",
            detail="\n".join(str(problem) for problem in problems),
            hint=hint,
        )
        self.problems = tuple(problems)


class RefusedError(GcbridgeError):
    """A guard refused; nothing was changed."""

    exit_code = ExitCode.REFUSED


class PlanOutdatedError(RefusedError):
    """The plan bundle does not describe what would be applied now."""


class TerraformError(GcbridgeError):
    """Terraform ended with an error; `detail` holds its own diagnostics."""


class TerraformMissingError(TerraformError):
    """No terraform or tofu binary was found."""


class ProviderMissingError(TerraformError):
    """Neither a filesystem mirror nor the registry can deliver a provider."""


class AwsError(GcbridgeError):
    """AWS refused a call, could not be reached, or has no credentials here."""


class GenesysError(GcbridgeError):
    """Genesys Cloud refused a call, could not be reached, or has no credentials here."""


class WaitTimeoutError(GcbridgeError):
    """An awaited state did not come in time."""
