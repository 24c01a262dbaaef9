"""`gcbridge listen`: mistakes that are refused before anything is asked, and what is said at the end."""

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app
from gcbridge.cli.listen import print_end
from gcbridge.model.notification import ListenSummary
from gcbridge.study.event_filter import read_filter
from gcbridge.workflows.event_stream import Sieve
from gcbridge.workflows.listen import ListenResult

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1}
"""


@pytest.fixture
def typed(tmp_path):
    """``typed("--for", "10m")``: `gcbridge listen dev --for 10m`, without any credentials."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    without = dict.fromkeys(
        ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET", "GENESYSCLOUD_ACCESS_TOKEN"]
    )
    return lambda *words: CliRunner(env=without).invoke(app, ["-C", str(tmp_path), "listen", "dev", *words])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--for", "soon"], "error: --for 'soon' is no duration\nnext: allowed: seconds, or text such as 90s"),
        (["--for", "0"], "error: --for 0 is no time\nnext: say how long: --for 10m"),
        (
            ["--filter", "eventBody.action = 'Delete'"],
            ("error: --filter is no JMESPath: unknown token '='\n"
            "  at character 18 of --filter\n"
            "  eventBody.action = 'Delete'\n"
            "                   ^\n"
            "next: two values are compared with =="),
        ),
        (["v2.users.{id}.presense"], "error: v2.users.{id}.presense is no topic that is known here"),
        (["v2.system.socket_closing"], "error: v2.system.socket_closing belongs to the notification service's own socket"),
    ],
)  # fmt: skip
def test_mistakes_are_refused(typed, words, said):
    """With 2, and before anybody is asked for credentials."""
    done = typed(*words)

    assert done.exit_code == 2
    assert done.stderr.startswith(said)
    assert done.stdout == ""


def test_without_credentials(typed):
    done = typed("--for", "10m")

    assert done.exit_code == 1
    assert "GENESYSCLOUD_OAUTHCLIENT_ID" in done.stderr


def test_an_environment_that_does_not_exist(typed, tmp_path):
    done = CliRunner().invoke(app, ["-C", str(tmp_path), "listen", "prod"])

    assert done.exit_code == 2
    assert "environment prod does not exist" in done.stderr


def heard(**changed):
    given = {"live": 3, "filled": 0, "duplicates": 0, "disconnects": 0, "channels": 1, "topics": 2}
    return ListenSummary.model_validate(given | changed)


def sieve(expression, *events):
    found = Sieve(read_filter(expression))
    for event in events:
        found.passes(event)
    return found


@pytest.mark.parametrize(
    ("summary", "found", "said"),
    [
        (heard(), Sieve(None), ["✓ heard 3 events in 60 s"]),
        (heard(live=1), Sieve(None), ["✓ heard 1 event in 60 s"]),
        (
            heard(live=9, filled=1, duplicates=2, disconnects=2, unfillable=("v2.x",)),
            Sieve(None),
            [
                "✓ heard 10 events in 60 s; the socket was lost 2 times; 1 of them filled in through the API; 2 duplicates left out",
                "! what happened meanwhile on v2.x is not known: no endpoint tells of it afterwards",
            ],
        ),
        (
            heard(),
            sieve("length(a) == `1`", {"a": "x"}, {"a": "xy"}, {}),
            [
                "✓ heard 3 events in 60 s",
                "· --filter left out 2 of 3 events",
                (
                    "! of 1 event it could not be asked: In function length(), invalid type for value: None, "
                    "expected one of: ['string', 'array', 'object'], received: \"null\""
                ),
            ],
        ),
    ],
    ids=["plain", "one", "gaps", "filter"],
)
def test_what_is_said_at_the_end(summary, found, said, capsys):
    """On stderr: stdout has events and nothing else."""
    print_end(ListenResult(summary, found, "time", 60.2))

    shown = capsys.readouterr()
    assert (shown.err.splitlines(), shown.out) == (said, "")
