"""Cause `oauth_client`: an OAuth client that nobody can use is made and deleted again."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from gcbridge.genesys.causes.caused import Caused, utc_now
from gcbridge.genesys.causes.journal import OAuthClientChange
from gcbridge.genesys.causes.recognizing import is_oauth_client_event
from gcbridge.genesys.causes.restoring import restoring
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.naming import CAUSE_TOPICS


@contextmanager
def cause_oauth_client(
    genesys: GenesysCloud, run_id: str, *, journal: Path, now: Callable[[], datetime] = utc_now
) -> Iterator[OAuthClientCause]:
    """Clients named `gcbridge-probe-<run id>-<n>` are made and deleted inside the block; what is left goes at its end.

    Each is of grant type CODE, has no role and no scope, and redirects to this machine: without a person who logs
    in through it, it opens nothing. Its secret is never read. That both changes are audited, with the client's id,
    is known from a captured event (deletion) and from the audit catalogue (creation).

    Needs `oauth:client:add`, `oauth:client:delete` and, for what a crash left, `oauth:client:view`.

    Args:
        genesys: the organization.
        run_id: tells this run's clients from others.
        journal: where it stands what to remove.
        now: this machine's clock.

    Raises:
        GenesysError: Genesys Cloud refused or could not be reached.
    """
    prefix = f"gcbridge-probe-{run_id}-"
    with restoring(genesys, journal, OAuthClientChange(name_prefix=prefix)):
        yield OAuthClientCause(genesys, prefix, now)


class OAuthClientCause:
    """Makes and deletes another client at each call."""

    def __init__(self, genesys: GenesysCloud, prefix: str, now: Callable[[], datetime]) -> None:
        self._genesys = genesys
        self._prefix = prefix
        self._now = now
        self._made = 0

    @property
    def concrete_topics(self) -> tuple[str, ...]:
        """None: the id is known only once it has happened."""
        return ()

    def make(self) -> tuple[Caused, Caused]:
        """A client is made and deleted: two changes, each with an event of its own.

        Raises:
            GenesysError: Genesys Cloud refused or could not be reached.
        """
        self._made += 1
        name = f"{self._prefix}{self._made}"
        client_id = self._genesys.create_oauth_client(name)
        created = self._caused(client_id, "Create", f"OAuth client {name} made")
        self._genesys.delete_oauth_client(client_id)
        return created, self._caused(client_id, "Delete", f"OAuth client {name} deleted")

    def _caused(self, client_id: str, action: str, description: str) -> Caused:
        accepted_at = self._now()
        return Caused(
            topics=CAUSE_TOPICS["oauth_client"],
            accepted_at=accepted_at,
            matches=functools.partial(is_oauth_client_event, client_id=client_id, action=action),
            description=description,
        )
