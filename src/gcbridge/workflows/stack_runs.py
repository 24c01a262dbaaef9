"""Runs Terraform in the stacks of an environment, side by side where order does not matter."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress, Watcher
from gcbridge.model.stack import RenderedStacks, StackName
from gcbridge.terraform.binary import TerraformBinary, find_terraform
from gcbridge.terraform.cli_configuration import write_cli_configuration
from gcbridge.terraform.environment import child_environment
from gcbridge.terraform.providers import ProviderRequirement, ProviderSearch, find_mirrors
from gcbridge.terraform.runner import Terraform
from gcbridge.terraform.ui_events import (
    ApplyComplete,
    ApplyErrored,
    ApplyProgress,
    ApplyStart,
    UiEvent,
)
from gcbridge.workflows.rooms import Rooms, gateway_variable
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.stack_files import write_stack

Result = TypeVar("Result")


@dataclass(frozen=True)
class StackRuns:
    """Terraform, ready in the folder of each stack.

    Args:
        binary: the Terraform that runs.
        stacks: stack -> Terraform in its folder.
    """

    binary: TerraformBinary
    stacks: Mapping[StackName, Terraform]

    def side_by_side(self, work: Callable[[StackName, Terraform], Result]) -> dict[StackName, Result]:
        """Do the same in every stack at once; the first failure is raised when all have ended.

        Ctrl-C is passed on to every running Terraform once, and waited for.
        """
        with ThreadPoolExecutor(len(self.stacks), thread_name_prefix="stack") as pool:
            futures = {stack: pool.submit(work, stack, run) for stack, run in self.stacks.items()}
            interrupted = self._wait(futures.values())
        if interrupted is not None:
            raise interrupted
        return {stack: future.result() for stack, future in futures.items()}

    def _wait(self, futures: Collection[Future[Result]]) -> KeyboardInterrupt | None:
        interrupted = None
        while True:
            try:
                wait(futures)
            except KeyboardInterrupt as interrupt:
                interrupted = interrupt
                self._cancel()
            else:
                return interrupted

    def _cancel(self) -> None:
        for run in self.stacks.values():
            with contextlib.suppress(ProcessLookupError):
                run.cancel()


def open_stacks(rooms: Rooms, bridge: Bridge, rendered: RenderedStacks) -> StackRuns:
    """Write both stacks to disk and put a Terraform into each folder.

    Raises:
        TerraformMissingError: there is no Terraform here.
    """
    binary = find_terraform(bridge.terraform.binary, rooms.environ)
    search = search_providers(rooms, bridge, binary)
    configuration = write_cli_configuration(rooms.workspace.work_folder(bridge.environment), search)
    environ = child_environment(
        rooms.environ, cli_configuration=configuration, overrides=endpoint_variables(bridge)
    )
    stacks = {}
    for stack in (rendered.genesys, rendered.aws):
        folder = rooms.stack_folder(bridge, stack.name)
        write_stack(folder, stack)
        stacks[stack.name] = Terraform(
            binary,
            folder,
            environ,
            on_event=_told_to(rooms.watch, stack.name),
            providers=search,
        )
    return StackRuns(binary, stacks)


def initialize_stacks(rooms: Rooms, bridge: Bridge, command: str) -> StackRuns:
    """Write both stacks and run `terraform init` in them, which tells whether every provider is to be had.

    Raises:
        RefusedError: another command works on the environment.
        TerraformError: Terraform's own diagnostics.
    """
    with environment_lock(rooms.workspace, bridge.environment, command):
        runs = open_stacks(rooms, bridge, rooms.render(bridge))
        runs.side_by_side(lambda _stack, run: run.init())
    return runs


def search_providers(rooms: Rooms, bridge: Bridge, binary: TerraformBinary) -> ProviderSearch:
    """Where the providers of an environment would come from."""
    requirements = [
        ProviderRequirement(f"registry.terraform.io/{address}", constraint)
        for address, constraint in bridge.terraform.provider_versions
    ]
    return find_mirrors(
        requirements,
        configured=bridge.terraform.provider_mirror,
        environ=rooms.environ,
        platform=binary.platform,
        product=binary.product,
    )


def endpoint_variables(bridge: Bridge) -> dict[str, str]:
    """Endpoints reach Terraform through its environment, so that the rendered text is the same everywhere."""
    variables = {"AWS_REGION": bridge.aws.region}
    if bridge.aws.endpoint_url:
        # An endpoint of one's own may be down, and the AWS provider would ask it 25 times, which takes minutes.
        variables |= {"AWS_ENDPOINT_URL": bridge.aws.endpoint_url, "AWS_MAX_ATTEMPTS": "4"}
    if bridge.organization.base_url:
        variables["TF_VAR_genesys_gateway"] = gateway_variable(bridge.organization.base_url)
    return variables


def _told_to(watch: Watcher, stack: StackName) -> Callable[[UiEvent], None]:
    def tell(event: UiEvent) -> None:
        progress = _as_progress(stack, event)
        if progress:
            watch(progress)

    return tell


def _as_progress(stack: StackName, event: UiEvent) -> Progress | None:
    if getattr(event, "action", "") == "read":
        return None
    match event:
        case ApplyStart():
            return Progress(f"{stack}: {event.address}", "started", event.action)
        case ApplyProgress():
            return Progress(f"{stack}: {event.address}", "running", event.action, event.elapsed_seconds)
        case ApplyComplete():
            return Progress(f"{stack}: {event.address}", "finished", event.action, event.elapsed_seconds)
        case ApplyErrored():
            return Progress(f"{stack}: {event.address}", "failed", event.action, event.elapsed_seconds)
    return None
