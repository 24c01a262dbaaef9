"""Tests that every value passes: they look like a choice and make none."""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.routing.operators import AnythingBut, Exists
from gcbridge.study.patterns.asked import AskedPattern, Leaf
from gcbridge.study.patterns.event_shape import TEXT
from gcbridge.study.patterns.sent import ABSENT, Sent
from gcbridge.study.patterns.value_search import accepts_all_of
from gcbridge.study.patterns.warned import Warned

ANY_VALUE = (Exists(wanted=True),)


def always_true_warnings(asked: AskedPattern) -> Iterator[Warned]:
    """Fields whose test holds for every value: an empty prefix, or two `anything-but` that let in what the other keeps out."""
    for leaf in asked.leaves:
        sent = [topic.at(leaf.path) for topic in asked.topics_of(leaf)]
        if sent and leaf.test.operators != ANY_VALUE and all(_holds_always(leaf, one) for one in sent):
            yield Warned(leaf.at, _said(leaf), _hint(leaf))


def _holds_always(leaf: Leaf, sent: Sent) -> bool:
    if sent.kind in ABSENT or sent.within:
        return False
    kinds = sent.kinds if sent.kind != "unknown" else TEXT
    return accepts_all_of(leaf.test.operators, ANY_VALUE, kinds)


def _said(leaf: Leaf) -> str:
    if leaf.test.accepts_absence:
        return "holds for every event, with the field and without it"
    return "holds for every value"


def _hint(leaf: Leaf) -> str:
    if leaf.test.accepts_absence:
        return "leave it out"
    if sum(isinstance(operator, AnythingBut) for operator in leaf.test.operators) > 1:
        return 'one entry is enough: keep several values out with one {"anything-but": ["a", "b"]}'
    return 'if the field only has to be there, write [{"exists": true}]'
