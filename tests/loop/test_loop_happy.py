"""One bridge with a queue and a log group, from the first plan to nothing left; tests run in this order."""

import pytest
from loop_workspace import AUDIT, BUS_ONLY, NOTHING, PRESENCE, LoopWorkspace, changes

import gcbridge
from gcbridge.aws.probe_names import RULE_PREFIX
from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

QUEUE_AND_LOG_GROUP = (
    BUS_ONLY
    + """\
rules:
  presence:
    topics: ["v2.users.{{id}}.presence"]
    targets: [crm]
  audits:
    topics: ["v2.audits.entitytype.{{id}}.entityid.{{id}}"]
    targets: [trail]
targets:
  crm: {{type: sqs, dead_letter: false}}
  trail: {{type: log_group, dead_letter: false}}
"""
)
RULE = "module.rule_audits.aws_cloudwatch_event_rule.this"


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop` was planned twice and applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("happy") / "workspace")
    try:
        workspace.write(QUEUE_AND_LOG_GROUP)
        workspace.plan()
        workspace.plan()
        workspace.applied = workspace.ok("apply", "loop", "--json").data
        yield workspace
    finally:
        workspace.close()


def read_bundles(workspace):
    """Facts of all bundles, oldest first."""
    return [
        gcbridge.PlanBundle.model_validate_json((folder / "bundle.json").read_text())
        for folder in workspace.bundles()
    ]


def check_no_probe_is_left(workspace):
    """Only what was declared is on the bus and among the queues."""
    rules = workspace.aws("events").list_rules(EventBusName=workspace.source_name())["Rules"]
    assert sorted(rule["Name"] for rule in rules) == ["audits", "presence"]
    assert not any(rule["Name"].startswith(RULE_PREFIX) for rule in rules)
    queues = workspace.aws("sqs").list_queues()["QueueUrls"]
    assert [url.rsplit("/", 1)[-1] for url in queues] == ["gcbridge-loop-crm"]


def test_two_plans_of_one_environment_are_equal(bridge):
    """Same stacks, same environment, same changes; only id and time differ."""
    first, second = read_bundles(bridge)[:2]
    assert first.environment_digest == second.environment_digest
    for stack in ("genesys", "aws"):
        one, other = getattr(first, stack), getattr(second, stack)
        assert (one.stack_digest, one.lock_sha256, one.summary) == (
            other.stack_digest,
            other.lock_sha256,
            other.summary,
        )
    assert first.id != second.id


def test_apply_tells_what_it_made_and_waited_for(bridge):
    """The result names outputs, every changed address, and three waits."""
    result = gcbridge.ApplyResult.model_validate(bridge.applied)
    assert result.outputs["genesys"]["event_source_name"] == bridge.source_name()
    assert "module.integration.genesyscloud_integration.this" in result.changed
    assert [wait.name for wait in result.waits] == [
        "the integration to be ACTIVE",
        "the partner event source to be there",
        "the partner event source to be ACTIVE",
    ]


def test_an_applied_bundle_is_used_up(bridge):
    """A second apply of the same bundle is refused and says to plan."""
    bridge.run("apply", "loop").failed(4, "was applied already", "gcbridge plan loop")


@pytest.mark.parametrize("cause", ["presence", "integration_notes", "traffic"])
def test_verify_proves_the_bridge_with_every_cause(bridge, cause):
    """A real event arrives, nothing of the probe stays, and the organization is as before."""
    presence = bridge.presence()
    running = bridge.start("verify", "loop", "--cause", cause, "--json")
    if cause == "traffic":
        running.wait_for("probe rule")
        emit(bridge.sandbox, PRESENCE)
    done = running.end()
    assert done.exit_code == 0, done.stdout + done.stderr
    report = gcbridge.VerificationReport.model_validate_json(done.stdout)
    assert report.verdict == "passed"
    assert report.traces
    assert {trace.topic for trace in report.traces} <= {PRESENCE, AUDIT}
    assert all(trace.broken_at is None for trace in report.traces)
    assert bridge.presence() == presence
    check_no_probe_is_left(bridge)


def test_a_rule_switched_off_by_hand_is_seen_by_plan_and_verify(bridge):
    """The plan shows exactly that change and exits with 2; verify names the rule and exits with 3."""
    events = bridge.aws("events")
    events.disable_rule(Name="audits", EventBusName=bridge.source_name())
    try:
        planned = bridge.run("plan", "loop", "--json", "--detailed-exitcode")
        assert planned.exit_code == 2, planned.stderr
        assert (changes(planned.data, "genesys"), changes(planned.data, "aws")) == ([], [f"update {RULE}"])
        (change,) = planned.data["aws"]["summary"]["changes"]
        assert [a["path"] for a in change["attributes"] if a["path"] != "is_enabled"] == ["state"]
        verified = bridge.run("verify", "loop")
        assert verified.exit_code == 3
        assert "verdict: failed at rule audits" in verified.said
        assert "switched the rule by hand" in verified.said
    finally:
        events.enable_rule(Name="audits", EventBusName=bridge.source_name())


def test_an_integration_switched_off_by_hand_is_named_by_verify(bridge):
    """Everything behind it is skipped, so the first broken link is the cause."""
    integration = f"/api/v2/integrations/{bridge.applied['outputs']['genesys']['integration_id']}"
    bridge.genesys("PATCH", integration, {"intendedState": "DISABLED"})
    try:
        done = bridge.run("verify", "loop", "--json")
        report = gcbridge.VerificationReport.model_validate_json(done.stdout)
        assert (done.exit_code, report.first_broken.name) == (3, "integration enabled")
    finally:
        bridge.genesys("PATCH", integration, {"intendedState": "ENABLED"})


def test_a_plan_of_an_applied_environment_has_no_changes(bridge):
    """`--detailed-exitcode` says 0, and applying such a plan is fine."""
    done = bridge.ok("plan", "loop", "--detailed-exitcode")
    assert "no changes: both clouds are as the environment says" in done.said
    assert "nothing to change" in bridge.ok("apply", "loop").said


def test_destroy_leaves_nothing_and_may_be_repeated(bridge):
    """Unconfirmed it does nothing, then or later; confirmed, all is gone; a second destroy finds nothing to do."""
    unasked = bridge.run("destroy", "loop")
    unasked.failed(4, "nobody is there to confirm", "--auto-approve")
    bridge.run("apply", "loop").failed(4, "was applied already")
    assert bridge.left()["buses"] == [bridge.source_name()], (
        "what nobody confirmed must not be carried out later"
    )
    bridge.ok("destroy", "loop", "--auto-approve")
    assert bridge.left() == NOTHING
    assert "nothing to change" in bridge.ok("destroy", "loop", "--auto-approve").said
    assert bridge.processes() == []


def interrupt_the_last_wait(progress):
    """Both stacks are applied, but whether the clouds agree is not known yet: the bundle is not used up."""
    if (progress.subject, progress.message) == ("the partner event source", "waiting until it is ACTIVE"):
        raise KeyboardInterrupt


def test_python_does_the_same_with_types(workspace, monkeypatch):
    """Load, resolve, render, plan, apply, verify and destroy are functions of `gcbridge`."""
    for name, value in workspace.environ.items():
        monkeypatch.setenv(name, value)
    workspace.write(BUS_ONLY)
    root = workspace.root
    environment = gcbridge.load_environment("loop", workspace=root)
    assert gcbridge.resolve(environment).event_source_name == workspace.source_name()
    assert gcbridge.render(environment, workspace=root).aws.digest
    seen = []
    bundle = gcbridge.plan(environment, workspace=root, watch=seen.append)
    assert isinstance(bundle, gcbridge.PlanBundle)
    assert bundle.has_changes
    assert seen
    with pytest.raises(KeyboardInterrupt):
        gcbridge.apply(environment, bundle, workspace=root, watch=interrupt_the_last_wait)
    assert isinstance(gcbridge.apply(environment, bundle, workspace=root), gcbridge.ApplyResult)
    with pytest.raises(gcbridge.RefusedError):
        gcbridge.apply(environment, bundle, workspace=root)
    report = gcbridge.verify(environment, workspace=root)
    assert (report.verdict, report.first_broken) == ("passed", None)
    gcbridge.destroy(environment, workspace=root)
    assert workspace.left() == NOTHING
