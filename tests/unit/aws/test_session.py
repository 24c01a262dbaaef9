"""Opening a session finds credentials where it is told to, and asks nothing of AWS."""

import os
import subprocess
import sys

import pytest

from gcbridge.aws.session import open_aws
from gcbridge.errors import AwsError
from gcbridge.model.bridge import AwsAccount

ACCOUNT = AwsAccount(account_id="123456789012", region="eu-central-1", endpoint_url="http://127.0.0.1:9")


def test_clients():
    """Every client speaks to the environment's endpoint and region, and gives up after four attempts."""
    aws = open_aws(ACCOUNT, environ={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"})

    for client in (aws.events, aws.logs, aws.sqs, aws.sts):
        assert client.meta.endpoint_url == "http://127.0.0.1:9"
        assert client.meta.region_name == "eu-central-1"
        assert client.meta.config.retries["total_max_attempts"] == 4


def test_unknown_profile():
    """A profile that does not exist is an error with the way out."""
    with pytest.raises(AwsError) as caught:
        open_aws(ACCOUNT, environ={"AWS_PROFILE": "no-such-profile"})

    assert "no-such-profile" in caught.value.detail
    assert "~/.aws/config" in caught.value.hint


def test_no_credentials_anywhere(tmp_path):
    """A process without any credentials gets one error that names the variables."""
    program = (
        "from gcbridge.aws.session import caller_account, open_aws\n"
        "from gcbridge.errors import AwsError\n"
        "from gcbridge.model.bridge import AwsAccount\n"
        f"account = AwsAccount.model_validate_json('{ACCOUNT.model_dump_json()}')\n"
        "try:\n"
        "    caller_account(open_aws(account))\n"
        "except AwsError as error:\n"
        "    print(error.summary, '|', error.hint)\n"
    )
    bare = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
    }
    run = subprocess.run(
        [sys.executable, "-c", program], env=bare, capture_output=True, text=True, check=True
    )

    assert run.stdout.startswith("no AWS credentials were found | export AWS_ACCESS_KEY_ID")
    assert run.stderr == ""


def test_import_is_light():
    """Importing the room does not import boto3; only opening a session does."""
    program = "import gcbridge.aws.probe_sweep, gcbridge.aws.delivery, sys; print('boto3' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"
