"""A warning on its way to the person who can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gcbridge.model.lint import Lint
from gcbridge.model.origin import KeyPath, Origin, dotted, nearest_origin

LISTED_MAX = 2


class Warned(NamedTuple):
    """Something that EventBridge takes and that will not do what it says.

    Args:
        at: place in the environment file.
        message: what happens.
        hint: what to write instead.
    """

    at: KeyPath
    message: str
    hint: str = ""


def as_lints(warned: Iterable[Warned], origins: Mapping[KeyPath, Origin]) -> tuple[Lint, ...]:
    """Warnings with file and line, each once, in the order of the files."""
    placed = [(nearest_origin(origins, one.at), one) for one in dict.fromkeys(warned)]
    placed.sort(key=lambda pair: (pair[0].file, pair[0].line) if pair[0] else ("", 0))
    return tuple(_lint(one, origin) for origin, one in placed)


def _lint(one: Warned, origin: Origin | None) -> Lint:
    return Lint(
        severity="warning",
        key=dotted(one.at),
        message=one.message,
        hint=one.hint,
        where=str(origin) if origin else "",
    )


def listed(names: Sequence[str]) -> str:
    """Names as people read them; of many, the first two.

    >>> listed(["a", "b", "c"])
    'a, b and 1 more'
    """
    if len(names) > LISTED_MAX:
        return f"{', '.join(names[:LISTED_MAX])} and {len(names) - LISTED_MAX} more"
    return " and ".join(names)
