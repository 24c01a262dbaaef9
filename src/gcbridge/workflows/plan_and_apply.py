"""apply --plan: plan, show, ask, and apply exactly what was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gcbridge.errors import RefusedError
from gcbridge.model.plan import PlanBundle
from gcbridge.model.result import ApplyResult
from gcbridge.workflows.apply import apply
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.plan import plan
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.plan_bundles import remove_bundle


def plan_and_apply(
    rooms: Rooms,
    environment: Environment,
    *,
    confirm: Callable[[PlanBundle], bool],
    allow_destroy: Sequence[str] = (),
    skip_tests: bool = False,
) -> tuple[PlanBundle, ApplyResult]:
    """Plan both stacks and apply that plan; one without changes is applied too, since it waits for both clouds.

    Args:
        rooms: doors to the outside.
        environment: what to provide.
        confirm: is shown a plan that changes something, and says whether to go on.
        allow_destroy: addresses of what may be lost.
        skip_tests: plan whatever the environment's tests say.

    Raises:
        RefusedError: not confirmed, and the plan is thrown away; or as `plan` and `apply`.
        TerraformError: Terraform's own diagnostics.
        WaitTimeoutError: the two clouds did not agree in time.
    """
    command = f"gcbridge apply {environment.name} --plan"
    bundle, folder = plan(
        rooms, environment, allow_destroy=allow_destroy, skip_tests=skip_tests, command=command
    )
    try:
        confirmed = confirm(bundle) or not bundle.has_changes
    except BaseException:
        remove_bundle(folder)
        raise
    if not confirmed:
        remove_bundle(folder)
        raise RefusedError(f"the plan of {environment.name} was not applied", detail="nothing was changed")
    return bundle, apply(rooms, environment, folder, allow_destroy=allow_destroy)
