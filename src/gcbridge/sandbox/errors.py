"""The one error the sandbox raises towards people."""

from __future__ import annotations


class SandboxError(Exception):
    """Says what failed in `summary` and what to type or look at next in `hint`."""

    def __init__(self, summary: str, hint: str) -> None:
        super().__init__(f"{summary}\n{hint}")
        self.summary = summary
        self.hint = hint
