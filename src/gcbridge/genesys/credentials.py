"""What logs in to Genesys Cloud: the variables that the Terraform provider reads too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gcbridge.errors import GenesysError

CLIENT_ID = "GENESYSCLOUD_OAUTHCLIENT_ID"
CLIENT_SECRET = "GENESYSCLOUD_OAUTHCLIENT_SECRET"  # noqa: S105 - the name of a variable
ACCESS_TOKEN = "GENESYSCLOUD_ACCESS_TOKEN"  # noqa: S105 - the name of a variable

PERMISSIONS = (
    "integrations:integration:view",
    "integrations:integration:add",
    "integrations:integration:edit",
    "integrations:integration:delete",
)
"""What provisioning the integration needs (permission notes of the genesyscloud provider's resources)."""


@dataclass(frozen=True, slots=True)
class GenesysCredentials:
    """Either an OAuth client, which can log in again and again, or one access token.

    Args:
        client_id: id of an OAuth client of grant type Client Credentials.
        client_secret: its secret.
        access_token: a bearer token instead of both.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)

    @property
    def can_log_in(self) -> bool:
        """An access token alone cannot be renewed here."""
        return not self.access_token

    def redact(self, text: str) -> str:
        """The text without the secret and the token, in case the other side repeats what it was sent."""
        for secret in (self.client_secret, self.access_token):
            text = text.replace(secret, "***") if secret else text
        return text


def credentials_from(environ: Mapping[str, str]) -> GenesysCredentials:
    """The access token wins over the OAuth client, as in the Terraform provider.

    Args:
        environ: the variables, such as `os.environ`.

    Raises:
        GenesysError: nothing is set, only half of the OAuth client is, or a value cannot be one.
    """
    token = _read(environ, ACCESS_TOKEN)
    if token:
        return GenesysCredentials(access_token=token)
    client_id, secret = _read(environ, CLIENT_ID), _read(environ, CLIENT_SECRET)
    missing = [name for name, value in ((CLIENT_ID, client_id), (CLIENT_SECRET, secret)) if not value]
    if missing:
        raise _missing(missing)
    return GenesysCredentials(client_id=client_id, client_secret=secret)


def _read(environ: Mapping[str, str], name: str) -> str:
    """Spaces around a value are dropped; inside it they would end up in an HTTP header."""
    value = environ.get(name, "").strip()
    if not all("!" <= character <= "~" for character in value):
        raise GenesysError(
            f"{name} holds a space, a line break or a character beyond ASCII",
            where=f"environment variable {name}",
            hint=f"copy the value again and export {name}",
        )
    return value


def _missing(names: list[str]) -> GenesysError:
    return GenesysError(
        "no credentials for Genesys Cloud",
        where=f"environment variable {' and '.join(names)} not set",
        detail=f"permissions that the OAuth client's roles need: {', '.join(PERMISSIONS)}",
        hint=f"export {CLIENT_ID} and {CLIENT_SECRET} (an OAuth client of grant type Client Credentials), "
        f"or {ACCESS_TOKEN}",
    )
