"""Logging in, and whose call it is that comes with a token."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.tokens import Token, issue_token, read_token


async def post_token(request: Request) -> Response:
    """POST /oauth/token with grant client_credentials.

    Wrong clients get what a live organization answers: 400 "client not found", 401 "authentication failed"
    (as recorded by the integration tests of gildas/go-gcloudcx).
    """
    cloud = cloud_of(request)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if form.get("grant_type") != "client_credentials":
        return _refuse(400, "unsupported_grant_type", "only client_credentials is emulated")
    client_id, client_secret = _basic_credentials(request.headers.get("authorization", ""))
    life_seconds = cloud.oauth_clients.token_life(client_id)
    if life_seconds is None:
        return _refuse(400, "invalid_client", "client not found")
    if cloud.faults.revoke_client or not cloud.oauth_clients.knows_secret(client_id, client_secret):
        return _refuse(401, "invalid_client", "authentication failed")
    token = issue_token(cloud.settings, client_id, life_seconds, cloud.revocations)
    return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": life_seconds})


def authenticate(cloud: Cloud, header: str) -> Token:
    """Whose call it is that has this Authorization header; raises ApiError 401."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text:
        message = "No authentication bearer token specified in authorization header."
        raise ApiError(401, "authentication.required", message)
    token = read_token(cloud.settings, text)
    if token is None or _is_revoked(cloud, token):
        raise ApiError(401, "bad.credentials", "Invalid login credentials.")
    return token


def token_of(request: Request) -> Token:
    """The token that an API call came with."""
    token: Token = request.state.token
    return token


def _is_revoked(cloud: Cloud, token: Token) -> bool:
    faults = cloud.faults
    by_fault = faults.reject_tokens or faults.revoke_client or token.revocations < cloud.revocations
    return by_fault or cloud.oauth_clients.token_life(token.client_id) is None


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


ROUTES = [Route("/oauth/token", post_token, methods=["POST"])]
