"""What goes wrong gives one clear error, and the same `apply` finishes the job once the cause is removed."""

import shutil

import pytest
from loop_workspace import BUS_ONLY, FOREIGN_ACCOUNT, NOTHING, TWO_LOG_GROUPS, LoopWorkspace, changes

pytestmark = pytest.mark.sandbox

WRONG_SECRET = "wrong-secret-5f1d"
LOG_GROUP = "/aws/events/gcbridge/loop/audits"
BUS = "module.event_bus.aws_cloudwatch_event_bus.this"
FOREIGN = {"AWS_ACCESS_KEY_ID": FOREIGN_ACCOUNT}
WRONG = {"GENESYSCLOUD_OAUTHCLIENT_SECRET": WRONG_SECRET}
NO_GENESYS = {"GENESYSCLOUD_OAUTHCLIENT_ID": "", "GENESYSCLOUD_OAUTHCLIENT_SECRET": ""}
NO_AWS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A workspace whose environment `loop`, an integration and a bus, is planned."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("faults") / "workspace")
    try:
        workspace.write(BUS_ONLY)
        workspace.plan()
        yield workspace
    finally:
        workspace.close()


@pytest.mark.parametrize(
    ("command", "environ", "named"),
    [
        ("plan", WRONG, "GENESYSCLOUD_OAUTHCLIENT_SECRET"),
        ("apply", WRONG, "GENESYSCLOUD_OAUTHCLIENT_SECRET"),
        ("plan", NO_GENESYS, "GENESYSCLOUD_OAUTHCLIENT_ID"),
        ("apply", NO_GENESYS, "GENESYSCLOUD_OAUTHCLIENT_ID"),
        ("apply", NO_AWS, "AWS_ACCESS_KEY_ID"),
    ],
)
def test_credentials_that_do_not_fit(planned, command, environ, named):
    """Both commands stop before anything is changed, say which variable to look at, and show no secret."""
    done = planned.run(command, "loop", **environ).failed(1, named)
    assert WRONG_SECRET not in done.said
    assert planned.left() == NOTHING
    assert len(planned.bundles()) == 1, "a failed plan left a bundle behind"


def test_credentials_of_another_account(planned):
    """Apply refuses before it touches Genesys Cloud; plan says the same through the AWS provider."""
    planned.run("plan", "loop", **FOREIGN).failed(1, FOREIGN_ACCOUNT)
    planned.run("apply", "loop", **FOREIGN).failed(4, FOREIGN_ACCOUNT, planned.sandbox.account_id)
    assert planned.left() == NOTHING


@pytest.mark.parametrize("server", ["genesys", "aws"])
def test_a_cloud_that_does_not_answer(planned, server):
    """Plan and apply name the address at which nobody answered."""
    address = getattr(planned.sandbox, server).url.removeprefix("http://")
    planned.kill(server)
    try:
        planned.run("plan", "loop").failed(1, address)
        planned.run("apply", "loop").failed(1, address)
    finally:
        planned.restart()
    assert planned.left() == NOTHING
    assert len(planned.bundles()) == 1


def test_after_all_these_faults_the_first_plan_is_applied(planned):
    """None of them spent the bundle: one apply, no new plan, and not even in the folder where it was made."""
    for stack in ("genesys", "aws"):
        shutil.rmtree(planned.root / ".gcbridge" / "loop" / stack)
    done = planned.ok("apply", "loop")
    assert planned.left()["buses"] == [planned.source_name()]
    assert "2 resources applied" in done.said
    assert len(planned.bundles()) == 1


def test_a_plan_that_was_overtaken_stays_refused(planned):
    """Another plan was applied since: the refused bundle is not planned anew behind the reviewer's back."""
    file = planned.file("loop")
    first = file.read_text()
    second, third = (first.replace("genesys:\n", f"genesys:\n  notes: {notes}\n") for notes in ("2nd", "3rd"))
    file.write_text(second)
    planned.plan()
    overtaken = planned.bundles()[-1]
    file.write_text(third)
    planned.plan()
    planned.ok("apply", "loop")
    file.write_text(second)
    for _ in range(2):
        planned.run("apply", "loop", "--bundle", str(overtaken)).failed(
            4, "Saved plan is stale", "plan again"
        )


def switch_off_and_on(workspace):
    """What an administrator does in Genesys Cloud once the cause is removed."""
    (integration,) = workspace.genesys("GET", "/api/v2/integrations")["entities"]
    for state in ("DISABLED", "ENABLED"):
        workspace.genesys("PATCH", f"/api/v2/integrations/{integration['id']}", {"intendedState": state})


def test_genesys_cloud_does_not_keep_its_word(workspace):
    """First the integration fails, then its source never appears; with more patience the same command goes on."""
    workspace.write(BUS_ONLY)
    workspace.plan()
    workspace.faults(activation_error="the account refused the source", source_never_appears=True)
    workspace.run("apply", "loop").failed(1, "the account refused the source")
    workspace.faults(activation_error=None)
    switch_off_and_on(workspace)
    done = workspace.run("apply", "loop")
    done.failed(1, workspace.source_name(), workspace.sandbox.account_id, "eu-central-1", "aws.region")
    done.failed(1, "genesys.event_source_suffix", "waits.event_source_seconds")
    file = workspace.file("loop")
    file.write_text(file.read_text().replace("event_source_seconds: 5", "event_source_seconds: 30"))
    workspace.faults(source_never_appears=False)
    switch_off_and_on(workspace)
    resumed = workspace.ok("apply", "loop")
    assert "apply genesys applied by an earlier try" in resumed.said
    assert workspace.left()["buses"] == [workspace.source_name()]
    assert len(workspace.bundles()) == 1


def test_terraform_fails_in_the_middle(workspace):
    """A log group made by hand is in the way: once it is gone, the same command applies the rest, and only the rest."""
    workspace.write(TWO_LOG_GROUPS)
    bundle = workspace.plan()
    logs, events = workspace.aws("logs"), workspace.aws("events")
    logs.create_log_group(logGroupName=LOG_GROUP)
    workspace.run("apply", "loop").failed(1, "module.target_audits.aws_cloudwatch_log_group.this", LOG_GROUP)
    # Whose log group it is may have a policy of that very name, and AWS would overwrite it.
    assert "audits" not in str(logs.describe_resource_policies()["resourcePolicies"])
    logs.delete_log_group(logGroupName=LOG_GROUP)
    events.disable_rule(Name="presence", EventBusName=workspace.source_name())
    workspace.run("apply", "loop").failed(
        4,
        "the aws stack would now change more than plan bundle",
        "update module.rule_presence.aws_cloudwatch_event_rule.this",
        "gcbridge plan loop",
    )
    events.enable_rule(Name="presence", EventBusName=workspace.source_name())
    resumed = workspace.ok("apply", "loop")
    total = len(changes(bundle, "aws"))
    assert f"of {total} reviewed changes are done, applying the rest" in resumed.said
    assert f"0 of {total}" not in resumed.said
    assert len(workspace.bundles()) == 1
    workspace.run("apply", "loop").failed(4, "was applied already")
