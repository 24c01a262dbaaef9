"""OAuth tokens that carry their own proof, so that they stay good over a restart and none is stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gcbridge.sandbox.genesys.answers import ApiError
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.settings import Settings

# The Go SDK re-authorizes 60 s before the end and panics when that fails: keep it far away.
LIFETIME_SECONDS = 86_400


def issue_token(settings: Settings) -> str:
    """A new bearer token: expiry, random part, signature with the client secret."""
    claims = f"{int(time.time()) + LIFETIME_SECONDS}.{secrets.token_urlsafe(12)}"
    return f"{claims}.{_sign(settings, claims)}"


def is_valid_token(settings: Settings, token: str) -> bool:
    """True when this organization issued the token and it has not expired."""
    claims, _, signature = token.rpartition(".")
    expiry = claims.partition(".")[0]
    signed = hmac.compare_digest(signature.encode(), _sign(settings, claims).encode())
    return signed and expiry.isdecimal() and int(expiry) > time.time()


def _sign(settings: Settings, claims: str) -> str:
    return hmac.new(settings.client_secret.encode(), claims.encode(), hashlib.sha256).hexdigest()


async def post_token(request: Request) -> Response:
    """POST /oauth/token with grant client_credentials.

    Wrong clients get what a live organization answers: 400 "client not found", 401 "authentication failed"
    (as recorded by the integration tests of gildas/go-gcloudcx).
    """
    settings = cloud_of(request).settings
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if form.get("grant_type") != "client_credentials":
        return _refuse(400, "unsupported_grant_type", "only client_credentials is emulated")
    client_id, client_secret = _basic_credentials(request.headers.get("authorization", ""))
    if client_id != settings.client_id:
        return _refuse(400, "invalid_client", "client not found")
    if not hmac.compare_digest(client_secret.encode(), settings.client_secret.encode()):
        return _refuse(401, "invalid_client", "authentication failed")
    token = issue_token(settings)
    return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": LIFETIME_SECONDS})


def check_bearer(cloud: Cloud, header: str) -> ApiError | None:
    """The 401 that a call with this Authorization header gets, or None when it may pass."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        text = "No authentication bearer token specified in authorization header."
        return ApiError(401, "authentication.required", text)
    if cloud.faults.reject_tokens or not is_valid_token(cloud.settings, token):
        return ApiError(401, "bad.credentials", "Invalid login credentials.")
    return None


def _basic_credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    client_id, _, client_secret = text.partition(":")
    return client_id, client_secret


def _refuse(status: int, error: str, description: str) -> JSONResponse:
    body = {"error": error, "description": description, "error_description": description}
    return JSONResponse(body, status_code=status)
