"""apply --plan --verify: one command from an environment file to a verdict."""

import pytest
from loop_workspace import NOTHING, ONE_LOG_GROUP

pytestmark = pytest.mark.sandbox


def test_plan_apply_and_verify_in_one_command(workspace):
    """Nobody there to confirm: refused, and no bundle is left. Then all three, again without changes, and a broken bridge."""
    workspace.write(ONE_LOG_GROUP)
    workspace.run("apply", "loop", "--plan").failed(
        4, "nobody is there to confirm", "gcbridge apply loop --plan --auto-approve"
    )
    assert workspace.bundles() == []
    assert workspace.left() == NOTHING

    done = workspace.ok("apply", "loop", "--plan", "--auto-approve", "--verify", "--json").data
    assert done["plan"]["id"] == done["result"]["bundle_id"]
    assert "module.event_bus.aws_cloudwatch_event_bus.this" in done["result"]["changed"]
    assert done["verification"]["verdict"] == "passed"

    workspace.faults(lose_eventbridge_percent=100)
    again = workspace.run("apply", "loop", "--plan", "--auto-approve", "--verify")
    assert again.exit_code == 3, again.stderr
    assert "no changes" in again.said
    assert "verdict: failed at" in again.said


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        (["--plan", "--bundle", "x"], "--bundle names one that is there"),
        (["--auto-approve"], "belong to --plan"),
        (["--skip-tests"], "belong to --plan"),
    ],
)
def test_options_that_do_not_fit_together(workspace, options, fragment):
    """Said before anything is looked at."""
    workspace.run("apply", "loop", *options).failed(2, fragment)
