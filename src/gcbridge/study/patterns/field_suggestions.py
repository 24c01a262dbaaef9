"""What was probably meant by a field that no topic has."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.model.topic import Topic
from gcbridge.study.patterns.sent import SentTopic
from gcbridge.study.topics.fields import envelope, leaf_paths, suggest_field


def suggestion(path: str, topics: Sequence[SentTopic], prefix: str) -> str:
    """A question such as `did you mean systemPresence?`, or nothing.

    Args:
        path: of a field that none of the topics has.
        topics: in the order in which they are asked.
        prefix: what the pattern's author left out in front of each path.
    """
    for topic in topics:
        meant = meant_field(path, topic.topic)
        if meant:
            return f"did you mean {_as_written(meant, path, prefix)}?"
    return ""


def meant_field(path: str, topic: Topic) -> str | None:
    """A field one level off ends as what was written; otherwise the nearest name counts; None where nothing comes near.

    Args:
        path: dotted, of a field that the topic does not have.
        topic: whose fields.
    """
    misplaced, steps = _same_end(path, topic)
    if steps > 1:
        return misplaced
    near = suggest_field(topic, path)
    if near is None or _last(near).casefold() == _last(path).casefold():
        return misplaced or near
    return near


def _same_end(path: str, topic: Topic) -> tuple[str | None, int]:
    """The shortest field whose last steps are those of the path, as many of them as can be."""
    known = leaf_paths(envelope(topic.fields))
    steps = path.split(".")
    for start in range(len(steps)):
        end = ".".join(steps[start:])
        found = [one for one in known if one == end or one.endswith(f".{end}")]
        if found:
            return min(found, key=lambda one: (one.count("."), len(one), one)), len(steps) - start
    return None, 0


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _as_written(meant: str, path: str, prefix: str) -> str:
    """Only the name where the field stands beside the one that was meant."""
    parent, _, name = meant.rpartition(".")
    if parent == path.rpartition(".")[0]:
        return name
    return meant.removeprefix(f"{prefix}.") if prefix else meant
