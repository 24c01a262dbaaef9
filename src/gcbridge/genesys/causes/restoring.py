"""Puts back what a cause changed: at its end, after Ctrl-C, or in the next run after a crash.

Before each change the journal says what to put back; the entry goes once it was put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gcbridge.errors import GenesysError
from gcbridge.genesys.causes.caused import is_probe_text
from gcbridge.genesys.causes.journal import (
    Change,
    NotesChange,
    OAuthClientChange,
    PresenceChange,
    add_change,
    drop_change,
    read_journal,
)
from gcbridge.genesys.causes.notes import rewrite_notes, without_marks
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.failures import GenesysRefusedError


def restore_leftovers(genesys: GenesysCloud, journal: Path) -> tuple[str, ...]:
    """Puts back what earlier runs, ended by a crash, left changed; all of it before the first error is raised.

    Args:
        genesys: the organization.
        journal: the file that the causes were given.

    Returns:
        One clause for each change that was undone.

    Raises:
        GenesysError: the file is damaged, or Genesys Cloud refused; what was not restored stays in the journal.
    """
    outcomes = [(change, _try_restore(genesys, journal, change)) for change in read_journal(journal)]
    for _change, failure in outcomes:
        if failure:
            raise failure
    return tuple(_describe(change) for change, _failure in outcomes)


@contextmanager
def restoring(genesys: GenesysCloud, journal: Path, change: Change) -> Iterator[None]:
    """What the block raised matters more than a failed restoration, which the journal keeps for the next run."""
    add_change(journal, change)
    try:
        yield
    except BaseException:
        with suppress(GenesysError):
            _restore(genesys, journal, change)
        raise
    _restore(genesys, journal, change)


def _try_restore(genesys: GenesysCloud, journal: Path, change: Change) -> GenesysError | None:
    try:
        _restore(genesys, journal, change)
    except GenesysError as error:
        return error
    return None


def _restore(genesys: GenesysCloud, journal: Path, change: Change) -> None:
    try:
        match change:
            case PresenceChange():
                _restore_presence(genesys, change)
            case NotesChange(integration_id=integration_id, run_id=run_id):
                rewrite_notes(genesys, integration_id, lambda notes: without_marks(notes, run_id))
            case OAuthClientChange(name_prefix=prefix):
                _delete_clients(genesys, prefix)
    except GenesysRefusedError as refusal:
        if refusal.status != 404:  # a user or integration that is gone needs nothing
            raise
    drop_change(journal, change)


def _restore_presence(genesys: GenesysCloud, change: PresenceChange) -> None:
    """Not over what the person chose since: another presence, or the same one with a text of their own."""
    now = genesys.presence(change.user_id)
    is_ours = is_probe_text(now.message, change.run_id) or now.message in {"", change.message}
    if now.definition_id in change.changed_definition_ids and is_ours:
        genesys.set_presence(change.user_id, change.definition_id, change.message)


def _delete_clients(genesys: GenesysCloud, prefix: str) -> None:
    for client_id, name in genesys.oauth_clients():
        if name.startswith(prefix):
            genesys.delete_oauth_client(client_id)


def _describe(change: Change) -> str:
    match change:
        case PresenceChange(user_id=user_id):
            return f"presence of user {user_id}"
        case NotesChange(integration_id=integration_id):
            return f"notes of integration {integration_id}"
        case OAuthClientChange(name_prefix=prefix):
            return f"OAuth clients named {prefix}*"
