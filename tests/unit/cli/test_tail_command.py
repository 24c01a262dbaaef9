"""`gcbridge tail`: mistakes that are refused before anything is added to the account."""

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1, account_id: "123456789012"}
rules:
  away: {topics: ["v2.users.{id}.presence"], targets: [queue]}
targets:
  queue: {type: sqs}
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", "busy"], "error: dev has no rule busy\nnext: its rules: away\n"),
        (["--for", "soon"], "error: --for 'soon' is no duration"),
        (["--filter", "a ="], "error: --filter is no JMESPath: unknown token '='"),
        (["--grace", "5s"], "error: --grace means nothing without --compare\nnext: gcbridge tail dev --compare --grace"),
        (["--displace"], "error: --displace means nothing without --compare"),
        (["--compare", "--whole"], "error: --whole means nothing with --compare\nnext: gcbridge tail dev --compare --json has"),
        (["--compare", "--grace", "soon"], "error: --grace 'soon' is no duration"),
    ],
)  # fmt: skip
def test_mistakes_are_refused(tmp_path, words, said):
    """With 2, and before anybody is asked for credentials."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)

    done = CliRunner().invoke(app, ["-C", str(tmp_path), "tail", "dev", *words])

    assert done.exit_code == 2
    assert done.stderr.startswith(said)
    assert done.stdout == ""


def test_an_account_that_is_not_known_yet(tmp_path):
    """The bus is in an account, which init looks up."""
    (tmp_path / "environments").mkdir()
    file = tmp_path / "environments" / "dev.yaml"
    file.write_text(ENVIRONMENT.replace(', account_id: "123456789012"', ""))

    done = CliRunner().invoke(app, ["-C", str(tmp_path), "tail", "dev"])

    assert done.exit_code == 2
    assert "gcbridge init dev" in done.stderr
