"""An apply that failed half way leaves no connection with Terraform's placeholder in it."""

import pytest
from botocore.stub import Stubber

from gcbridge.aws.session import open_aws
from gcbridge.model.bridge import AwsAccount
from gcbridge.study.resolve import resolve
from gcbridge.study.validate import validate_environment
from gcbridge.workflows.connection_secrets import restore_connection_secrets
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

SECRET = "s3cret-of-the-web-shop"


def web(name):
    return {
        "type": "api_destination",
        "url": f"https://{name}.example.com/events",
        "authorization": {"type": "api_key", "header": "X-Key", "secret": {"environment_variable": "KEY"}},
    }


BRIDGE = resolve(
    "dev",
    validate_environment(
        "dev",
        {
            "genesys": {
                "region": "eu-central-1",
                "event_source_suffix": "dev",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "topics": ["v2.users.{id}.presence"],
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "rules": {"all": {"targets": ["first", "second"]}},
            "targets": {"first": web("first"), "second": web("second")},
        },
        {},
    ),
)


@pytest.fixture
def answers():
    """The account, and what its EventBridge answers."""
    account = AwsAccount(account_id="123456789012", region="eu-central-1")
    aws = open_aws(account, environ={"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "unused"})
    with Stubber(aws.events) as stubber:
        yield aws, stubber


def test_each_connection_that_exists_has_its_secret(answers, tmp_path):
    """One that was never made is told, and keeps no other from getting its own."""
    aws, stubber = answers
    stubber.add_client_error(
        "update_connection", "ResourceNotFoundException", "gcbridge-dev-first is missing"
    )
    stubber.add_response(
        "update_connection",
        {"ConnectionState": "AUTHORIZED"},
        {
            "Name": "gcbridge-dev-second",
            "AuthorizationType": "API_KEY",
            "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": SECRET}},
        },
    )
    stubber.add_response(
        "describe_connection", {"ConnectionState": "AUTHORIZED"}, {"Name": "gcbridge-dev-second"}
    )
    told = []

    restore_connection_secrets(Rooms(Workspace(tmp_path), {"KEY": SECRET}, told.append), BRIDGE, aws)

    stubber.assert_no_pending_responses()
    assert [(note.subject, note.message.partition(":")[0]) for note in told] == [
        ("connection gcbridge-dev-first", "was not given its secret"),
        ("connection gcbridge-dev-second", "has its secret from environment variable KEY"),
    ]
    assert SECRET not in str(told)
