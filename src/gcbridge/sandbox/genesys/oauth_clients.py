"""OAuth clients of the organization: its own, which comes from the environment, and those made over the API.

Of a secret only a salted digest is kept, so the state folder opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from pydantic import Field

from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.entities import new_id
from gcbridge.sandbox.genesys.records import Records
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.genesys.world import Record


class OAuthClient(Record):
    """One client with the digest of its secret; `request` is what it was asked to be."""

    id: str = Field(default_factory=new_id)
    request: dict[str, Any]
    salt: str = Field(default_factory=lambda: secrets.token_hex(16), repr=False)
    digest: str = Field(default="", repr=False)
    created_at: str = Field(default_factory=now_iso)
    modified_at: str = Field(default_factory=now_iso)
    created_by: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.request["name"])

    def renew_secret(self) -> str:
        """A new secret; only its digest stays."""
        secret = secrets.token_urlsafe(32)
        self.digest = self._digest_of(secret)
        return secret

    def knows(self, secret: str) -> bool:
        """True for the secret of this client."""
        return hmac.compare_digest(self.digest, self._digest_of(secret))

    def _digest_of(self, secret: str) -> str:
        return hashlib.sha256(f"{self.salt}{secret}".encode()).hexdigest()


class OAuthClients:
    """Every client that may log in."""

    def __init__(self, records: Records, settings: Settings) -> None:
        self._records = records
        self._settings = settings
        self.made = {client.id: client for client in records.load("oauth_clients", OAuthClient)}

    def put(self, client: OAuthClient) -> None:
        """A new client, or a changed one."""
        self.made[client.id] = client
        self._records.put("oauth_clients", [client])

    def delete(self, client: OAuthClient) -> None:
        """Its tokens are worthless from now on."""
        del self.made[client.id]
        self._records.delete("oauth_clients", client.id)

    def token_life(self, client_id: str) -> int | None:
        """Seconds that a token of this client lasts; None where there is no such client that may log in."""
        if client_id == self._settings.client_id:
            return self._settings.token_life_seconds
        client = self.made.get(client_id)
        if client is None or client.request.get("state", "active") != "active":
            return None
        return int(client.request["accessTokenValiditySeconds"])

    def knows_secret(self, client_id: str, secret: str) -> bool:
        """True when the client exists and this is its secret."""
        if client_id == self._settings.client_id:
            return hmac.compare_digest(secret.encode(), self._settings.client_secret.encode())
        client = self.made.get(client_id)
        return client is not None and client.knows(secret)
