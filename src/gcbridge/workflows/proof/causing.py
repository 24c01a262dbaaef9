"""Opens the cause that an environment, or a person, chose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from gcbridge.errors import UsageError
from gcbridge.genesys.causes.caused import Cause, Caused
from gcbridge.genesys.causes.integration_notes import cause_integration_notes
from gcbridge.genesys.causes.oauth_client import cause_oauth_client
from gcbridge.genesys.causes.presence import cause_presence
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import CauseName
from gcbridge.model.result import GenesysObservation, Observations


class Traffic:
    """Changes nothing: others do."""

    concrete_topics: tuple[str, ...] = ()

    def make(self) -> Sequence[Caused]:
        """Nothing."""
        return ()


@contextmanager
def _no_cause() -> Iterator[Traffic]:
    yield Traffic()


def open_cause(
    name: CauseName,
    genesys: GenesysCloud,
    bridge: Bridge,
    seen: Observations,
    *,
    run_id: str,
    journal: Path,
) -> AbstractContextManager[Cause]:
    """The cause of that name; what it changes is put back at the end of its block.

    Args:
        name: which.
        genesys: the organization.
        bridge: names the user of `presence`.
        seen: names the integration of `integration_notes`.
        run_id: tells this run's events from others.
        journal: where it stands what to put back.

    Raises:
        UsageError: presence needs a user.

    Genesys permissions: those of the functions in `genesys/causes/`.
    """
    match name:
        case "presence":
            check_user(bridge, name)
            return cause_presence(genesys, bridge.verify.user or "", run_id, journal=journal)
        case "integration_notes":
            return cause_integration_notes(genesys, _integration_id(seen), run_id, journal=journal)
        case "oauth_client":
            return cause_oauth_client(genesys, run_id, journal=journal)
        case "traffic":
            return _no_cause()


def check_user(bridge: Bridge, cause: CauseName) -> None:
    """Presence is somebody's.

    Raises:
        UsageError: the environment names no user.
    """
    if cause == "presence" and not bridge.verify.user:
        raise UsageError(
            "the cause presence needs a user",
            where=f"environment {bridge.environment}",
            hint="set verify.user to the id or e-mail address of a test user",
        )


def _integration_id(seen: Observations) -> str:
    """The judge has passed the integration by now, so it is there."""
    assert isinstance(seen.genesys, GenesysObservation)
    assert seen.genesys.integration is not None
    return seen.genesys.integration.integration_id
