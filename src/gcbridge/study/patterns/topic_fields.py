"""Fields and values that a pattern asks for, held against what its topics send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gcbridge.study.patterns.asked import DETAIL_TYPE, AskedPattern, Entry, Leaf, accepts_topic
from gcbridge.study.patterns.field_suggestions import suggestion
from gcbridge.study.patterns.refusals import refusal
from gcbridge.study.patterns.sent import ABSENT, Sent, SentTopic
from gcbridge.study.patterns.warned import Warned, listed

FIELDS_SHOWN = 8


def field_warnings(asked: AskedPattern) -> list[Warned]:
    """Fields and values that none of the pattern's topics has, and those that shut out a topic it names.

    A field that some of its topics lack is no mistake as such: a pattern without topics may well choose by field.
    """
    leaves = [leaf for leaf in asked.leaves if leaf.path != DETAIL_TYPE]
    never = [one for leaf in leaves for one in _never(asked, leaf)]
    blamed = {one.at for one in never}
    return [*never, *(one for one in _shut_out(asked, leaves) if one.at not in blamed)]


def blocks(leaf: Leaf, topic: SentTopic) -> bool:
    """Whether no event of a topic can satisfy a field's test."""
    sent = topic.at(leaf.path)
    if sent.kind in ABSENT:
        return not leaf.test.accepts_absence
    return all(refusal(entry, sent, leaf.path) for entry in leaf.entries)


def unmatchable(asked: AskedPattern, topic: SentTopic) -> bool:
    """Whether fields and values that a topic does not have keep every alternative of a pattern from matching it."""
    return all(
        not accepts_topic(branch, topic)
        or any(leaf.path != DETAIL_TYPE and blocks(leaf, topic) for leaf in leaves)
        for branch, leaves in asked.alternatives
    )


def _never(asked: AskedPattern, leaf: Leaf) -> Iterator[Warned]:
    topics = asked.topics_of(leaf)
    sent = {topic.name: topic.at(leaf.path) for topic in topics}
    if topics and all(one.kind in ABSENT for one in sent.values()):
        yield _absent(asked, leaf, topics)
        return
    present = [topic for topic in topics if sent[topic.name].kind not in ABSENT]
    for entry in leaf.entries:
        yield from _entry(leaf, entry, present)


def _absent(asked: AskedPattern, leaf: Leaf, topics: Sequence[SentTopic]) -> Warned:
    fault, hint = _what_is_there(asked, leaf.path, topics)
    if leaf.test.accepts_absence:
        return Warned(leaf.at, f"{fault}, so exists: false always holds", hint)
    return Warned(leaf.at, fault, hint)


def _what_is_there(asked: AskedPattern, path: str, topics: Sequence[SentTopic]) -> tuple[str, str]:
    sent, names = topics[0].at(path), listed([topic.name for topic in topics])
    if sent.kind == "empty":
        return f"{path} is always empty in events of Genesys Cloud", "leave it out"
    if sent.kind == "group":
        return f"is an object in {names}, and an object has no value", _fields_below(sent)
    return f"no such field in {names}", suggestion(path, topics, asked.prefix)


def _fields_below(sent: Sent) -> str:
    shown = ", ".join(sent.fields[:FIELDS_SHOWN])
    return f"test one of its fields: {shown}" if shown else "test one of its fields"


def _entry(leaf: Leaf, entry: Entry, topics: Sequence[SentTopic]) -> Iterator[Warned]:
    refusals = [refusal(entry, topic.at(leaf.path), leaf.path) for topic in topics]
    first = refusals[0] if refusals else None
    if first is not None and all(refusals):
        alike = [topic.name for topic, one in zip(topics, refusals, strict=True) if one == first]
        yield Warned(entry.at, first.of_topics(alike), first.hint)


def _shut_out(asked: AskedPattern, leaves: Sequence[Leaf]) -> Iterator[Warned]:
    """Topics that a pattern names and cannot match."""
    lost = [t for t in asked.topics if t.name in asked.named and unmatchable(asked, t)]
    if len(lost) == len(asked.topics):
        return
    for leaf in leaves:
        topics = [topic for topic in asked.topics_of(leaf) if topic in lost and blocks(leaf, topic)]
        if topics:
            yield _shuts_out(asked, leaf, topics)


def _shuts_out(asked: AskedPattern, leaf: Leaf, topics: Sequence[SentTopic]) -> Warned:
    names = [topic.name for topic in topics]
    loses = f"{asked.name} never matches {'that topic' if len(topics) == 1 else 'those topics'}"
    if topics[0].at(leaf.path).kind in ABSENT:
        fault, hint = _what_is_there(asked, leaf.path, topics)
        return Warned(leaf.at, f"{fault}: {loses}", hint)
    reason = next(filter(None, (refusal(e, topics[0].at(leaf.path), leaf.path) for e in leaf.entries)))
    return Warned(leaf.at, f"{reason.of_topics(names)}: {loses}", "give it a rule of its own")
