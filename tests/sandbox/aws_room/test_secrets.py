"""A secret is read where the environment says it is, and no error tells it."""

import json

import pytest

from gcbridge.aws.secrets import read_secret
from gcbridge.aws.session import open_aws
from gcbridge.errors import AwsError, GcbridgeError
from gcbridge.model.bridge import AwsAccount
from gcbridge.model.target_options_spec import SecretSpec

pytestmark = pytest.mark.sandbox

ACCOUNT, REGION = "123456789012", "eu-central-1"
HIDDEN = "do-not-tell"


@pytest.fixture
def account(emulated_aws):
    emulated_aws.reset()
    there = AwsAccount(account_id=ACCOUNT, region=REGION, endpoint_url=emulated_aws.endpoint)
    return open_aws(there, environ={"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"})


def stored(account, **content):
    return account.client("secretsmanager").create_secret(Name="api", **content)["ARN"]


def test_an_environment_variable(account):
    """One that is empty is as good as none."""
    spec = SecretSpec(environment_variable="API_KEY")

    assert read_secret(account, spec, {"API_KEY": HIDDEN}) == HIDDEN
    for environ in ({}, {"API_KEY": ""}):
        with pytest.raises(GcbridgeError, match="API_KEY is not set"):
            read_secret(account, spec, environ)


def test_a_whole_secret(account):
    """Its text as it is."""
    assert read_secret(account, SecretSpec(secret_arn=stored(account, SecretString=HIDDEN)), {}) == HIDDEN


def test_one_value_of_a_secret(account):
    """The key stands behind `#`."""
    arn = stored(account, SecretString=json.dumps({"a": HIDDEN, "b": "other"}))

    assert read_secret(account, SecretSpec(secret_arn=f"{arn}#a"), {}) == HIDDEN


@pytest.mark.parametrize(
    "text", [f'{{"b": "{HIDDEN}"}}', HIDDEN, f'["{HIDDEN}"]', f'{{"a": {{"b": "{HIDDEN}"}}}}']
)
def test_a_key_that_is_not_there(account, text):
    """What is there instead is not told."""
    arn = stored(account, SecretString=text)

    with pytest.raises(GcbridgeError) as raised:
        read_secret(account, SecretSpec(secret_arn=f"{arn}#a"), {})

    error = raised.value
    assert HIDDEN not in f"{error.summary} {error.where} {error.detail} {error.hint}"
    assert error.where == arn
    assert error.__context__ is None or error.__suppress_context__


def test_a_binary_secret(account):
    """It is no text."""
    arn = stored(account, SecretBinary=HIDDEN.encode())

    with pytest.raises(GcbridgeError, match="no text"):
        read_secret(account, SecretSpec(secret_arn=arn), {})


def test_no_such_secret(account):
    """AWS says so."""
    arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:none-AbCdEf"

    with pytest.raises(AwsError, match="reading a secret"):
        read_secret(account, SecretSpec(secret_arn=arn), {})
