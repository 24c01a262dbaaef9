"""Finds the EventBridge event in what other tools have put around it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

LISTS = ("Messages", "Records", "events", "logEvents", "letters")
"""Where several lie: `aws sqs receive-message`; what Lambda hands a function; `aws logs filter-log-events`; a log
subscription; `gcbridge dlq ENV show --json`."""
TEXTS = ("Body", "body", "Message", "message")
"""Where the event lies as text: a message of SQS, a record of SQS in Lambda, a notification of SNS, a line of a log."""
OBJECTS = ("Sns", "requestPayload")
"""Where it lies as it is: a record of SNS in Lambda, and what Lambda sends to the destination of a failure."""

CHECK_OF_LOGS = "CONTROL_MESSAGE"
"""CloudWatch Logs checks with such a record whether a subscription's destination can be reached; it carries no event.

Source: "Real-time processing of log data with subscriptions", CloudWatch Logs user guide.
"""


class NoEventError(ValueError):
    """A JSON value that holds no EventBridge event.

    Args:
        fault: what it is instead.
        hint: what to do.
    """

    def __init__(self, fault: str, hint: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.hint = hint


def unwrap(document: Any) -> Iterator[dict[str, Any]]:
    """The events in a JSON value: itself, the elements of an array, or what lies in a wrapping that is known.

    Args:
        document: parsed JSON.

    Raises:
        NoEventError: there is something else in it.
    """
    if isinstance(document, list):
        for element in document:
            yield from unwrap(element)
    elif not isinstance(document, dict):
        raise NoEventError(
            f"an event is a JSON object, and this is {_kind(document)}", "look at what wrote the file"
        )
    elif "detail-type" in document:
        yield document
    else:
        yield from unwrap(_content(document))


def _content(document: Mapping[str, Any]) -> Any:
    if "eventBody" in document or "topicName" in document:
        raise NoEventError(
            "this is what Genesys Cloud sends, without the event that EventBridge makes of it",
            'put it into {"detail-type": "<topic, with {id} for each id>", "detail": ...}',
        )
    if document.get("messageType") == CHECK_OF_LOGS:
        return []
    for name in LISTS:
        if isinstance(document.get(name), list):
            return document[name]
    for name in OBJECTS:
        if isinstance(document.get(name), dict):
            return document[name]
    for name in TEXTS:
        if isinstance(document.get(name), str):
            return _parsed(document[name], name)
    kinesis = document.get("kinesis")
    if isinstance(kinesis, dict) and isinstance(kinesis.get("data"), str):
        return _parsed(_decoded(kinesis["data"]), "data")
    raise _nothing_known(document)


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise NoEventError(
            f"its {name} holds no JSON: {text[:60]!r}",
            "only whole events can be routed, not what a target's input made of them",
        ) from error


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise NoEventError("its data is not the base64 of a text", "look at what wrote the file") from error


def _nothing_known(document: Mapping[str, Any]) -> NoEventError:
    if "DetailType" in document:
        return NoEventError(
            "this is an entry of PutEvents, not an event", "rules see `detail-type` and `detail`; write these"
        )
    keys = ", ".join(list(document)[:5]) or "nothing"
    return NoEventError(
        f"this is no EventBridge event: it has no detail-type, but {keys}",
        "an event has at least `detail-type` and `detail`; so do what `topics sample` prints and what an archive replays",
    )


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names: dict[type, str] = {bool: "true or false", str: "a text", int: "a number", float: "a number"}
    return names[type(value)]
