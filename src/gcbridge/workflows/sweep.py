"""Removes what an interrupted verification left behind, in both clouds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.probe_sweep import sweep_probes
from gcbridge.aws.session import Aws
from gcbridge.errors import GcbridgeError
from gcbridge.genesys.causes.restoring import restore_leftovers
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress
from gcbridge.workflows.rooms import Rooms


def probe_journal(rooms: Rooms, bridge: Bridge) -> ProbeJournal:
    """Where this workspace writes down its probes."""
    return ProbeJournal(rooms.workspace.work_folder(bridge.environment) / "probes")


def cause_journal(rooms: Rooms, bridge: Bridge) -> Path:
    """Where this workspace writes down what to put back in Genesys Cloud."""
    return rooms.workspace.work_folder(bridge.environment) / "causes.json"


def channel_journal(rooms: Rooms, bridge: Bridge) -> Path:
    """Where this workspace writes down when the channels end that it opened: they count for a day, and cannot be deleted."""
    return environment_channels(rooms, bridge.environment)


def environment_channels(rooms: Rooms, environment: str) -> Path:
    """The same by the environment's name: whoever only listens needs no account, and so no bridge."""
    return rooms.workspace.work_folder(environment) / "channels.json"


def sweep_leftovers(rooms: Rooms, bridge: Bridge, aws: Aws | None, genesys: GenesysCloud | None) -> None:
    """A crashed verification leaves nothing behind for longer than until the next command that can reach it.

    What cannot be removed or restored now is said, and stays written down for the next time.

    Args:
        rooms: doors to the outside.
        bridge: whose leftovers.
        aws: where probes would be; None leaves them.
        genesys: where changes would be to undo; None leaves them.
    """
    if aws is not None:
        with _telling(rooms, "probe"):
            for name in sweep_probes(aws, bridge, probe_journal(rooms, bridge)):
                rooms.watch(
                    Progress("probe", "note", f"removed {name}, left behind by an earlier verification")
                )
    if genesys is not None:
        with _telling(rooms, "cause"):
            for undone in restore_leftovers(genesys, cause_journal(rooms, bridge)):
                rooms.watch(Progress("cause", "note", f"{undone}, left behind by an earlier verification"))


@contextmanager
def _telling(rooms: Rooms, subject: str) -> Iterator[None]:
    try:
        yield
    except GcbridgeError as error:
        rooms.watch(
            Progress(subject, "note", f"what an earlier verification left behind stays: {error.summary}")
        )
