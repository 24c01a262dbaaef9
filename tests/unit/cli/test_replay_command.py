"""What `gcbridge replay` refuses before it asks any cloud."""

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1, account_id: "123456789012", endpoint_url: "http://127.0.0.1:9"}
rules:
  presence: {targets: [queue]}
targets:
  queue: {type: sqs}
"""


@pytest.fixture
def typed(tmp_path):
    """``typed("--list")``: `gcbridge replay dev --list`, where nobody sits at a terminal."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    return lambda *words: CliRunner().invoke(app, ["--workspace", str(tmp_path), "replay", "dev", *words])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing says what to replay"),
        (["--from", "-2h", "--list"], "--from and --list do not go together"),
        (["--cancel", "--resume"], "--cancel and --resume do not go together"),
        (["--list", "--to", "now"], "--to means nothing with --list"),
        (["--resume", "--rule", "presence"], "--rule means nothing with --resume"),
        (["--cancel", "--name", "x"], "--name means nothing with --cancel"),
        (["a-replay", "--from", "-2h"], "REPLAY means nothing with --from"),
    ],
)
def test_what_does_not_go_together(typed, words, said):
    """Usage errors say what to type instead."""
    done = typed(*words)

    assert done.exit_code == 2
    assert said in done.stderr
    assert "next: " in done.stderr


@pytest.mark.parametrize("words", [["--from", "-2h"], ["--resume"]])
def test_nobody_to_ask(typed, words):
    """In a pipeline, who wants events on the bus says so."""
    done = typed(*words)

    assert done.exit_code == 4
    assert "with --yes" in done.stderr


@pytest.mark.parametrize(
    "words", [["--from", "-2h", "--yes"], ["--list"], ["--watch"], ["--cancel", "a-replay"]]
)
def test_no_archive(typed, words):
    """Nothing was kept; the refusal says what to write, and where."""
    done = typed(*words)

    assert done.exit_code == 4
    assert "environment dev has no archive" in done.stderr
    assert "at environments/dev.yaml" in done.stderr
    assert "`archive: {retention_days: 30}`" in done.stderr
