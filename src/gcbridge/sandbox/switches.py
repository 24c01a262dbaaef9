"""The fault switches of a sandbox's emulated Genesys Cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.sandbox.errors import SandboxError
from gcbridge.sandbox.loopback import RefusedError, call_json
from gcbridge.sandbox.servers import GENESYS_HEALTH
from gcbridge.sandbox.state import Frozen, SandboxState


class FaultStatus(Frozen):
    """Every switch as it stands, and what faults did since the emulator started."""

    switches: dict[str, Any]
    struck: dict[str, int]
    """Counts: events lost, repeated, held back and delayed, messages lost, sockets dropped."""

    @property
    def thrown(self) -> dict[str, Any]:
        """The switches that are not as they were at the start."""
        return {name: value for name, value in self.switches.items() if value not in (None, False, 0, [])}


def read_faults(state: SandboxState) -> FaultStatus:
    """The switches; raises SandboxError for a sandbox that does not run."""
    switches = _ask(state, "/_sandbox/faults")
    return FaultStatus(switches=switches, struck=_ask(state, GENESYS_HEALTH)["faults"])


def set_faults(state: SandboxState, switches: Mapping[str, Any]) -> FaultStatus:
    """Sets the named switches and leaves the others; names and meanings stand in docs/sandbox.md.

    Raises SandboxError for a switch that does not exist, and for a sandbox that does not run.
    """
    _ask(state, "/_sandbox/faults", dict(switches))
    return read_faults(state)


def clear_faults(state: SandboxState) -> FaultStatus:
    """Everything works again; raises SandboxError for a sandbox that does not run."""
    _ask(state, "/_sandbox/faults", method="DELETE")
    return read_faults(state)


def _ask(
    state: SandboxState, path: str, body: dict[str, Any] | None = None, method: str | None = None
) -> Any:
    try:
        return call_json(state.genesys.url + path, body, method=method)
    except RefusedError as refusal:
        raise SandboxError(
            refusal.message, "Type `gcbridge sandbox faults --json` for all names."
        ) from refusal
    except OSError as error:
        raise SandboxError(
            f"The emulated Genesys Cloud at {state.genesys.url} does not answer: {error}",
            "Type `gcbridge sandbox up`.",
        ) from error
