"""`gcbridge validate`: what is refused, what is warned of, and what a pipeline can branch on."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics:
    - v2.audits.entitytype.{id}.entityid.{id}
aws:
  region: eu-central-1
  account_id: "123456789012"
rules:
  deleted-clients:
    topics:
      - v2.audits.entitytype.{id}.entityid.{id}
    where:
      eventBody:
        FIELD
    targets: [queue]
targets:
  queue:
    type: sqs
"""
FINE, MISSPELT, REFUSED = "entityType: [OAuthClient]", "entityTipe: [OAuthClient]", "entityType: OAuthClient"
KEY = "rules.deleted-clients.where.eventBody"
WARNING = (
    f"environments/dev.yaml:16: {KEY}.entityTipe: no such field in v2.audits.entitytype.{{id}}.entityid.{{id}}; "
    "did you mean entityType?"
)


@pytest.fixture
def validate(tmp_path):
    """Writes an environment with this line as its condition, and validates it."""

    def run(field: str, *options: str):
        file = Path(tmp_path, "environments", "dev.yaml")
        file.parent.mkdir(exist_ok=True)
        file.write_text(ENVIRONMENT.replace("FIELD", field))
        return CliRunner().invoke(app, ["--workspace", str(tmp_path), "validate", "dev", *options])

    return run


def test_a_fine_environment_is_valid(validate):
    """Strictly, too."""
    done = validate(FINE, "--strict")

    assert (done.exit_code, done.stdout) == (0, "✓ environment dev is valid\n")


def test_a_warning_has_file_line_and_hint(validate):
    """It stands on stdout, in one line, and does not fail."""
    done = validate(MISSPELT)

    assert done.exit_code == 0
    assert done.stdout == f"warning: {WARNING}\n✓ environment dev is valid, with 1 warning\n"


def test_strict_fails_on_a_warning(validate):
    """The exit code is that of a check that failed, not that of an invalid environment."""
    done = validate(MISSPELT, "--strict")

    assert done.exit_code == 1
    assert WARNING in done.stdout


def test_json_has_the_warnings_as_a_model(validate):
    """For programs."""
    done = validate(MISSPELT, "--json", "--strict")

    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "environment": "dev",
        "valid": True,
        "lints": [
            {
                "severity": "warning",
                "key": f"{KEY}.entityTipe",
                "message": "no such field in v2.audits.entitytype.{id}.entityid.{id}",
                "hint": "did you mean entityType?",
                "where": "environments/dev.yaml:16",
            }
        ],
    }


def test_an_invalid_pattern_is_refused_with_file_and_line(validate):
    """As EventBridge would refuse it at apply."""
    done = validate(REFUSED)

    assert done.exit_code == 2
    assert (
        f'environments/dev.yaml:16: {KEY}.entityType: a field\'s values stand in an array; write ["OAuthClient"]'
        in (done.stderr)
    )


def test_json_of_an_invalid_environment_has_its_errors(validate):
    """On stdout as a model, on stderr for people."""
    done = validate(REFUSED, "--json")
    report = json.loads(done.stdout)

    assert done.exit_code == 2
    assert (report["valid"], [lint["severity"] for lint in report["lints"]]) == (False, ["error"])
    assert report["lints"][0]["where"] == "environments/dev.yaml:16"
    assert "environment dev has 1 problem" in done.stderr
