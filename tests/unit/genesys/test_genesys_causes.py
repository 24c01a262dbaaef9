"""Every cause puts back what it changed, whatever happens in between."""

import pytest

from gcbridge.errors import GenesysError
from gcbridge.genesys.causes import (
    cause_integration_notes,
    cause_presence,
    choose_presence,
    restore_leftovers,
)
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.journal import PresenceChange, add_change, read_journal
from gcbridge.genesys.observing import PresenceDefinition, UserPresence


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.json"


def test_a_presence_is_changed_inside_the_block_only(organization, journal, now):
    """Available becomes Busy and Available again, message included; the journal covers the time between."""
    before = organization.shown

    with cause_presence(organization, "ada@example.com", journal=journal, now=now) as caused:
        assert organization.shown.system_presence == "Busy"
        assert len(read_journal(journal)) == 1

    assert organization.shown == before
    assert not journal.exists()
    assert caused.topics == ("v2.audits.entitytype.{id}.entityid.{id}", "v2.users.{id}.presence")
    assert caused.accepted_at == now()
    assert caused.description == "presence of Ada set to Busy"


def test_the_caused_event_is_recognized(organization, journal, now):
    """`matches` knows the user and the presence that was set."""
    event = {
        "detail-type": "v2.users.{id}.presence",
        "detail": {
            "topicName": "v2.users.u-1.presence",
            "eventBody": {"presenceDefinition": {"systemPresence": "BUSY"}},
        },
    }
    with cause_presence(organization, "u-1", journal=journal, now=now) as caused:
        assert caused.matches(event)
        assert not caused.matches(
            {**event, "detail": {**event["detail"], "topicName": "v2.users.x.presence"}}
        )


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_a_presence_is_restored_when_the_block_fails(organization, journal, now, interruption):
    """Ctrl-C too; and the exception is the block's own."""
    with pytest.raises(interruption), cause_presence(organization, "u-1", journal=journal, now=now):
        raise interruption

    assert organization.shown.system_presence == "Available"
    assert not journal.exists()


def test_what_the_user_chose_meanwhile_stays(organization, journal, now):
    """A person who goes Away during the probe is not pulled back."""
    with cause_presence(organization, "u-1", journal=journal, now=now):
        organization.set_presence("u-1", "away", "lunch")

    assert organization.shown.system_presence == "Away"


def test_a_change_without_an_answer_is_undone(organization, journal, now):
    """Nobody knows whether it was made, so what is there decides."""
    organization.refuse("set_presence", 0)

    with (
        pytest.raises(GenesysError, match="cannot be reached"),
        cause_presence(organization, "u-1", journal=journal, now=now),
    ):
        pytest.fail("the change was not accepted")

    assert not journal.exists()


def test_a_failed_restoration_is_left_to_the_next_run(organization, journal, now):
    """The journal keeps what could not be restored."""
    with (
        pytest.raises(GenesysError, match="cannot be reached"),
        cause_presence(organization, "u-1", journal=journal, now=now),
    ):
        organization.refuse("presence", 0)

    assert organization.shown.system_presence == "Busy"
    assert restore_leftovers(organization, journal) == ("presence of user u-1",)
    assert organization.shown.system_presence == "Available"
    assert not journal.exists()


def test_a_failed_restoration_does_not_hide_the_first_error(organization, journal, now):
    """What the block raised is what a person sees."""

    def fail_and_lose_genesys():
        organization.refuse("presence", 0)
        raise RuntimeError("queue is gone")

    with (
        pytest.raises(RuntimeError, match="queue is gone"),
        cause_presence(organization, "u-1", journal=journal, now=now),
    ):
        fail_and_lose_genesys()

    assert len(read_journal(journal)) == 1


def test_notes_are_marked_inside_the_block_only(organization, journal, now):
    """The marker carries the run id; the configuration is otherwise untouched."""
    with cause_integration_notes(organization, "i-1", "r42", journal=journal, now=now) as caused:
        assert organization.current.notes == "owned by platform (gcbridge probe r42)"

    assert organization.current.notes == "owned by platform"
    assert not journal.exists()
    assert caused.topics == ("v2.audits.entitytype.{id}.entityid.{id}",)


def test_notes_that_somebody_wrote_meanwhile_stay(organization, journal, now):
    """Only the marker is taken out."""
    with cause_integration_notes(organization, "i-1", "r42", journal=journal, now=now):
        organization.write_notes("i-1", organization.current, organization.current.notes + ", ask Bo")

    assert organization.current.notes == "owned by platform, ask Bo"


@pytest.mark.parametrize("statuses", [[409], [409, 409]])
def test_a_version_conflict_is_read_and_written_again(organization, journal, now, statuses):
    """Terraform may write the same configuration at the same moment."""
    organization.refuse("write_notes", *statuses)

    with cause_integration_notes(organization, "i-1", "r42", journal=journal, now=now):
        assert organization.current.notes.endswith("(gcbridge probe r42)")


def test_a_missing_permission_is_not_tried_again(organization, journal, now):
    """403 goes straight to the person, and nothing is left behind."""
    organization.refuse("write_notes", 403)

    with (
        pytest.raises(GenesysRefusedError),
        cause_integration_notes(organization, "i-1", "r42", journal=journal, now=now),
    ):
        pytest.fail("the change was refused")

    assert not journal.exists()


def test_leftovers_are_all_tried_before_one_failure_is_raised(organization, journal):
    """What can be restored is; what cannot stays in the journal."""
    changes = [
        PresenceChange(
            user_id=user, definition_id="away", message="at my desk", changed_definition_id="available"
        )
        for user in ("u-1", "u-2")
    ]
    for change in changes:
        add_change(journal, change)
    organization.refuse("presence", 0)

    with pytest.raises(GenesysError, match="cannot be reached"):
        restore_leftovers(organization, journal)

    assert read_journal(journal) == (changes[0],)
    assert organization.shown.system_presence == "Away"


@pytest.mark.parametrize(
    ("text", "restored"), [("back soon", True), ("", True), ("on the phone with legal", False)]
)
def test_what_a_person_chose_since_stays(organization, journal, text, restored):
    """The presence that gcbridge had set, with a text of the person's own, is the person's."""
    add_change(
        journal,
        PresenceChange(
            user_id="u-1", definition_id="away", message="back soon", changed_definition_id="busy"
        ),
    )
    organization.set_presence("u-1", "busy", text)

    restore_leftovers(organization, journal)

    assert (organization.shown.system_presence == "Away") is restored
    assert not journal.exists()


def test_a_user_who_is_gone_needs_no_restoring(organization, journal):
    """404 crosses the entry out."""
    add_change(
        journal,
        PresenceChange(user_id="u-9", definition_id="away", message="", changed_definition_id="busy"),
    )
    organization.refuse("presence", 404)

    assert restore_leftovers(organization, journal) == ("presence of user u-9",)
    assert not journal.exists()


def test_without_a_journal_there_is_nothing_to_restore(organization, journal):
    """The normal case."""
    assert restore_leftovers(organization, journal) == ()


@pytest.mark.parametrize(
    ("shown", "chosen"), [("Available", "Busy"), ("Busy", "Available"), ("Away", "Busy")]
)
def test_the_chosen_presence_is_another_one(organization, shown, chosen):
    """Busy, unless the user is."""
    before = UserPresence(definition_id=shown.lower(), system_presence=shown, message="")

    assert choose_presence(before, organization.definitions).system_presence == chosen


@pytest.mark.parametrize("spelling", ["On Queue", "OnQueue", "ON_QUEUE"])
def test_a_user_on_queue_is_left_alone(organization, spelling):
    """Taking an agent off the queue is not harmless."""
    with pytest.raises(GenesysError, match="On Queue"):
        choose_presence(
            UserPresence(definition_id="q", system_presence=spelling, message=""), organization.definitions
        )


def test_secondary_presences_are_not_chosen():
    """An administrator's own Busy may mean something."""
    own = PresenceDefinition(definition_id="x", system_presence="Busy", labels=("Coaching",), is_system=False)

    with pytest.raises(GenesysError, match="no system presence"):
        choose_presence(UserPresence(definition_id="a", system_presence="Available", message=""), (own,))
