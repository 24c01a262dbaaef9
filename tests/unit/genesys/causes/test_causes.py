"""Every cause puts back what it changed, whatever happens in between."""

from datetime import timedelta

import pytest

from gcbridge.errors import GenesysError
from gcbridge.genesys.causes.caused import Caused
from gcbridge.genesys.causes.integration_notes import cause_integration_notes
from gcbridge.genesys.causes.journal import OAuthClientChange, PresenceChange, add_change, read_journal
from gcbridge.genesys.causes.oauth_client import cause_oauth_client
from gcbridge.genesys.causes.presence import cause_presence, choose_presences
from gcbridge.genesys.causes.restoring import restore_leftovers
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.observing import PresenceDefinition, UserPresence


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.json"


@pytest.fixture
def presence(organization, journal, now):
    """Opens the cause `presence` for Ada."""
    return lambda user="u-1": cause_presence(organization, user, "r42", journal=journal, now=now)


@pytest.fixture
def notes(organization, journal, now):
    """Opens the cause `integration_notes`."""
    return lambda: cause_integration_notes(organization, "i-1", "r42", journal=journal, now=now)


@pytest.fixture
def oauth_client(organization, journal, now):
    """Opens the cause `oauth_client`."""
    return lambda: cause_oauth_client(organization, "r42", journal=journal, now=now)


def test_a_presence_is_changed_inside_the_block_only(organization, journal, now, presence):
    """Available becomes Busy, Available, Busy and what it was; the journal covers the time between."""
    before = organization.shown

    with presence("ada@example.com") as cause:
        (caused,) = cause.make()
        assert (organization.shown.system_presence, organization.shown.message) == (
            "Busy",
            "gcbridge probe r42-1",
        )
        cause.make()
        assert (organization.shown.system_presence, organization.shown.message) == (
            "Available",
            "gcbridge probe r42-2",
        )
        assert len(read_journal(journal)) == 1

    assert organization.shown == before
    assert not journal.exists()
    assert caused.topics == ("v2.audits.entitytype.{id}.entityid.{id}", "v2.users.{id}.presence")
    assert caused.accepted_at == now()
    assert caused.description == "presence of Ada set to Busy"
    assert cause.concrete_topics == (
        "v2.users.u-1.presence",
        "v2.audits.entitytype.UserPresence.entityid.u-1",
    )


def presence_event(text, presence="BUSY", user="u-1"):
    return {
        "detail-type": "v2.users.{id}.presence",
        "detail": {
            "topicName": f"v2.users.{user}.presence",
            "eventBody": {"presenceDefinition": {"systemPresence": presence}, "message": text},
        },
    }


def test_each_event_is_recognized(presence):
    """`matches` knows the user, the presence and the text that was set, so that two changes are told apart."""
    with presence() as cause:
        (first,), (_second,), (third,) = cause.make(), cause.make(), cause.make()

    assert first.matches(presence_event("gcbridge probe r42-1"))
    assert not third.matches(presence_event("gcbridge probe r42-1"))
    assert not first.matches(presence_event("gcbridge probe r42-1", user="u-2"))


@pytest.mark.parametrize(
    ("interruption", "kept"), [(RuntimeError, 0), (KeyboardInterrupt, 1), (SystemExit, 1)]
)
def test_a_presence_is_restored_when_the_block_fails(organization, journal, presence, interruption, kept):
    """Ctrl-C too, where a call may have been cut off and come later; and the exception is the block's own."""

    def make_and_fail(cause):
        cause.make()
        raise interruption

    with pytest.raises(interruption), presence() as cause:
        make_and_fail(cause)

    assert organization.shown.system_presence == "Available"
    assert len(read_journal(journal)) == kept


def interrupt(opened):
    def make_and_interrupt(cause):
        cause.make()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), opened() as cause:
        make_and_interrupt(cause)


def test_a_presence_that_came_after_it_was_undone_goes_in_the_next_run(organization, journal, presence):
    """Ctrl-C cut the call off, not what Genesys Cloud did with it."""
    interrupt(presence)
    organization.set_presence("u-1", "busy", "gcbridge probe r42-2")

    assert restore_leftovers(organization, journal) == ("presence of user u-1",)
    assert (organization.shown.system_presence, organization.shown.message) == ("Available", "at my desk")
    assert not journal.exists()


def test_what_a_person_chose_after_it_was_undone_stays(organization, journal, presence):
    """It was put back once, so only what carries the run's own text can be gcbridge's."""
    interrupt(presence)
    organization.set_presence("u-1", "busy", "")

    assert restore_leftovers(organization, journal) == ()
    assert organization.shown.system_presence == "Busy"
    assert not journal.exists()


def test_a_client_that_came_after_the_others_were_deleted_goes_in_the_next_run(
    organization, journal, oauth_client
):
    """As above."""
    interrupt(oauth_client)
    organization.clients["c-9"] = "gcbridge-probe-r42-2"

    assert restore_leftovers(organization, journal) == ("OAuth clients named gcbridge-probe-r42-*",)
    assert organization.clients == {"c-0": "payroll"}
    assert not journal.exists()


def test_a_call_without_an_answer_may_come_later_too(organization, journal, oauth_client):
    """A refusal is an answer."""
    organization.refuse("create_oauth_client", 0)

    with pytest.raises(GenesysError, match="cannot be reached"), oauth_client() as cause:
        cause.make()

    assert len(read_journal(journal)) == 1


def test_a_client_that_is_gone_by_now_keeps_no_other_from_going(organization, journal):
    """A list may still name what was deleted a moment ago."""
    organization.clients |= {"c-5": "gcbridge-probe-dead-1", "c-6": "gcbridge-probe-dead-2"}
    add_change(journal, OAuthClientChange(name_prefix="gcbridge-probe-dead-"))
    organization.refuse("delete_oauth_client", 404)

    restore_leftovers(organization, journal)

    assert "c-6" not in organization.clients


def test_what_the_user_chose_meanwhile_stays(organization, presence):
    """A person who goes Away during the probe is not pulled back."""
    with presence() as cause:
        cause.make()
        organization.set_presence("u-1", "away", "lunch")

    assert organization.shown.system_presence == "Away"


def test_what_somebody_chose_meanwhile_is_not_changed_again(organization, journal, presence):
    """Above all not On Queue, where the next change would take calls away; and nothing is put back over it."""

    def choose_between(cause):
        cause.make()
        organization.set_presence("u-1", "onqueue", "")
        cause.make()

    with (
        pytest.raises(GenesysError, match="Ada was set to Onqueue by somebody else meanwhile"),
        presence() as cause,
    ):
        choose_between(cause)

    assert organization.shown.system_presence == "Onqueue"


def test_a_user_whom_another_run_is_changing_is_left_alone(organization, journal, presence):
    """Otherwise its mark would be taken for what to go back to, and stay."""
    organization.set_presence("u-1", "busy", "gcbridge probe other-3")

    with pytest.raises(GenesysError, match="another verification"), presence():
        pytest.fail("nothing may be changed")

    assert organization.shown.message == "gcbridge probe other-3"
    assert not journal.exists()


def test_nothing_made_nothing_written(organization, presence):
    """A block without a change leaves the presence and its text alone."""
    with presence():
        pass

    assert organization.shown.message == "at my desk"


def test_a_change_without_an_answer_is_undone(organization, journal, presence):
    """Nobody knows whether it was made, so what is there decides."""
    organization.refuse("set_presence", 0)

    with presence() as cause, pytest.raises(GenesysError, match="cannot be reached"):
        cause.make()

    assert not journal.exists()


def test_a_failed_restoration_is_left_to_the_next_run(organization, journal, presence):
    """The journal keeps what could not be restored."""

    def make_and_lose_genesys(cause):
        cause.make()
        organization.refuse("presence", 0)

    with pytest.raises(GenesysError, match="cannot be reached"), presence() as cause:
        make_and_lose_genesys(cause)

    assert organization.shown.system_presence == "Busy"
    assert restore_leftovers(organization, journal) == ("presence of user u-1",)
    assert organization.shown.system_presence == "Available"
    assert not journal.exists()


def test_a_failed_restoration_does_not_hide_the_first_error(organization, journal, presence):
    """What the block raised is what a person sees."""

    def fail_and_lose_genesys(cause):
        cause.make()
        organization.refuse("presence", 0)
        raise RuntimeError("queue is gone")

    with pytest.raises(RuntimeError, match="queue is gone"), presence() as cause:
        fail_and_lose_genesys(cause)

    assert len(read_journal(journal)) == 1


def test_notes_are_marked_inside_the_block_only(organization, journal, notes):
    """One mark at a time, with run and number; the configuration is otherwise untouched."""
    with notes() as cause:
        (caused,) = cause.make()
        assert organization.current.notes == "owned by platform (gcbridge probe r42-1)"
        cause.make()
        assert organization.current.notes == "owned by platform (gcbridge probe r42-2)"

    assert organization.current.notes == "owned by platform"
    assert not journal.exists()
    assert caused.topics == ("v2.audits.entitytype.{id}.entityid.{id}",)


def test_notes_that_somebody_wrote_meanwhile_stay(organization, notes):
    """Only the mark is taken out."""
    with notes() as cause:
        cause.make()
        organization.write_notes("i-1", organization.current, organization.current.notes + ", ask Bo")

    assert organization.current.notes == "owned by platform, ask Bo"


@pytest.mark.parametrize("statuses", [[409], [409, 409]])
def test_a_version_conflict_is_read_and_written_again(organization, notes, statuses):
    """Terraform may write the same configuration at the same moment."""
    organization.refuse("write_notes", *statuses)

    with notes() as cause:
        cause.make()
        assert organization.current.notes.endswith("(gcbridge probe r42-1)")


def test_a_missing_permission_is_not_tried_again(organization, journal, notes):
    """403 goes straight to the person, and nothing is left behind."""
    organization.refuse("write_notes", 403)

    with pytest.raises(GenesysRefusedError), notes() as cause:
        cause.make()

    assert not journal.exists()


def test_an_oauth_client_is_made_and_deleted(organization, journal, oauth_client):
    """Two changes, each with an event of its own; nothing is left."""
    with oauth_client() as cause:
        created, deleted = cause.make()

    assert created.description == "OAuth client gcbridge-probe-r42-1 made"
    assert deleted.description == "OAuth client gcbridge-probe-r42-1 deleted"
    assert organization.clients == {"c-0": "payroll"}
    assert not journal.exists()


def test_an_oauth_client_that_could_not_be_deleted_goes_at_the_end(organization, journal, oauth_client):
    """Clients of others, and of other runs, stay."""
    organization.clients["c-7"] = "gcbridge-probe-other-1"
    organization.refuse("delete_oauth_client", 500)

    with pytest.raises(GenesysRefusedError), oauth_client() as cause:
        cause.make()

    assert organization.clients == {"c-0": "payroll", "c-7": "gcbridge-probe-other-1"}
    assert not journal.exists()


def test_an_oauth_client_that_a_crash_left_goes_in_the_next_run(organization, journal):
    """Its name is in the journal before it exists."""
    organization.clients["c-5"] = "gcbridge-probe-dead-1"
    add_change(journal, OAuthClientChange(name_prefix="gcbridge-probe-dead-"))

    assert restore_leftovers(organization, journal) == ("OAuth clients named gcbridge-probe-dead-*",)
    assert organization.clients == {"c-0": "payroll"}


def left(user, definition="away", *, changed="busy", message="back soon"):
    """A presence that a crash left changed."""
    return PresenceChange(
        user_id=user,
        definition_id=definition,
        message=message,
        changed_definition_ids=(changed,),
        run_id="dead",
    )


def test_leftovers_are_all_tried_before_one_failure_is_raised(organization, journal):
    """What can be restored is; what cannot stays in the journal."""
    changes = [left(user, changed="available", message="at my desk") for user in ("u-1", "u-2")]
    for change in changes:
        add_change(journal, change)
    organization.refuse("presence", 0)

    with pytest.raises(GenesysError, match="cannot be reached"):
        restore_leftovers(organization, journal)

    assert read_journal(journal) == (changes[0],)
    assert organization.shown.system_presence == "Away"


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("gcbridge probe dead-3", True),
        ("back soon", True),
        ("", True),
        ("gcbridge probe other-3", False),
        ("on the phone with legal", False),
    ],
)
def test_what_a_person_chose_since_stays(organization, journal, text, restored):
    """The presence that gcbridge had set, with a text of the person's own, is the person's."""
    add_change(journal, left("u-1"))
    organization.set_presence("u-1", "busy", text)

    restore_leftovers(organization, journal)

    assert (organization.shown.system_presence == "Away") is restored
    assert not journal.exists()


def test_a_user_who_is_gone_needs_no_restoring(organization, journal):
    """404 crosses the entry out, and nothing is said to have been undone."""
    add_change(journal, left("u-9"))
    organization.refuse("presence", 404)

    assert restore_leftovers(organization, journal) == ()
    assert not journal.exists()


def test_without_a_journal_there_is_nothing_to_restore(organization, journal):
    """The normal case."""
    assert restore_leftovers(organization, journal) == ()


@pytest.mark.parametrize(
    ("shown", "turns"),
    [
        ("Available", ["Busy", "Available"]),
        ("Busy", ["Available", "Busy"]),
        ("Away", ["Busy", "Available"]),
    ],
)
def test_the_first_presence_is_another_one(organization, shown, turns):
    """Busy first, unless the user is."""
    before = UserPresence(definition_id=shown.lower(), system_presence=shown, message="")

    chosen = choose_presences(before, organization.definitions)

    assert [definition.system_presence for definition in chosen] == turns


@pytest.mark.parametrize("spelling", ["On Queue", "OnQueue", "ON_QUEUE"])
def test_a_user_on_queue_is_left_alone(organization, spelling):
    """Taking an agent off the queue is not harmless."""
    with pytest.raises(GenesysError, match="On Queue"):
        choose_presences(
            UserPresence(definition_id="q", system_presence=spelling, message=""), organization.definitions
        )


def test_secondary_presences_are_not_chosen():
    """An administrator's own Busy may mean something."""
    own = PresenceDefinition(definition_id="x", system_presence="Busy", labels=("Coaching",), is_system=False)

    with pytest.raises(GenesysError, match="no system presence"):
        choose_presences(UserPresence(definition_id="a", system_presence="Available", message=""), (own,))


@pytest.mark.parametrize(("ahead", "moment"), [(None, 0), (0, 0), (1, 0), (-1, 0), (40, 40), (-40, -40)])
def test_a_change_has_a_moment_by_the_clock_that_stamps_its_events(now, ahead, moment):
    """Genesys Cloud tells whole seconds only, so this machine's clock is better while the two agree."""
    stamped_at = None if ahead is None else now() + timedelta(seconds=ahead)
    caused = Caused((), now(), lambda _event: True, "a change", stamped_at)

    assert caused.moment == now() + timedelta(seconds=moment)
