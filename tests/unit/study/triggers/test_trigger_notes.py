"""A trigger whose topic changes is replaced, and the plan says what that means."""

import pytest

from gcbridge.model.plan import PlanSummary, ResourceChange
from gcbridge.study.destroy_guard import find_guarded
from gcbridge.study.trigger_notes import TRIGGER_TYPE, replaced_trigger_notes

ADDRESS = f"module.trigger_away.{TRIGGER_TYPE}.this"


def summary(action):
    change = ResourceChange(address=ADDRESS, type=TRIGGER_TYPE, name="this", action=action, attributes=())
    return PlanSummary(stack="genesys", changes=(change,))


@pytest.mark.parametrize(("action", "notes"), [("replace", 1), ("update", 0), ("delete", 0), ("create", 0)])
def test_only_a_replaced_trigger_is_told(action, notes):
    """Nothing that it keeps is lost, so nobody has to name it."""
    found = list(replaced_trigger_notes([summary(action)]))

    assert len(found) == notes
    assert all(one.startswith(ADDRESS) for one in found)
    assert find_guarded([summary(action)], {}) == ()
