"""Every error ends as one clear message and a documented exit code."""

import errno
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gcbridge.cli.app import app
from gcbridge.cli.boundary import Boundary
from gcbridge.errors import (
    AwsError,
    EnvironmentMissingError,
    GcbridgeError,
    PlanOutdatedError,
    WaitTimeoutError,
)

VALID = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics:
    - v2.users.{id}.presence
aws:
  region: eu-central-1
  account_id: "123456789012"
rules:
  presence:
    targets: [queue]
targets:
  queue:
    type: sqs
"""


def program_that_raises(error: BaseException) -> typer.Typer:
    program = typer.Typer(cls=Boundary, pretty_exceptions_enable=False)

    @program.callback()
    def main(debug: bool = False) -> None:
        """A program with the same boundary."""

    @program.command("work")
    def work() -> None:
        raise error

    return program


def ctrl_c_at_a_prompt() -> typer.Abort:
    """What typer.prompt raises."""
    abort = typer.Abort()
    abort.__context__ = KeyboardInterrupt()
    return abort


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GcbridgeError("it failed"), 1),
        (AwsError("AWS said no"), 1),
        (WaitTimeoutError("it never came"), 1),
        (EnvironmentMissingError("no such environment"), 2),
        (PlanOutdatedError("the plan is old"), 4),
        (KeyboardInterrupt(), 130),
        (ctrl_c_at_a_prompt(), 130),
        (typer.Abort(), 1),
        (PermissionError(errno.EACCES, "Permission denied", ".gcbridge"), 1),
        (ZeroDivisionError("a mistake of ours"), 1),
    ],
)
def test_an_error_becomes_its_exit_code(error, code):
    """CI pipelines branch on these."""
    assert CliRunner().invoke(program_that_raises(error), ["work"]).exit_code == code


def test_an_error_says_what_where_why_and_what_next():
    """In that order, and without a traceback."""
    error = GcbridgeError("it failed", where="file.yaml:3", detail="because\nof this", hint="type that")

    printed = CliRunner().invoke(program_that_raises(error), ["work"]).stderr

    assert printed == "error: it failed\n  at file.yaml:3\n  because\n  of this\nnext: type that\n"


def test_a_file_that_cannot_be_written_is_named(workspace):
    """A work folder that a container left to root, a full disk: no mistake of ours, so nothing to report."""
    (workspace / ".gcbridge").write_text("in the way")

    done = run(workspace, "render", "dev")

    assert done.exit_code == 1
    assert done.stderr.startswith("error: this machine refused: ")
    assert str(workspace / ".gcbridge") in done.stderr


def test_markup_in_an_error_is_text():
    """What a cloud says may hold brackets."""
    printed = CliRunner().invoke(program_that_raises(GcbridgeError("a [red] rule[0]")), ["work"]).stderr

    assert "a [red] rule[0]" in printed


def test_a_traceback_needs_debug():
    """People see what to do; developers ask for more."""
    program = program_that_raises(ValueError("a mistake of ours"))

    assert "Traceback" not in CliRunner().invoke(program, ["work"]).stderr
    assert "Traceback" in CliRunner().invoke(program, ["--debug", "work"]).stderr


@pytest.fixture
def workspace(tmp_path) -> Path:
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(VALID)
    return tmp_path


def run(workspace: Path, *arguments: str):
    return CliRunner().invoke(app, ["--workspace", str(workspace), *arguments])


def test_render_is_offline_and_repeatable(workspace):
    """The second time nothing is left to write."""
    first = json.loads(run(workspace, "render", "dev", "--json").stdout)
    second = json.loads(run(workspace, "render", "dev", "--json").stdout)

    assert first["digests"] == second["digests"]
    assert "main.tf" in first["touched"]["aws"]
    assert second["touched"] == {"genesys": [], "aws": []}


def test_a_removed_rule_leaves_no_file_behind(workspace):
    """Terraform would still read it."""
    run(workspace, "render", "dev")
    stale = workspace / ".gcbridge/dev/aws/modules/old/main.tf"
    stale.parent.mkdir()
    stale.write_text("")

    run(workspace, "render", "dev")

    assert not stale.exists()


def test_validate_needs_no_credential(workspace):
    """So that a pull request's CI can run it."""
    assert run(workspace, "validate", "dev").exit_code == 0


def test_provenance_names_file_and_line(workspace):
    """Who reads an environment wants to know where to change it."""
    (workspace / "environments" / "prod.yaml").write_text("extends: dev.yaml\naws:\n  region: us-east-1\n")

    values = json.loads(run(workspace, "env", "show", "prod", "--provenance", "--json").stdout)
    origins = {value["key"]: value["origin"] for value in values}

    assert origins["aws.region"] == "environments/prod.yaml:3"
    assert origins["genesys.region"] == "environments/dev.yaml:2"
    assert origins["terraform.required_version"] == "default"


def test_environments_are_listed_without_their_bases(workspace):
    """A base file is no environment."""
    (workspace / "environments" / "_base.yaml").write_text("")

    assert run(workspace, "env", "list").stdout == "dev\n"


def test_the_schema_knows_every_section():
    """It is what editors complete from."""
    schema = json.loads(CliRunner().invoke(app, ["env", "schema"]).stdout)

    assert {"extends", "genesys", "aws", "rules", "targets", "terraform", "verify"} <= set(
        schema["properties"]
    )


def test_apply_without_a_plan_is_refused(workspace):
    """Nothing is planned silently."""
    refused = run(workspace, "apply", "dev")

    assert refused.exit_code == 4
    assert "next: gcbridge plan dev" in refused.stderr
