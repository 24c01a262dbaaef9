"""destroy: plan the removal of both stacks, then apply that plan, AWS first."""

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


def destroy(
    rooms: Rooms,
    environment: Environment,
    *,
    confirm: Callable[[PlanBundle], bool],
    allow_destroy: Sequence[str] = (),
) -> ApplyResult:
    """Remove an environment: the integration and its event source are gone at the end, and so is the bus.

    Who destroys has said that everything may go, but may not know of messages that lie in a queue: each such queue
    has to be named.

    Args:
        rooms: doors to the outside.
        environment: what to remove.
        confirm: is shown the plan and says whether to go on.
        allow_destroy: addresses of queues that may go with the messages in them.

    Raises:
        RefusedError: not confirmed, or a queue holds messages; nothing was changed.
        TerraformError: Terraform's own diagnostics; a second try goes on from there.
    """
    command = f"gcbridge destroy {environment.name}"
    bundle, folder = plan(rooms, environment, destroy=True, allow_destroy=allow_destroy, command=command)
    try:
        confirmed = not bundle.has_changes or confirm(bundle)
    except BaseException:
        remove_bundle(folder)
        raise
    if not confirmed:
        remove_bundle(folder)
        raise RefusedError(f"{environment.name} was not destroyed", detail="nothing was changed")
    return apply(rooms, environment, folder)
