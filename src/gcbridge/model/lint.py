"""What `validate` finds: faults that refuse an environment, and warnings of what would silently go wrong."""

from __future__ import annotations

from typing import Literal

from gcbridge.model.base import Frozen


class Lint(Frozen):
    """One thing worth mending, with the place to mend it."""

    severity: Literal["error", "warning"]
    """An error refuses the environment; a warning does so only with `--strict`."""
    key: str
    """Dotted path of the value in the environment file, such as `rules.presence.where.eventBody.action[0]`."""
    message: str
    """What is wrong."""
    hint: str = ""
    """What to write instead."""
    where: str = ""
    """File and line, such as `environments/dev.yaml:12`."""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        key = f"{self.key}: " if self.key else ""
        return f"{place}{key}{self.message}{f'; {self.hint}' if self.hint else ''}"


class LintReport(Frozen):
    """Everything that `gcbridge validate` has to say of one environment."""

    environment: str
    """Its name."""
    valid: bool
    """False where a lint is an error."""
    lints: tuple[Lint, ...]
    """In the order of the files."""
