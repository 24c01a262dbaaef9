"""`detail-type` of a pattern: it carries the topic's template, with a literal {id}, and nothing else.

Source: every captured event of Genesys Cloud, such as GenesysCloudBlueprints/aws-eventbridge-oauth-client-delete-blueprint,
events/OAuthClientDelete.json.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.model.values import UUID_PATTERN
from gcbridge.routing.operators import Equals, Exists
from gcbridge.study.patterns.asked import DETAIL_TYPE, AskedPattern, Entry
from gcbridge.study.patterns.refusals import shown
from gcbridge.study.patterns.warned import Warned
from gcbridge.study.target_checks import Finding

ONE_STEP = "[^.]+"


def concrete_id_findings(values: Any, at: KeyPath) -> Iterator[Finding]:
    """Texts with the id of something: they match no event, and the template does.

    Args:
        values: what a pattern has at `detail-type`.
        at: its place in the environment file.
    """
    for index, value in enumerate(values if isinstance(values, list) else ()):
        for text in _texts(value):
            if UUID_PATTERN.search(text):
                template = UUID_PATTERN.sub("{id}", text)
                reason = f"{text!r} holds a concrete id, and detail-type holds the topic's template"
                choice = f"write {template} here, and the id into detail.topicName"
                yield (*at, index), f"{reason}: {choice}"


def detail_type_warnings(asked: AskedPattern) -> Iterator[Warned]:
    """Entries that let through none of the topics that are sent."""
    for leaf in asked.leaves:
        for entry in leaf.entries if leaf.path == DETAIL_TYPE else ():
            yield from _entry(asked, entry)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for child in value.values() for text in _texts(child))
    elif isinstance(value, list):
        yield from (text for child in value for text in _texts(child))


def _entry(asked: AskedPattern, entry: Entry) -> Iterator[Warned]:
    names = [topic.name for topic in asked.subscribed]
    if isinstance(entry.operator, Exists) and not entry.operator.wanted:
        yield Warned(entry.at, "exists: false never holds: every event has a detail-type", "leave it out")
    elif not any(entry.operator.matches(name) for name in names):
        written = entry.written if isinstance(entry.operator, Equals) else None
        if isinstance(written, str):
            yield Warned(
                entry.at, f"{written} is not among genesys.topics, so no event has it", _meant(written, names)
            )
        else:
            yield Warned(entry.at, f"{shown(entry)} fits none of genesys.topics, so it never holds")


def _meant(written: str, names: Sequence[str]) -> str:
    for name in names:
        pattern = ONE_STEP.join(re.escape(part) for part in name.split("{id}"))
        if re.fullmatch(pattern, written):
            beside = "" if "*" in written else f", and {written} as detail.topicName"
            return f"write {name} here{beside}"
    close = difflib.get_close_matches(written, names, n=1)
    return f"did you mean {close[0]}?" if close else "add it there, or remove it here"
