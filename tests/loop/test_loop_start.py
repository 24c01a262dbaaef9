"""The first minutes: init, and doctor when something is missing."""

import shutil

import pytest
from loop_workspace import FOREIGN_ACCOUNT, FOREIGN_ORG, ONE_LOG_GROUP

pytestmark = pytest.mark.sandbox

ORG_LINE = "  org_id: {org_id}\n"
ACCOUNT_LINE = '  account_id: "{account_id}"\n'
UNKNOWN = ONE_LOG_GROUP.replace(ORG_LINE, "").replace(ACCOUNT_LINE, "")
COMMENTED = "# whose this is\n" + UNKNOWN.replace("aws:\n", "# who receives\naws: # here\n")


def test_init_completes_a_file(workspace):
    """Both ids are written, every comment stays, and a second init changes nothing."""
    workspace.write(COMMENTED)
    before = workspace.file("loop").read_text()
    workspace.run("plan", "loop").failed(2, "genesys.org_id", "aws.account_id", "gcbridge init loop")
    first = workspace.ok("init", "loop")
    assert f"wrote genesys.org_id: {workspace.sandbox.org_id}" in first.said
    assert f"wrote aws.account_id: {workspace.sandbox.account_id}" in first.said
    after = workspace.file("loop").read_text()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert len(after.splitlines()) == len(before.splitlines()) + 2
    assert "wrote" not in workspace.ok("init", "loop").said
    assert workspace.file("loop").read_text() == after


@pytest.mark.parametrize(
    ("text", "environ", "fragments"),
    [
        (
            UNKNOWN.replace("genesys:\n", f"genesys:\n  org_id: {FOREIGN_ORG}\n"),
            {},
            ["genesys.org_id", FOREIGN_ORG],
        ),
        (ONE_LOG_GROUP, {"AWS_ACCESS_KEY_ID": FOREIGN_ACCOUNT}, ["aws.account_id", FOREIGN_ACCOUNT]),
    ],
    ids=["organization", "account"],
)
def test_init_refuses_foreign_credentials(workspace, text, environ, fragments):
    """What stands in the file is compared and never replaced."""
    workspace.write(text)
    before = workspace.file("loop").read_text()
    workspace.run("init", "loop", **environ).failed(4, "environments/loop.yaml:", *fragments)
    assert workspace.file("loop").read_text() == before


def test_init_without_a_file_says_what_it_needs(workspace):
    """Both regions, or the one that was not said, and no file is made."""
    genesys, aws = ("--genesys-region", "eu-central-1"), ("--aws-region", "eu-central-1")
    for options, missing in (
        ([], "--genesys-region REGION --aws-region REGION"),
        (genesys, "add --aws-region REGION"),
        (aws, "add --genesys-region REGION"),
    ):
        done = workspace.run("init", "fresh", *options, AWS_REGION="", AWS_DEFAULT_REGION="")
        done.failed(2, "environment fresh does not exist", missing)
    assert not workspace.file("fresh").exists()


def test_init_makes_a_new_file(workspace):
    """The new file is kept though nobody could be asked yet; with endpoints in it the second init completes it."""
    regions = ("--genesys-region", "eu-central-1", "--aws-region", "eu-central-1")
    nobody = {"GENESYSCLOUD_OAUTHCLIENT_ID": "", "GENESYSCLOUD_OAUTHCLIENT_SECRET": ""}
    workspace.run("init", "fresh", *regions, **nobody).failed(1, "GENESYSCLOUD_OAUTHCLIENT_ID")
    file = workspace.file("fresh")
    made = file.read_text()
    file.write_text(f"extends: ../.gcbridge/_sandbox/environment.yaml\n{made}")
    done = workspace.ok("init", "fresh", *regions)
    assert f"wrote genesys.org_id: {workspace.sandbox.org_id}" in done.said
    assert "# What Genesys Cloud sends." in file.read_text()
    assert "is valid" in workspace.ok("validate", "fresh").said


def test_doctor_finds_nothing_wrong(workspace):
    """Every check passes; nothing that could be a secret is printed."""
    workspace.write(ONE_LOG_GROUP)
    done = workspace.ok("doctor", "loop", "--json")
    assert {check["status"] for check in done.data} == {"passed"}
    assert [check["name"] for check in done.data] == [
        "workspace",
        "terraform",
        "providers",
        "Genesys Cloud credentials",
        "Genesys Cloud clock",
        "AWS credentials",
        "AWS clock",
    ]
    secret = workspace.environ["GENESYSCLOUD_OAUTHCLIENT_SECRET"]
    assert secret not in done.stdout + done.stderr + workspace.ok("doctor").stdout


def failed_checks(done):
    """Name -> observed and hint of what failed; the command says so by its exit code."""
    assert done.exit_code == 1, done.stderr
    assert "Traceback" not in done.stderr
    return {
        check["name"]: f"{check['observed']} {check['hint']}"
        for check in done.data
        if check["status"] == "failed"
    }


def test_doctor_says_what_is_missing(workspace):
    """Each missing thing is named with what to type; the other checks are made all the same."""
    workspace.write(ONE_LOG_GROUP)
    no_genesys = {"GENESYSCLOUD_OAUTHCLIENT_ID": "", "GENESYSCLOUD_OAUTHCLIENT_SECRET": ""}
    found = failed_checks(workspace.run("doctor", "loop", "--json", **no_genesys))
    assert set(found) == {"Genesys Cloud credentials"}
    assert "GENESYSCLOUD_OAUTHCLIENT_ID" in found["Genesys Cloud credentials"]
    found = failed_checks(workspace.run("doctor", "loop", "--json", AWS_ACCESS_KEY_ID=FOREIGN_ACCOUNT))
    assert set(found) == {"AWS credentials"}
    assert "aws.account_id" in found["AWS credentials"]


def test_doctor_without_terraform(workspace):
    """No binary: where one was looked for, and how to name one."""
    workspace.write(ONE_LOG_GROUP)
    found = failed_checks(
        workspace.run("doctor", "loop", "--json", GCBRIDGE_TERRAFORM=str(workspace.root / "no-terraform"))
    )
    assert set(found) == {"terraform"}
    assert "GCBRIDGE_TERRAFORM" in found["terraform"] or "no-terraform" in found["terraform"]
    assert shutil.which("terraform") not in found["terraform"].split()


def test_doctor_in_the_wrong_organization(workspace):
    """The organization that the credentials belong to is named beside the one that was wanted."""
    workspace.write(
        UNKNOWN.replace("genesys:\n", f"genesys:\n  org_id: {FOREIGN_ORG}\n").replace(
            "aws:\n", f"aws:\n{ACCOUNT_LINE}"
        )
    )
    found = failed_checks(workspace.run("doctor", "loop", "--json"))
    assert set(found) == {"Genesys Cloud credentials"}
    assert workspace.sandbox.org_id in found["Genesys Cloud credentials"]
    assert "genesys.org_id" in found["Genesys Cloud credentials"]
