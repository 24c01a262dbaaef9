"""destroy: plan the removal of both stacks, then apply that plan, AWS first."""

from __future__ import annotations

from collections.abc import Callable

from gcbridge.errors import RefusedError
from gcbridge.model.plan import PlanBundle
from gcbridge.model.result import ApplyResult
from gcbridge.workflows.apply import apply
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.plan import plan
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.plan_bundles import remove_bundle


def destroy(rooms: Rooms, environment: Environment, *, confirm: Callable[[PlanBundle], bool]) -> ApplyResult:
    """Remove an environment: the integration and its event source are gone at the end, and so is the bus.

    Args:
        rooms: doors to the outside.
        environment: what to remove.
        confirm: is shown the plan and says whether to go on.

    Raises:
        RefusedError: not confirmed; nothing was changed.
        TerraformError: Terraform's own diagnostics; a second try goes on from there.
    """
    bundle, folder = plan(rooms, environment, destroy=True)
    try:
        confirmed = not bundle.has_changes or confirm(bundle)
    except BaseException:
        remove_bundle(folder)
        raise
    if not confirmed:
        remove_bundle(folder)
        raise RefusedError(f"{environment.name} was not destroyed", detail="nothing was changed")
    return apply(rooms, environment, folder)
