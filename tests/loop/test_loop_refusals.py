"""A plan is a value: what is applied is what was planned, or nothing; and input is checked before anything runs."""

import shutil
from pathlib import Path

import pytest
from loop_workspace import NOTHING, ONE_LOG_GROUP, LoopWorkspace

import gcbridge

pytestmark = pytest.mark.sandbox

TEMPLATES = Path(gcbridge.__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A workspace whose environment `loop` is planned and never applied, beside a second environment."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("refusals") / "workspace")
    try:
        workspace.write(ONE_LOG_GROUP)
        workspace.write(ONE_LOG_GROUP, "other")
        workspace.plan()
        yield workspace
    finally:
        workspace.close()


@pytest.fixture(autouse=True)
def nothing_was_touched(planned):
    """Whatever was refused has changed nothing."""
    yield
    assert planned.left() == NOTHING


def test_nothing_planned(planned):
    """An environment without a bundle says what to type."""
    planned.run("apply", "other").failed(4, "nothing was planned for other", "gcbridge plan other")


def test_a_bundle_of_another_environment(planned):
    """The bundle says for whom it was made."""
    (bundle,) = planned.bundles()
    planned.run("apply", "other", "--bundle", str(bundle)).failed(4, "was made for loop, not for other")


def test_a_folder_that_is_no_bundle(planned):
    """A mistyped path is an error and no traceback."""
    planned.run("apply", "loop", "--bundle", "nowhere").failed(1, "holds no plan bundle")


def test_an_environment_edited_since(planned):
    """What was written is part of the plan; the error names the environment, and the stack that differs now."""
    file = planned.file("loop")
    before = file.read_text()
    file.write_text(before.replace("targets: [log]", "targets: [log]\n    enabled: false"))
    try:
        planned.run("apply", "loop").failed(
            4,
            "environment loop was changed after",
            "the aws stack would now be another one",
            "gcbridge plan loop",
        )
    finally:
        file.write_text(before)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("waits:", "# written later\nwaits:"),
        ("event_source_seconds: 5", "event_source_seconds: 600"),
        ("timeout_seconds: 15", "timeout_seconds: 60"),
    ],
    ids=["comment", "patience", "verification"],
)
def test_what_decides_nothing_may_be_edited(planned, old, new):
    """Who was told to wait longer can go on with the same plan."""
    file = planned.file("loop")
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new))
    facts = (planned.bundles()[0] / "bundle.json").read_text()
    try:
        environment = gcbridge.load_environment("loop", workspace=planned.root)
        assert environment.digest == gcbridge.PlanBundle.model_validate_json(facts).environment_digest
    finally:
        file.write_text(before)


@pytest.mark.parametrize("file", ["genesys.tfplan", "aws.tfplan"])
def test_a_plan_file_that_was_changed(planned, file):
    """One byte is enough."""
    plan = planned.bundles()[0] / file
    before = plan.read_bytes()
    plan.write_bytes(before + b"\0")
    try:
        planned.run("apply", "loop").failed(4, f"{file} is not the file it was made with")
    finally:
        plan.write_bytes(before)


def test_a_plan_file_that_is_gone(planned):
    """Nothing is planned anew in its place."""
    plan = planned.bundles()[0] / "aws.tfplan"
    moved = plan.rename(plan.with_suffix(".away"))
    try:
        planned.run("apply", "loop").failed(4, "aws.tfplan is not the file it was made with")
    finally:
        moved.rename(plan)


def test_a_template_of_the_workspace_changed_since(planned):
    """The stack would render to something else than was reviewed."""
    override = planned.root / "templates"
    shutil.copytree(TEMPLATES, override)
    with (override / "aws" / "outputs.tf.j2").open("a") as stream:
        stream.write('\noutput "more" {\n  description = "added by hand"\n  value       = 1\n}\n')
    try:
        planned.run("apply", "loop").failed(4, "aws stack renders to something else", "a template, a module")
    finally:
        shutil.rmtree(override)


BAD_FILES = {
    "broken YAML": ("genesys: [", 2, ["environments/bad.yaml:", "not YAML"]),
    "unknown key": (
        ONE_LOG_GROUP + "verfy: {{cause: traffic}}\n",
        2,
        ["environments/bad.yaml:", "did you mean verify"],
    ),
    "no org id": (
        ONE_LOG_GROUP.replace("  org_id: {org_id}\n", ""),
        2,
        ["genesys.org_id", "gcbridge init bad"],
    ),
    "several at once": (
        ONE_LOG_GROUP.replace("targets: [log]", "targets: [lag]").replace(
            "suffix: {name}", "suffix: {name}/b"
        ),
        2,
        ["3 problems", "event_source_suffix", "rules.everything.targets"],
    ),
    "extends nothing": (ONE_LOG_GROUP.replace("_sandbox/environment", "_sandbox/none"), 2, ["none.yaml"]),
}


@pytest.mark.parametrize(("text", "code", "fragments"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_environment(planned, text, code, fragments):
    """Each problem with its place and what is allowed, before anything runs."""
    planned.write(text, "bad") if "{name}" in text else planned.file("bad").write_text(text)
    try:
        planned.run("plan", "bad").failed(code, *fragments)
        assert not (planned.root / ".gcbridge" / "bad").exists()
    finally:
        planned.file("bad").unlink()


@pytest.mark.parametrize("command", ["plan", "apply", "verify", "destroy", "doctor"])
def test_an_unknown_environment(planned, command):
    """Every command lists those that exist."""
    planned.run(command, "lop").failed(
        2, "environment lop does not exist", "loop, other", "did you mean loop?"
    )


def test_a_plan_that_removes_everything_is_applied_by_name_only(planned):
    """Nobody should destroy an environment by typing the everyday command."""
    planned.ok("plan", "other", "--destroy")
    (bundle,) = planned.bundles("other")
    planned.run("apply", "other").failed(4, "removes everything", f"--bundle {bundle}")
    assert "nothing to change" in planned.ok("apply", "other", "--bundle", str(bundle)).said
