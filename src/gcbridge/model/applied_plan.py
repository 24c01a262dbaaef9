"""What `apply` did when it planned or verified too."""

from __future__ import annotations

from gcbridge.model.base import Frozen
from gcbridge.model.plan import PlanBundle
from gcbridge.model.result import ApplyResult, VerificationReport


class AppliedPlan(Frozen):
    """One run of `apply` with `--plan`, `--verify` or both."""

    plan: PlanBundle
    """What was applied."""
    result: ApplyResult
    """What came of it."""
    verification: VerificationReport | None = None
    """Whether events arrive, where `--verify` asked."""
