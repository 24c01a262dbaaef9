"""Decides whether a plan may be applied: a plan is a value, and nothing else than that value is applied."""

from __future__ import annotations

from collections.abc import Mapping

from gcbridge.errors import PlanOutdatedError
from gcbridge.model.plan import PlanBundle, PlanSummary, ResourceChange
from gcbridge.model.stack import StackName


def check_still_current(
    bundle: PlanBundle, environment: str, environment_digest: str, stack_digests: dict[StackName, str]
) -> None:
    """A bundle is applied to the environment it was made for, as it was when it was made, or not at all.

    Args:
        bundle: what was planned.
        environment: name of the environment to apply to.
        environment_digest: digest of what is written in it now.
        stack_digests: stack -> digest of what it renders to now.

    Raises:
        PlanOutdatedError: something differs.
    """
    again = f"gcbridge plan {environment}"
    if bundle.environment != environment:
        raise PlanOutdatedError(
            f"plan bundle {bundle.id} was made for {bundle.environment}, not for {environment}", hint=again
        )
    if bundle.environment_digest != environment_digest:
        raise PlanOutdatedError(
            f"environment {environment} was changed after plan bundle {bundle.id} was made", hint=again
        )
    for stack, planned in ((StackName.GENESYS, bundle.genesys), (StackName.AWS, bundle.aws)):
        if stack_digests[stack] != planned.stack_digest:
            raise PlanOutdatedError(
                f"the {stack} stack renders to something else than plan bundle {bundle.id} was made from",
                detail="a template, a module or gcbridge itself was changed since",
                hint=again,
            )


def check_continues(bundle: PlanBundle, reviewed: PlanSummary, left: PlanSummary) -> None:
    """What is left of an interrupted apply may only hold what was reviewed.

    A resource that was created only half is tainted, and Terraform replaces it: that is still the reviewed create.

    Raises:
        PlanOutdatedError: something would change that was not in the reviewed plan.
    """
    reviewed_actions = {change.address: change.action for change in reviewed.changes}
    strangers = [change for change in left.changes if not _is_reviewed(change, reviewed_actions)]
    if strangers:
        listed = "\n".join(f"{change.action} {change.address}" for change in strangers)
        raise PlanOutdatedError(
            f"the {left.stack} stack would now change more than plan bundle {bundle.id} says",
            detail=listed,
            hint=f"gcbridge plan {bundle.environment}",
        )


def _is_reviewed(change: ResourceChange, reviewed: Mapping[str, str]) -> bool:
    action = reviewed.get(change.address)
    return action == change.action or (action == "create" and change.action == "replace")
