"""Values that `anything-but` keeps out in a case in which no topic sends them: the rule lets in what it should not."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gcbridge.routing.operators import AnythingBut, Equals
from gcbridge.study.patterns.asked import AskedPattern, Entry
from gcbridge.study.patterns.warned import Warned


def kept_out_warnings(asked: AskedPattern) -> Iterator[Warned]:
    """Values known in another case, where none of the field's topics sends them as written."""
    for leaf in asked.leaves:
        known = {value for topic in asked.topics_of(leaf) for value in topic.at(leaf.path).values}
        for entry in leaf.entries if known else ():
            yield from _entry(entry, known)


def _entry(entry: Entry, known: set[str]) -> Iterator[Warned]:
    twins = {value.casefold(): value for value in sorted(known)}
    excluded = _excluded(entry)
    for value in excluded:
        twin = twins.get(value.casefold())
        if value not in known and twin is not None and twin not in excluded:
            said = f"{json.dumps(value)} keeps nothing out, since case counts"
            yield Warned(entry.at, said, f"did you mean {json.dumps(twin)}?")


def _excluded(entry: Entry) -> list[str]:
    if not isinstance(entry.operator, AnythingBut):
        return []
    values = [one.value for one in entry.operator.excluded if isinstance(one, Equals)]
    return [value for value in values if isinstance(value, str)]
