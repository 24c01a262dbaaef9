"""FilterLogEvents with ``?term``: any one of the terms is enough, which ministack does not know."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

Matches: TypeAlias = Callable[[str], bool]

OPTIONAL_TERM = re.compile(r'\?("(?:\\.|[^"\\])*"|\S+)')


def compile_filter_pattern(original: Callable[[str], Matches], raw: str) -> Matches:
    """A test for messages; a pattern of ``?`` terms only is told apart, anything else is ministack's.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    text = (raw or "").strip()
    if not text or OPTIONAL_TERM.sub("", text).strip():
        return original(raw)
    terms = [term.strip('"') for term in OPTIONAL_TERM.findall(text)]
    return lambda message: any(term in message for term in terms)
