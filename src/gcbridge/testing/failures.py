"""What a failing assertion says: what did not happen, the way of the event hop by hop, the first broken link."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.model.proof import Hop
from gcbridge.model.result import Check

WORDS = {"passed": "passed", "failed": "FAILED", "skipped": "-"}


class ArrivalError(AssertionError):
    """An event did not go where a test said it would.

    Args:
        summary: one line, what did not happen.
        hops: the way of the event, as far as it is known.
        first_broken: what the clouds themselves show to be broken; None where every link looks whole.
    """

    def __init__(self, summary: str, hops: Sequence[Hop] = (), first_broken: Check | None = None) -> None:
        super().__init__("\n".join([summary, *_paragraphs(hops, first_broken)]))
        self.summary = summary
        self.hops = tuple(hops)
        self.first_broken = first_broken

    __module__ = "gcbridge.testing"

    @property
    def broken_at(self) -> Hop | None:
        """The first hop that failed, or None."""
        return next((hop for hop in self.hops if hop.status == "failed"), None)


def _paragraphs(hops: Sequence[Hop], broken: Check | None) -> list[str]:
    table = ["", *hop_table(hops)] if hops else []
    return [*table, "", *link_lines(broken)]


def hop_table(hops: Sequence[Hop]) -> list[str]:
    """One line for each hop: whether it was reached, when, and what is known of it.

    Args:
        hops: in the order of the way.
    """
    width = max((len(hop.name) for hop in hops), default=0)
    return [
        f"  {WORDS[hop.status]:6} {_seconds(hop):>9}  {hop.name:{width}}  {hop.detail}".rstrip()
        for hop in hops
    ]


def _seconds(hop: Hop) -> str:
    return "" if hop.seconds is None else f"{hop.seconds:.2f} s"


def link_lines(broken: Check | None) -> list[str]:
    """The broken link with what to type.

    Args:
        broken: of a look at both clouds; None where nothing is.
    """
    if broken is None:
        return ["  every link that can be looked at holds"]
    lines = [f"  first broken link: {broken.name}", f"    found:    {broken.observed}"]
    lines += [f"    expected: {broken.expected}"] if broken.expected else []
    lines += [f"    next:     {broken.hint}"] if broken.hint else []
    return lines
