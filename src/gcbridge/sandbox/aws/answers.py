"""The shapes in which ministack's EventBridge handlers are asked and answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

from ministack.core.responses import error_response_json, json_response

Request: TypeAlias = dict[str, Any]
Answer: TypeAlias = tuple[int, dict[str, str], bytes]
Handler: TypeAlias = Callable[[Request], Answer]

OK = 200


def answer_ok(body: Request) -> Answer:
    """A 200 that carries ``body`` as JSON."""
    return cast(Answer, json_response(body))


def answer_error(code: str, message: str) -> Answer:
    """A 400 in the form from which SDKs raise the exception named ``code``."""
    return cast(Answer, error_response_json(code, message, 400))


def is_ok(answer: Answer) -> bool:
    """Whether the handler did what it was asked."""
    return answer[0] == OK


def answer_not_matching(field: str, value: str, pattern: str) -> Answer:
    """AWS's own words for a parameter that fails the pattern of the service model."""
    return answer_error(
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {pattern}",
    )
