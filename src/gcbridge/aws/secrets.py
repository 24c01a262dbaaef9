"""Reads a secret where the environment file says it is."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.errors import GcbridgeError
from gcbridge.model.target_options_spec import SecretSpec


def read_secret(aws: Aws, spec: SecretSpec, environ: Mapping[str, str]) -> str:
    """A secret is one text; it appears in no error, and whoever gets it must not print it either.

    Args:
        aws: where a Secrets Manager secret is looked up.
        spec: an environment variable, or a secret's ARN with `#key` for one value of a JSON secret.
        environ: where the variable is looked up.

    Raises:
        AwsError: Secrets Manager refused or could not be reached.
        GcbridgeError: the variable is not set, or the secret holds no such text.

    IAM actions: secretsmanager:GetSecretValue on the secret; kms:Decrypt on its key, where it has one of its own.
    """
    if spec.environment_variable is not None:
        return _from_environment(spec.environment_variable, environ)
    arn, _, key = (spec.secret_arn or "").partition("#")
    client = aws.client("secretsmanager")
    with aws_call(client, "reading a secret", where=arn):
        text = client.get_secret_value(SecretId=arn).get("SecretString")
    if not text:
        raise GcbridgeError("a secret holds no text", where=arn, hint="store it as text, not as binary data")
    return _value_of(text, arn, key) if key else str(text)


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if not value:
        raise GcbridgeError(
            f"the environment variable {name} is not set", hint=f"export {name}=<the secret>, then try again"
        )
    return value


def _value_of(text: str, arn: str, key: str) -> str:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    value = values.get(key) if isinstance(values, dict) else None
    if not isinstance(value, str) or not value:
        # `from None`: the JSON error would quote the secret.
        raise GcbridgeError(
            f"a secret has no text under the key {key}",
            where=arn,
            hint="it must be a JSON object that holds this key; or leave out what stands behind `#`",
        ) from None
    return value
