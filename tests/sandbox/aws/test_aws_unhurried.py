"""Answers to Go's HTTP client, and so to the Terraform provider, come a moment late."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from gcbridge.sandbox.aws.unhurried import UnhurriedApp

GO = b"APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36.3"
PYTHON = b"Boto3/1.43.106 md/Botocore#1.43.106"


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})


def seconds_to_answer(method: str, client: bytes) -> float:
    """How long an application takes that pauses for a fifth of a second."""
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": method, "headers": [(b"user-agent", client)]}
    start = time.monotonic()
    asyncio.run(UnhurriedApp(answer, 0.2)(scope, None, send))
    assert sent == ["http.response.start", "http.response.body"]
    return time.monotonic() - start


@pytest.mark.parametrize(
    ("method", "client", "is_late"),
    [("POST", GO, True), ("PUT", GO, True), ("GET", GO, False), ("POST", PYTHON, False)],
)
def test_only_a_go_client_with_a_body_waits(method: str, client: bytes, is_late: bool) -> None:
    """Everyone else is answered at once."""
    assert (seconds_to_answer(method, client) >= 0.2) == is_late
