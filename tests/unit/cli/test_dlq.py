"""dlq: one command, four actions, and what each of them prints."""

from datetime import datetime, timezone
from io import StringIO

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from gcbridge.cli.app import app
from gcbridge.cli.dlq import end_redrive, print_listing, print_redrive, print_view
from gcbridge.model.dead_letter import (
    DeadLetter,
    DeadLetterGroup,
    DeadLetterListing,
    DeadLetterQueue,
    DeadLetterView,
    RedriveResult,
    Refusal,
    TargetRedrive,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def run(*words):
    return CliRunner().invoke(app, ["dlq", *words], env={"COLUMNS": "200", "NO_COLOR": "1"})


def test_the_help_explains_every_action():
    """The environment comes first, as for every other command."""
    shown = run("--help").output

    assert "dlq [OPTIONS]" in shown
    assert shown.index("ENV") < shown.index("ACTION")
    for action in ("list:", "show:", "redrive:", "purge:"):
        assert action in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dev"], "Missing argument 'ACTION'"),
        (["dev", "lst"], "'lst' is not one of 'list', 'show', 'redrive', 'purge'"),
        (["dev", "list", "--yes"], "dlq list has no option --yes"),
        (["dev", "show", "--rate", "3"], "dlq show has no option --rate"),
        (["dev", "purge", "--limit", "3"], "--limit belongs to list and redrive and show"),
        (["dev", "purge", "--dry-run"], "dlq purge has no option --dry-run"),
        (["dev", "redrive", "--rate", "0"], "0.1"),
    ],
)
def test_a_mistake_in_the_command_line(words, said):
    """Exit code 2, and what would have been right."""
    done = run(*words)

    assert done.exit_code == 2
    assert said in done.output


def test_a_missing_environment_is_said(tmp_path):
    """Before anything is asked of AWS."""
    (tmp_path / "environments").mkdir()
    done = CliRunner().invoke(app, ["--workspace", str(tmp_path), "dlq", "dev", "list"])

    assert done.exit_code == 2


def queue(target, depth=0, looked_at=0, detail="", exists=True):
    name = f"gcbridge-dev-{target}-dead-letter"
    return DeadLetterQueue(
        target=target, queue_name=name, exists=exists, depth=depth, looked_at=looked_at, detail=detail
    )


def printed(listing):
    written = StringIO()
    print_listing(listing, Console(file=written, width=200))
    return written.getvalue()


def test_a_listing():
    """Groups first, then how much of each queue was seen, then what is wrong with queues."""
    group = DeadLetterGroup(
        target="crm",
        rule="audits",
        error_code="NO_PERMISSIONS",
        count=12,
        oldest_at=NOW,
        oldest_age_seconds=7200,
        error_message="not [allowed]",
    )
    queues = (queue("crm", 40, 12), queue("log", exists=False, detail="it does not exist"))
    lines = printed(DeadLetterListing(environment="dev", queues=queues, groups=(group,))).splitlines()

    assert lines[0].split() == ["target", "rule", "code", "letters", "oldest", "error"]
    assert lines[1].split() == ["crm", "audits", "NO_PERMISSIONS", "12", "2", "h", "not", "[allowed]"]
    assert lines[2] == "gcbridge-dev-crm-dead-letter: about 40 letters, 12 looked at"
    assert lines[3] == "target log: it does not exist"


def test_an_empty_listing():
    """Nothing is said of queues that are as they should be."""
    assert (
        printed(DeadLetterListing(environment="dev", queues=(queue("crm"),), groups=()))
        == "✓ no dead letters\n"
    )


def test_a_queue_that_nobody_may_read_is_not_called_empty():
    """What lies there is not known."""
    queues = (queue("crm"), queue("log", exists=None, detail="AccessDenied"))
    lines = printed(DeadLetterListing(environment="dev", queues=queues, groups=())).splitlines()

    assert lines == ["target log: AccessDenied", "no dead letters in the other queues"]


def test_a_letter(capsys):
    """With everything that is known of it, and its event to read."""
    letter = DeadLetter(
        message_id="m-1",
        target="crm",
        made_by="eventbridge",
        rule="audits",
        error_code="NO_PERMISSIONS",
        sent_at=NOW,
        receive_count=2,
        attributes={"ERROR_CODE": "NO_PERMISSIONS"},
        body='{"id":"e-1"}',
    )
    print_view(DeadLetterView(environment="dev", queues=(), letters=(letter,)))

    assert capsys.readouterr().out.splitlines() == [
        "m-1 target crm, rule audits, code NO_PERMISSIONS",
        "  in the queue since 2026-01-02 03:04:05 UTC, received 2 times",
        "  ERROR_CODE NO_PERMISSIONS",
        "    {",
        '      "id": "e-1"',
        "    }",
    ]


def result(*, sent=3, refused=0, stopped="", interrupted=False, dry_run=False):
    refusals = (Refusal(target="crm", rule="audits", reason="it said no", count=refused),) if refused else ()
    target = TargetRedrive(target="crm", sent=sent, refused=refused, left=refused, stopped=stopped)
    return RedriveResult(
        environment="dev",
        dry_run=dry_run,
        interrupted=interrupted,
        targets=(target,),
        refusals=refusals,
        seconds=1.5,
    )


@pytest.mark.parametrize(
    ("done", "lines"),
    [
        (result(), ["✓ dev: 3 letters sent, 0 refused, about 0 left in 1.5 s"]),
        (
            result(refused=5, stopped="stopped"),
            [
                "✗ target crm, rule audits: 5 letters refused: it said no",
                "! target crm: stopped; 5 letters left",
                "· dev: 3 letters sent, 5 refused, about 5 left in 1.5 s",
            ],
        ),
        (result(sent=1, dry_run=True), ["✓ dev: 1 letter would be sent, 0 refused, about 0 left"]),
        (
            result(interrupted=True),
            ["· dev: 3 letters sent, 0 refused, about 0 left, interrupted after 1.5 s"],
        ),
    ],
)
def test_a_redrive(capsys, done, lines):
    """What was refused and why, what stopped, and the counts."""
    print_redrive(done)

    assert capsys.readouterr().out.splitlines() == lines


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (result(refused=1), 1),
        (result(stopped="queue gone"), 1),
        (result(interrupted=True), 130),
        (result(refused=1, interrupted=True), 130),
    ],
)
def test_exit_codes(done, code):
    """Scripts branch on these."""
    with pytest.raises(typer.Exit) as ended:
        end_redrive(done, json_=True)

    assert ended.value.exit_code == code


def test_success_is_exit_code_zero():
    """Nothing is raised."""
    end_redrive(result(), json_=True)
