"""OAuth tokens that carry their own proof, so that they stay good over a restart and none is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from gcbridge.sandbox.genesys.settings import Settings


@dataclass(frozen=True)
class Token:
    """What a bearer token says: whose it is, which one, until when, and after how many revocations it was issued."""

    id: str
    client_id: str
    expires: int
    revocations: int


def issue_token(settings: Settings, client_id: str, life_seconds: int, revocations: int) -> str:
    """A new bearer token: expiry, count of revocations, random part, client, signature with the organization's secret."""
    claims = f"{int(time.time()) + life_seconds}.{revocations}.{secrets.token_urlsafe(12)}.{client_id}"
    return f"{claims}.{_sign(settings, claims)}"


def read_token(settings: Settings, text: str) -> Token | None:
    """The token if this organization issued it and it has not expired."""
    claims, _, signature = text.rpartition(".")
    parts = claims.split(".")
    if not hmac.compare_digest(signature.encode(), _sign(settings, claims).encode()) or len(parts) != 4:
        return None
    token = Token(id=parts[2], client_id=parts[3], expires=int(parts[0]), revocations=int(parts[1]))
    return token if token.expires > time.time() else None


def _sign(settings: Settings, claims: str) -> str:
    return hmac.new(settings.client_secret.encode(), claims.encode(), hashlib.sha256).hexdigest()
