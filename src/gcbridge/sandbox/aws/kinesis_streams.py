"""Kinesis streams that are made with tags, as the Terraform provider makes them."""

from __future__ import annotations

from ministack.services import kinesis

from gcbridge.sandbox.aws.answers import Answer, Handler, Request, is_ok


def create_stream(original: Handler, data: Request) -> Answer:
    """CreateStream: ministack forgets the tags."""
    answer = original(data)
    if is_ok(answer):
        kinesis._streams[data["StreamName"]]["tags"].update(data.get("Tags") or {})
    return answer
