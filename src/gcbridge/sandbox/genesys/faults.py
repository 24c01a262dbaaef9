"""Switches with which a test makes the emulated Genesys Cloud misbehave; they do not survive a restart."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class FailNext(BaseModel):
    """The next `count` requests with this method and path (`*` matches anything) get `status`."""

    model_config = ConfigDict(extra="forbid")

    method: str
    path: str
    status: int = Field(ge=400, le=599)
    count: int = Field(default=1, ge=1)
    retry_after: int | None = Field(default=None, ge=0, description="seconds, sent as Retry-After")

    def matches(self, method: str, path: str) -> bool:
        """True when the request is one of those that shall fail."""
        wanted = self.method in ("*", method)
        return self.count > 0 and wanted and fnmatchcase(path.lower(), self.path.lower())


class Faults(BaseModel):
    """All switches; by default everything works."""

    model_config = ConfigDict(extra="forbid")

    reject_tokens: bool = False
    fail_next: FailNext | None = None
    source_never_appears: bool = False
    activation_error: str | None = None

    def take_failure(self, method: str, path: str) -> FailNext | None:
        """The failure this request gets, counted down; None when it may pass."""
        failure = self.fail_next
        if failure is None or not failure.matches(method, path):
            return None
        failure.count -= 1
        return failure
