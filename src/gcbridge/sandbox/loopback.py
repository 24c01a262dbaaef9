"""This machine's own interface: a free port, and JSON over HTTP to the sandbox's servers without any proxy."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from typing import Any

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RefusedError(Exception):
    """The server answered with an error status; `message` is its own text."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def find_free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def call_json(
    url: str, body: dict[str, Any] | None = None, *, method: str | None = None, timeout_seconds: float = 30.0
) -> Any:
    """GET, POST when there is a body, or the given method; None for an empty answer.

    Raises OSError when nobody answers, RefusedError for status >= 400.
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with _OPENER.open(request, timeout=timeout_seconds) as answer:
            payload = answer.read()
            return json.loads(payload) if payload else None
    except urllib.error.HTTPError as error:
        with error:
            raise RefusedError(error.code, _message(error.read())) from None


def _message(payload: bytes) -> str:
    try:
        return str(json.loads(payload)["message"])
    except (ValueError, KeyError, TypeError):
        return payload.decode(errors="replace")
