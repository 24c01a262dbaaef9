"""ExpectationReport: the tests of an environment, and what each of them found."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from gcbridge.model.base import Frozen


class Difference(Frozen):
    """One thing that is not as a test says."""

    kind: Literal[
        "rule missing",
        "rule unexpected",
        "target missing",
        "target unexpected",
        "text differs",
        "trigger missing",
        "trigger unexpected",
    ]
    name: str
    """Of the rule, target or trigger."""
    message: str
    """What is different, in one sentence; for a rule or trigger that is missing, what kept it from matching."""
    expected: str = ""
    """The text that was expected, where texts differ."""
    received: str = ""
    """The text that the target receives, where texts differ."""


class ExpectationResult(Frozen):
    """One test."""

    name: str
    where: str
    """`file:line` of the test."""
    event: str
    """File of the event, or `inline`."""
    detail_type: str
    rules: tuple[str, ...]
    """Rules that match and are enabled."""
    triggers: tuple[str, ...] = ()
    """Triggers that start their workflow."""
    differences: tuple[Difference, ...]
    seconds: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passed(self) -> bool:
        """Whether all is as the test says."""
        return not self.differences


class ExpectationReport(Frozen):
    """All tests of an environment, in the order of its files."""

    environment: str
    results: tuple[ExpectationResult, ...]
    seconds: float

    @property
    def failures(self) -> tuple[ExpectationResult, ...]:
        """The tests that failed."""
        return tuple(result for result in self.results if not result.passed)
