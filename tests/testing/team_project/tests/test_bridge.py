"""A team's own tests of its bridge."""

AUDIT = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"


def test_a_presence_reaches_the_crm(bridge):
    arrived = bridge.cause("presence").arrives(at="crm", within=30)
    assert arrived.detail["topicName"].startswith("v2.users.")


def test_a_presence_reaches_everybody_who_asks_for_it(bridge):
    change = bridge.cause("presence")
    change.reaches_bus(within=30, topic=PRESENCE)
    change.matches("presence")
    change.arrives(at="stream", within=30)
    change.arrives(at="trail", within=30)


def test_notes_reach_nobody(bridge):
    change = bridge.cause("integration_notes")
    change.does_not_match("presence", within=30)
    change.does_not_arrive(at="trail", within=30)


def test_two_causes(bridge):
    presence, notes = bridge.cause("presence"), bridge.cause("integration_notes")
    notes.reaches_bus(within=30)
    presence.reaches_bus(within=30)
    assert bridge.changes == (presence, notes)


def test_an_event_that_somebody_else_caused(bridge):
    bridge.cause("presence")
    wanted = {"detail-type": [AUDIT], "detail": {"eventBody": {"entityType": ["UserPresence"]}}}
    bridge.sees(wanted, within=30).arrives(at="trail", within=30)
    assert {read.detail_type for read in bridge.events} <= {AUDIT, PRESENCE}
