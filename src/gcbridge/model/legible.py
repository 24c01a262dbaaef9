"""Text of strangers, made fit for documents that programs parse and people read."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
UNFIT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
"""What XML 1.0 cannot hold, not even escaped (section 2.2), what it discourages, and marks that turn the direction
of writing for all that follows (Unicode Standard Annex 9)."""


def legible(text: str) -> str:
    r"""The text, with the replacement character for whatever no document can hold or nobody could read.

    >>> legible("a\x00b")
    'a\ufffdb'
    """
    return UNFIT.sub(REPLACEMENT, text)
