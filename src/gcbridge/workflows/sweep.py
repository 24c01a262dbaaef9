"""Removes what an interrupted verification left behind, in both clouds."""

from __future__ import annotations

from pathlib import Path

from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.probe_sweep import sweep_probes
from gcbridge.aws.session import Aws
from gcbridge.genesys.causes import restore_leftovers
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


def sweep_leftovers(rooms: Rooms, bridge: Bridge, aws: Aws, genesys: GenesysCloud | None = None) -> None:
    """A crashed verification leaves nothing behind for longer than until the next command.

    Args:
        rooms: doors to the outside.
        bridge: whose leftovers.
        aws: where probes would be.
        genesys: where changes would be to undo; None leaves them for the next verification.
    """
    for name in sweep_probes(aws, bridge, probe_journal(rooms, bridge)):
        rooms.watch(Progress("probe", "note", f"removed {name}, left behind by an earlier verification"))
    if genesys is None:
        return
    for undone in restore_leftovers(genesys, cause_journal(rooms, bridge)):
        rooms.watch(Progress("cause", "note", f"{undone}, left behind by an earlier verification"))
