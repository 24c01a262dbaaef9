"""What this team believes of its bridge is wrong."""


def test_notes_reach_the_trail(bridge):
    bridge.cause("integration_notes").arrives(at="trail", within=30)
