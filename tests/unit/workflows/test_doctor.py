"""doctor looks at everything, whatever fails first."""

import json

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve
from gcbridge.workflows.doctor import doctor
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

TERRAFORM = {"terraform_version": "1.11.4", "platform": "linux_amd64", "terraform_outdated": False}


def bridge_with(binary: str):
    values = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": ["v2.users.{id}.presence"],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "terraform": {"binary": binary},
        "rules": {"presence": {"targets": ["queue"]}},
        "targets": {"queue": {"type": "sqs"}},
    }
    return resolve("dev", EnvironmentSpec.model_validate(values))


def test_a_folder_that_cannot_be_written_fails_one_check_only(tmp_path):
    """A file stands where gcbridge's folder should be, as another user's folder might."""
    terraform = tmp_path / "terraform"
    terraform.write_text(f"#!/bin/sh\necho '{json.dumps(TERRAFORM)}'\n")
    terraform.chmod(0o755)
    (tmp_path / ".gcbridge").write_text("")
    rooms = Rooms(Workspace(tmp_path), environ={"PATH": "/usr/bin:/bin", "AWS_PROFILE": "nobody-at-all"})

    checks = {check.name: check for check in doctor(rooms, bridge_with(str(terraform)))}

    assert {name: check.status for name, check in checks.items()} == {
        "workspace": "passed",
        "terraform": "passed",
        "providers": "failed",
        "Genesys Cloud credentials": "failed",
        "Genesys Cloud clock": "skipped",
        "AWS credentials": "failed",
        "AWS clock": "skipped",
    }
    assert str(tmp_path / ".gcbridge" / "dev") in checks["providers"].observed
    assert checks["providers"].hint == f"ls -ld {tmp_path / '.gcbridge'} shows who may write there"
