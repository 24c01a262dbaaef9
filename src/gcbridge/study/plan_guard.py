"""Decides whether a plan may be applied: a plan is a value, and nothing else than that value is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    changed = [stack for stack in StackName if stack_digests[stack] != bundle.of(stack).stack_digest]
    if bundle.environment_digest != environment_digest:
        raise PlanOutdatedError(
            f"environment {environment} was changed after plan bundle {bundle.id} was made",
            detail=_what_changed(changed),
            hint=again,
        )
    if changed:
        raise PlanOutdatedError(
            f"the {changed[0]} stack renders to something else than plan bundle {bundle.id} was made from",
            detail="a template, a module or gcbridge itself was changed since",
            hint=again,
        )


def _what_changed(stacks: Sequence[StackName]) -> str:
    if not stacks:
        return "both stacks are as planned; endpoints or how Terraform is run differ"
    return "\n".join(f"the {stack} stack would now be another one" for stack in stacks)


def check_continues(bundle: PlanBundle, reviewed: PlanSummary, left: PlanSummary) -> None:
    """What is left of an interrupted apply may only hold what was reviewed.

    A resource that was created only half is tainted, and Terraform replaces it: that is still the reviewed create.
    Of one that was replaced only half, the new object is left to create, or the old one ("deposed") to delete.

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
    address, deposed, _ = change.address.partition(" (deposed object ")
    action = reviewed.get(address, "")
    makes_anew = action in {"create", "replace"}
    if deposed:
        return makes_anew and change.action == "delete"
    return change.action in ({"create", "replace"} if makes_anew else {action})
