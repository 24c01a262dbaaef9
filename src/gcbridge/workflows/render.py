"""render and validate: offline, without credentials, so that a pull request's CI can run them."""

from __future__ import annotations

from gcbridge.model.stack import RenderedStacks, StackName
from gcbridge.terraform.runner import Terraform
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.stack_runs import open_stacks
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.stack_files import write_stack


def render_environment(
    rooms: Rooms, environment: Environment
) -> tuple[RenderedStacks, dict[str, tuple[str, ...]]]:
    """Write both stacks to the environment's work folder; equal input gives equal files on every machine.

    Returns:
        The stacks, and for each the relative paths that were written or removed.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
    """
    bridge = environment.resolve()
    rendered = rooms.render(bridge)
    with environment_lock(rooms.workspace, environment.name, "render"):
        touched = {
            str(stack.name): write_stack(rooms.stack_folder(bridge, stack.name), stack)
            for stack in (rendered.genesys, rendered.aws)
        }
    return rendered, touched


def validate_stacks(rooms: Rooms, environment: Environment) -> None:
    """Run `terraform init` and `terraform validate` on both stacks.

    Raises:
        TerraformError: Terraform's own diagnostics.
    """

    def check(_stack: StackName, run: Terraform) -> None:
        run.init()
        run.validate()

    bridge = environment.resolve()
    with environment_lock(rooms.workspace, environment.name, "validate"):
        open_stacks(rooms, bridge, rooms.render(bridge)).side_by_side(check)
