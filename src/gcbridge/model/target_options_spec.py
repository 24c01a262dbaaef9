"""What every target may say beside its type, and what more than one type shares: retries, input, secrets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from gcbridge.model import naming
from gcbridge.model.base import Frozen
from gcbridge.model.values import (
    ApiDestinationUrl,
    Arn,
    Duration,
    EncryptionChoice,
    JsonPath,
    SecretName,
    Text,
)


class RetrySpec(Frozen):
    """How long EventBridge tries before an event goes to the dead-letter queue."""

    attempts: Annotated[StrictInt, Field(ge=0, le=185)] = 185
    """Retries, 0 to 185."""
    max_age: Annotated[Duration, Field(ge=60, le=86400)] = 86400
    """Age at which it gives up: seconds, or text such as 90s, 30m, 24h; one minute to one day."""


class TransformerSpec(Frozen):
    """A text with values of the event in it."""

    paths: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")], JsonPath] = Field(
        default_factory=dict, max_length=naming.INPUT_PATHS_MAX
    )
    """Name -> path into the event, such as `$.detail.eventBody.id`."""
    template: str | dict[str, Any]
    """What the target receives, with `<name>` where a value goes; a mapping is written as JSON."""


class InputSpec(Frozen):
    """What the target receives instead of the whole event: one of the three."""

    constant: str | dict[str, Any] | list[Any] | None = None
    """Always this, written as JSON."""
    path: JsonPath | None = None
    """Only this part of the event."""
    transformer: TransformerSpec | None = None
    """A text made from values of the event."""

    @model_validator(mode="after")
    def _exactly_one(self) -> InputSpec:
        given = [value for value in (self.constant, self.path, self.transformer) if value is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of constant, path and transformer")
        return self


class TargetOptionsSpec(Frozen):
    """Options that every target has."""

    dead_letter: StrictBool = True
    """Keep undeliverable events in a queue of their own. `false` loses them."""
    retry: RetrySpec = RetrySpec()
    """Retry policy."""
    input: InputSpec | None = None
    """What the target receives; the whole event where it is left out."""
    encryption: EncryptionChoice = "sse"
    """Keys that AWS manages, a new key that lets exactly the rules in, or your key, which gets a grant."""


class ReferenceSpec(TargetOptionsSpec):
    """A target that may exist already."""

    arn: Arn | None = None
    """ARN of one that exists: it gets the permission only."""


class SecretSpec(Frozen):
    """Where a secret is found when the plan is applied: one of the two. It never reaches Terraform."""

    environment_variable: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    """Environment variable of the process that applies."""
    secret_arn: SecretName | None = None
    """ARN of a secret in Secrets Manager, `#key` appended for one value of a JSON secret."""

    @model_validator(mode="after")
    def _exactly_one(self) -> SecretSpec:
        if (self.environment_variable is None) == (self.secret_arn is None):
            raise ValueError("give exactly one of environment_variable and secret_arn")
        return self


class BasicAuthorizationSpec(Frozen):
    """User name and password."""

    type: Literal["basic"]
    username: Text = Field(min_length=1, max_length=512)
    """User name."""
    secret: SecretSpec
    """The password."""


class ApiKeyAuthorizationSpec(Frozen):
    """A key in a header."""

    type: Literal["api_key"]
    header: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,512}$")] = "Authorization"
    """Header that carries it."""
    secret: SecretSpec
    """The header's whole value."""
    body_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")] | None = None
    """Key of the JSON body that carries the secret as well, for services that look there, such as PagerDuty's `routing_key`."""


class OauthAuthorizationSpec(Frozen):
    """OAuth client credentials."""

    type: Literal["oauth"]
    client_id: Text = Field(min_length=1, max_length=512)
    """Client id."""
    token_url: ApiDestinationUrl
    """Where a token is asked for."""
    http_method: Literal["GET", "POST", "PUT"] = "POST"
    """HTTP method of that."""
    body: dict[str, Text] = Field(default_factory=lambda: {"grant_type": "client_credentials"})
    """Further parameters of the token request."""
    secret: SecretSpec
    """The client secret."""


AuthorizationSpec = Annotated[
    BasicAuthorizationSpec | ApiKeyAuthorizationSpec | OauthAuthorizationSpec, Field(discriminator="type")
]
