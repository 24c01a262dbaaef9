"""Proof of arrival in a team's own tests: the pytest fixture `bridge`, or `open_bridge` in plain Python.

    def test_presence(bridge):
        bridge.cause("presence").arrives(at="crm-queue", within=30)

    with gcbridge.testing.open_bridge("dev") as bridge:
        bridge.cause("presence").arrives(at="crm-queue", within=30)

Nothing is imported here before it is used: pytest loads the plugin beside this file in every run on the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gcbridge.model.progress import Watcher
    from gcbridge.testing.bridge import BridgeUnderTest
    from gcbridge.testing.change import Change
    from gcbridge.testing.events import Arrival, ReadEvent
    from gcbridge.testing.failures import ArrivalError

_HOMES = {
    "Arrival": "gcbridge.testing.events",
    "ArrivalError": "gcbridge.testing.failures",
    "BridgeUnderTest": "gcbridge.testing.bridge",
    "Change": "gcbridge.testing.change",
    "ReadEvent": "gcbridge.testing.events",
}

__all__ = ["Arrival", "ArrivalError", "BridgeUnderTest", "Change", "ReadEvent", "open_bridge"]


def open_bridge(
    environment: str,
    *,
    workspace: Path | str | None = None,
    topics: Sequence[str] = (),
    witness: bool = False,
    environ: Mapping[str, str] | None = None,
    watch: Watcher | None = None,
) -> AbstractContextManager[BridgeUnderTest]:
    """A bridge that was applied, under test: a probe reads its bus for as long as the block lasts.

    What `cause` changes in Genesys Cloud is put back at the end of the block, also after Ctrl-C, or by the next run
    after a crash. A broken link is no exception here: whatever is asserted of the bridge then fails, and names it.

    Args:
        environment: name of the environment.
        workspace: folder that holds `environments/`; found upwards from the current folder where None.
        topics: topic templates to read; empty means every event of the source.
        witness: listen to the notification service too.
        environ: environment variables with the credentials; the process's own where None.
        watch: is told what goes on.

    Raises:
        EnvironmentMissingError: no such environment.
        EnvironmentInvalidError: the environment has problems.
        GcbridgeError: AWS refused the probe, or a cloud failed in the middle.

    IAM actions and Genesys permissions: those of `gcbridge verify`, in docs/permissions.md.
    """
    from gcbridge.testing.live import open_live  # noqa: PLC0415
    from gcbridge.testing.site import Opening  # noqa: PLC0415

    opening = Opening(topics=tuple(topics), witness=witness, environ=environ, watch=watch)
    return open_live(environment, workspace, opening)


def __getattr__(name: str) -> Any:
    """Names are loaded when first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
