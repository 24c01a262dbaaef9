"""Explains an environment file in comments: each key without one gets what the schema says of it, the first time."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from gcbridge.model.origin import KeyPath
from gcbridge.study.schema_reading import explain_key
from gcbridge.workspace.environment_file import load_yaml

WIDTH = 118
Place = tuple[KeyPath, int, int]
"""A key, its row and its column."""


def explained(text: str, values: Mapping[str, Any], only: Collection[KeyPath] | None = None) -> str:
    """The text with comments above the keys that have none; the same sentence is said once.

    Args:
        text: an environment file.
        values: what the environment says after `extends`: types that are inherited decide what a key means.
        only: explain these keys and no others.
    """
    lines = text.splitlines()
    said: set[str] = set()
    comments: dict[int, list[str]] = {}
    for path, row, column in _places(load_yaml(text), ()):
        sentence = explain_key(values, path)
        wanted = only is None or path in only
        if not wanted or not sentence or sentence in said or _has_comment(lines, row, column):
            continue
        said.add(sentence)
        comments[row] = [
            f"{' ' * column}# {line}"
            for line in textwrap.wrap(sentence, WIDTH - column, break_on_hyphens=False)
        ]
    return "".join(f"{line}\n" for row, old in enumerate(lines) for line in (*comments.get(row, ()), old))


def _places(node: Any, path: KeyPath) -> Iterator[Place]:
    """Keys that stand on lines of their own, from the top to the bottom."""
    if isinstance(node, CommentedMap) and not node.fa.flow_style() and node.lc.data:
        for key, place in sorted(node.lc.data.items(), key=lambda item: item[1][0]):
            if key in node:
                yield (*path, key), place[0], place[1]
                yield from _places(node[key], (*path, key))
    elif isinstance(node, CommentedSeq) and not node.fa.flow_style():
        for index, item in enumerate(node):
            yield from _places(item, (*path, index))


def _has_comment(lines: list[str], row: int, column: int) -> bool:
    """A comment above or behind; the first key of a list's entry stands behind its dash, where none fits above."""
    line = lines[row]
    above = lines[row - 1].strip() if row else ""
    return above.startswith("#") or " #" in line or bool(line[:column].strip())
