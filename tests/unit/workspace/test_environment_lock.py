"""Two commands in one environment's folder would mix what they render, plan and restore."""

import pytest

from gcbridge.errors import RefusedError
from gcbridge.workspace.environment_lock import environment_lock
from gcbridge.workspace.layout import Workspace


def test_the_second_command_is_refused_and_told_who_is_first(tmp_path):
    """It names the command and the process, and what to type later."""
    workspace = Workspace(tmp_path)

    with (
        environment_lock(workspace, "dev", "apply"),
        pytest.raises(RefusedError) as refused,
        environment_lock(workspace, "dev", "plan"),
    ):
        pytest.fail("both were let in")

    assert "dev at this moment: gcbridge apply, process " in refused.value.summary
    assert "gcbridge plan dev" in refused.value.hint


def test_other_environments_go_on(tmp_path):
    """The lock is one environment's."""
    workspace = Workspace(tmp_path)

    with environment_lock(workspace, "dev", "apply"), environment_lock(workspace, "prod", "apply"):
        pass


def test_the_lock_ends_with_its_block(tmp_path):
    """Also where the block failed."""
    workspace = Workspace(tmp_path)

    with pytest.raises(ValueError, match="in the middle"), environment_lock(workspace, "dev", "apply"):
        raise ValueError("in the middle")

    with environment_lock(workspace, "dev", "plan"):
        pass
