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

_GONE = 404


def restore_leftovers(genesys: GenesysCloud, journal: Path) -> tuple[str, ...]:
    """Puts back what earlier runs, ended by a crash, left changed; all of it before the first error is raised.

    Args:
        genesys: the organization.
        journal: the file that the causes were given.

    Returns:
        One clause for each change that there was something to undo of.

    Raises:
        GenesysError: the file is damaged, or Genesys Cloud refused; what was not restored stays in the journal.
    """
    outcomes = [(change, _try_restore(genesys, journal, change)) for change in read_journal(journal)]
    for _change, outcome in outcomes:
        if isinstance(outcome, GenesysError):
            raise outcome
    return tuple(_describe(change) for change, was_undone in outcomes if was_undone)


@contextmanager
def restoring(genesys: GenesysCloud, journal: Path, change: Change) -> Iterator[None]:
    """What the block raised matters more than a failed restoration, which the journal keeps for the next run.

    A call that was cut off, by Ctrl-C or a lost connection, may reach Genesys Cloud after what undoes it. So the next run
    looks again.
    """
    add_change(journal, change)
    try:
        yield
    except BaseException as error:
        with suppress(GenesysError, OSError):
            _restore(genesys, change)
            drop_change(journal, change)
            if _may_have_cut_off_a_call(error):
                add_change(journal, change.model_copy(update={"was_undone": True}))
        raise
    _restore(genesys, change)
    drop_change(journal, change)


def _may_have_cut_off_a_call(error: BaseException) -> bool:
    is_answer = isinstance(error, GenesysRefusedError)
    return not isinstance(error, Exception) or (isinstance(error, GenesysError) and not is_answer)


def _try_restore(genesys: GenesysCloud, journal: Path, change: Change) -> bool | GenesysError:
    try:
        was_undone = _restore(genesys, change)
        drop_change(journal, change)
    except GenesysError as error:
        return error
    return was_undone


def _restore(genesys: GenesysCloud, change: Change) -> bool:
    """Whether there was something to undo; a user, an integration or a client that is gone needs nothing."""
    try:
        match change:
            case PresenceChange():
                return _restore_presence(genesys, change)
            case NotesChange(integration_id=integration_id, run_id=run_id):
                return rewrite_notes(genesys, integration_id, lambda notes: without_marks(notes, run_id))
            case OAuthClientChange(name_prefix=prefix):
                clients = [client for client, name in genesys.oauth_clients() if name.startswith(prefix)]
                return sum(_delete_client(genesys, client) for client in clients) > 0
    except GenesysRefusedError as refusal:
        if refusal.status != _GONE:
            raise
        return False


def _restore_presence(genesys: GenesysCloud, change: PresenceChange) -> bool:
    """Not over what the person chose since: another presence, or the same one with a text of their own."""
    now = genesys.presence(change.user_id)
    is_ours = is_probe_text(now.message, change.run_id) or (
        not change.was_undone and now.message in {"", change.message}
    )
    if now.definition_id not in change.changed_definition_ids or not is_ours:
        return False
    genesys.set_presence(change.user_id, change.definition_id, change.message)
    return True


def _delete_client(genesys: GenesysCloud, client_id: str) -> bool:
    """A list may still name clients that were deleted a moment ago; the others have to go all the same."""
    try:
        genesys.delete_oauth_client(client_id)
    except GenesysRefusedError as refusal:
        if refusal.status != _GONE:
            raise
        return False
    return True


def _describe(change: Change) -> str:
    match change:
        case PresenceChange(user_id=user_id):
            return f"presence of user {user_id}"
        case NotesChange(integration_id=integration_id):
            return f"notes of integration {integration_id}"
        case OAuthClientChange(name_prefix=prefix):
            return f"OAuth clients named {prefix}*"
