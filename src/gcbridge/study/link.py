"""A chain of links, judged in causal order: what hangs on a broken link is not judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gcbridge.model.result import Check, CheckStatus


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one link, and what to do about it."""

    status: CheckStatus
    observed: str = ""
    expected: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the bridge.

    Args:
        name: as people read it; unique among all links.
        needs: names of the links that must hold for this one to be judged at all.
        look: judges it; called only when everything it needs holds.
    """

    name: str
    needs: tuple[str, ...]
    look: Callable[[], Finding]


def holds(observed: str) -> Finding:
    """The link holds."""
    return Finding("passed", observed)


def broken(observed: str, expected: str, hint: str) -> Finding:
    """The link is broken; the hint says what to type or check."""
    return Finding("failed", observed, expected, hint)


def untold(observed: str, hint: str = "") -> Finding:
    """Nothing can be said of the link, which does not make it broken."""
    return Finding("skipped", observed, hint=hint)


def judge_links(links: Iterable[Link]) -> tuple[Check, ...]:
    """Links are judged in the order given; one that needs a broken link is skipped and names it.

    Args:
        links: causes before effects.
    """
    roots: dict[str, str] = {}
    checks = []
    for link in links:
        root = next((roots[name] for name in link.needs if name in roots), None)
        finding = untold(f"skipped: {root} is broken") if root else link.look()
        if root or finding.status == "failed":
            roots[link.name] = root or link.name
        checks.append(
            Check(
                name=link.name,
                status=finding.status,
                observed=finding.observed,
                expected=finding.expected,
                hint=finding.hint,
            )
        )
    return tuple(checks)
