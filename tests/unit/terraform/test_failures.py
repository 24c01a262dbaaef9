"""A failed run becomes one error that says where and what next."""

from pathlib import Path

import pytest

from gcbridge.errors import ExitCode, ProviderMissingError
from gcbridge.terraform import ProviderRequirement, ProviderSearch, TerraformBinary, TerraformCancelledError
from gcbridge.terraform.failures import FailedRun, explain_failure, explain_stop
from gcbridge.terraform.ui_events import Diagnostic

BINARY = TerraformBinary(("/usr/bin/terraform",), "1.11.4", "terraform", "linux_amd64")
STACK = Path(".gcbridge/dev/aws")


def failed(*diagnostics, command="apply", text="", exit_code=1):
    return FailedRun(BINARY, command, STACK, exit_code, diagnostics, text)


def explain(*diagnostics, **options):
    return explain_failure(failed(*diagnostics, **options), ProviderSearch())


def test_first_error_is_the_summary_and_all_are_the_detail():
    """Warnings are left out; each error keeps its place."""
    error = explain(
        Diagnostic(severity="warning", summary="Old argument"),
        Diagnostic(
            severity="error",
            summary="Denied",
            detail="No.",
            address="aws_sqs_queue.a",
            file="main.tf",
            line=7,
        ),
        Diagnostic(severity="error", summary="Denied again", file="main.tf", line=9),
    )

    assert error.summary == "Denied"
    assert error.where == "aws_sqs_queue.a (.gcbridge/dev/aws/main.tf:7)"
    assert error.detail == (
        "Error: Denied\naws_sqs_queue.a (.gcbridge/dev/aws/main.tf:7)\nNo.\n\n"
        "Error: Denied again\n.gcbridge/dev/aws/main.tf:9"
    )


@pytest.mark.parametrize(
    ("summary", "detail", "hint"),
    [
        (
            "Error acquiring the state lock",
            "resource temporarily unavailable\n\nLock Info:\n  ID:        6a1f-22\n  Who: me",
            "terraform -chdir=.gcbridge/dev/aws force-unlock 6a1f-22",
        ),
        ("Saved plan is stale", "The given plan file can no longer be applied", "plan again"),
        ("No valid credential sources found", "", "aws sts get-caller-identity"),
        (
            "reading SQS Queue",
            'Post "http://127.0.0.1:4566/": dial tcp 127.0.0.1:4566: connect: connection refused',
            "nothing listens at 127.0.0.1:4566",
        ),
        ("Error refreshing state", 'S3 bucket "states" does not exist.', "create the bucket"),
        (
            "Required plugins are not installed",
            (
                "the cached package for registry.terraform.io/hashicorp/aws 5.100.0 does not match any of the"
                " checksums recorded in the dependency lock file"
            ),
            "init",
        ),
        (
            "Failed to install provider from shared cache",
            "the local package doesn't match any of the checksums previously recorded in the lock file",
            "init -upgrade",
        ),
        ("Backend configuration changed", "", "init -reconfigure"),
        ("Unsupported Terraform Core version", "", "install Terraform 1.10 or newer"),
        ("oauthclient_secret is required", "", "GENESYSCLOUD_OAUTHCLIENT_SECRET"),
        (
            "error retrieving ID of flow 'Log' | error: no flows found with name 'Log' and type 'workflow'",
            "",
            "publish a workflow Log",
        ),
        (
            "error retrieving ID of flow 'Log' | error: found multiple flows with the name 'Log'",
            "",
            "write the id",
        ),
        ("Something else", "entirely", ""),
    ],
)
def test_hint_says_what_to_type(summary, detail, hint):
    """Failures that people meet often come with the way out."""
    error = explain(Diagnostic(severity="error", summary=summary, detail=detail))

    assert hint in error.hint
    assert bool(error.hint) == bool(hint)


def test_plain_text_error_is_read():
    """Commands that print no events print a box or plain text."""
    error = explain(
        command="show", text="╷\n│ Error: Failed to read the given file\n│ \n│ no such file\n│ directory\n╵\n"
    )

    assert error.summary == "Failed to read the given file"
    assert error.detail == "no such file\ndirectory"


def test_death_without_a_word_is_told():
    """A killed Terraform leaves only its exit code."""
    error = explain(exit_code=-9)

    assert error.summary == "terraform apply ended with exit code -9 and no diagnostic"
    assert "TF_LOG=debug" in error.hint


@pytest.mark.parametrize(
    ("summary", "detail"),
    [
        (
            "Failed to install provider",
            (
                "the local package for registry.terraform.io/hashicorp/aws 5.100.0 doesn't match any of the checksums "
                "previously recorded in the dependency lock file"
            ),
        ),
        (
            "Failed to query available provider packages",
            "the previously-selected version 5.99.0 is no longer available",
        ),
    ],
)
def test_lock_file_that_refuses_a_provider_is_no_missing_provider(summary, detail):
    """The package is there; what has to change is the lock file."""
    error = explain(Diagnostic(severity="error", summary=summary, detail=detail), command="init")

    assert not isinstance(error, ProviderMissingError)
    assert "init -upgrade" in error.hint


def test_missing_provider_names_every_place_and_the_way_out(tmp_path):
    """Which provider, which version, where it was looked for, and how to make a mirror."""
    requirement = ProviderRequirement("registry.terraform.io/hashicorp/aws", ">= 5.80.0")
    old = tmp_path / "old"
    (old / requirement.address / "4.0.0" / "linux_amd64").mkdir(parents=True)
    search = ProviderSearch((requirement,), (), (tmp_path / "none", old, tmp_path), "linux_amd64")
    diagnostic = Diagnostic(
        severity="error",
        summary="Failed to query available provider packages",
        detail="Could not retrieve the list of available versions for provider hashicorp/aws: no such host",
    )

    error = explain_failure(failed(diagnostic, command="init"), search)

    assert isinstance(error, ProviderMissingError)
    assert error.summary == "provider registry.terraform.io/hashicorp/aws (>= 5.80.0) is not available"
    assert error.detail.splitlines() == [
        "looked in:",
        f"- registry.terraform.io: {diagnostic.detail}",
        f"- {tmp_path / 'none'}: no such folder",
        f"- {old}: holds 4.0.0 for linux_amd64",
        f"- {tmp_path}: does not hold it",
    ]
    assert 'providers mirror -platform=linux_amd64 "$PWD/provider-mirror"' in error.hint
    assert 'export GCBRIDGE_PROVIDER_MIRROR="$PWD/provider-mirror"' in error.hint


def test_stopped_runs_say_so():
    """An interrupted run ends with the exit code that shells know, a slow one with its limit."""
    cancelled = explain_stop(failed(), reason="cancelled", timeout=None)
    slow = explain_stop(failed(), reason="timeout", timeout=30.0)

    assert isinstance(cancelled, TerraformCancelledError)
    assert (cancelled.summary, cancelled.exit_code) == (
        "terraform apply was interrupted",
        ExitCode.INTERRUPTED,
    )
    assert slow.summary == "terraform apply took longer than 30 s and was stopped"
    assert slow.exit_code == ExitCode.FAILED
