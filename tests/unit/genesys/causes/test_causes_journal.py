"""The journal outlives a crash and disappears when nothing is left to restore."""

import pytest

from gcbridge.errors import GenesysError
from gcbridge.genesys.causes.journal import NotesChange, PresenceChange, add_change, drop_change, read_journal

PRESENCE = PresenceChange(
    user_id="u", definition_id="available", message="", changed_definition_ids=("busy",), run_id="r1"
)
NOTES = NotesChange(integration_id="i", run_id="r1")


def test_changes_are_read_back_in_order(tmp_path):
    """What was added first is restored first; the folder is made."""
    journal = tmp_path / "work" / "journal.json"
    add_change(journal, PRESENCE)
    add_change(journal, NOTES)

    assert read_journal(journal) == (PRESENCE, NOTES)


def test_no_changes_no_file(tmp_path):
    """The last entry takes the file with it."""
    journal = tmp_path / "journal.json"
    add_change(journal, PRESENCE)
    drop_change(journal, PRESENCE)

    assert read_journal(journal) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]x", '[{"kind": "unknown"}]'])
def test_a_damaged_journal_is_not_ignored(tmp_path, text):
    """The error names the file, as only a person can restore what it held."""
    journal = tmp_path / "journal.json"
    journal.write_text(text)

    with pytest.raises(GenesysError) as caught:
        read_journal(journal)

    assert caught.value.where == str(journal)
