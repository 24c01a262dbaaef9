"""What gcbridge changed in Genesys Cloud for a moment, written down so that a crash leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from gcbridge.atomic import write_atomically
from gcbridge.errors import GenesysError
from gcbridge.model.base import Frozen


class _Change(Frozen):
    was_undone: bool = False
    """It was put back once; a call that had been cut off may have come later."""


class PresenceChange(_Change):
    """A user shows another presence for a while."""

    kind: Literal["presence"] = "presence"
    user_id: str
    definition_id: str
    """What to put back."""
    message: str
    """The text beside it."""
    changed_definition_ids: tuple[str, ...]
    """What gcbridge sets; anything else was set by somebody else since, and stays."""
    run_id: str
    """Part of the text that gcbridge sets beside it."""


class NotesChange(_Change):
    """An integration's notes carry a marker for a while."""

    kind: Literal["integration_notes"] = "integration_notes"
    integration_id: str
    run_id: str
    """Part of the mark that gcbridge appends."""


class OAuthClientChange(_Change):
    """OAuth clients whose names begin like this are gcbridge's, and are to go."""

    kind: Literal["oauth_client"] = "oauth_client"
    name_prefix: str


Change = Annotated[PresenceChange | NotesChange | OAuthClientChange, Field(discriminator="kind")]
_CHANGES = TypeAdapter(tuple[Change, ...])


def read_journal(path: Path) -> tuple[Change, ...]:
    """The changes that are still to be undone; none where there is no file.

    Raises:
        GenesysError: the file is not one that `write_journal` made.
    """
    try:
        return _CHANGES.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        raise GenesysError(
            "the record of what to restore in Genesys Cloud cannot be read",
            where=str(path),
            detail=str(error),
            hint="restore by hand what it names, then delete the file",
        ) from error


def write_journal(path: Path, changes: tuple[Change, ...]) -> None:
    """Replaces the file whole and on disk, so a crash leaves the old or the new one; no changes, no file."""
    if not changes:
        path.unlink(missing_ok=True)
        return
    write_atomically(path, _CHANGES.dump_json(changes, indent=2), mode=0o600)


def add_change(path: Path, change: Change) -> None:
    """Writes down a change before it is made."""
    write_journal(path, (*read_journal(path), change))


def drop_change(path: Path, change: Change) -> None:
    """Crosses out a change that was undone."""
    write_journal(path, tuple(other for other in read_journal(path) if other != change))
