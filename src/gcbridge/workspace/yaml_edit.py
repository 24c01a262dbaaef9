"""Sets one value in YAML text and leaves every other byte as it is: comments, blank lines, quotes, order."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from gcbridge.errors import UsageError
from gcbridge.model.origin import KeyPath, dotted
from gcbridge.study.environment_text import scalar
from gcbridge.study.key_paths import value_at, with_value
from gcbridge.workspace.environment_file import flatten_yaml, load_yaml

Collection = CommentedMap | CommentedSeq


def set_value(text: str, path: KeyPath, value: Any, *, where: str = "") -> str:
    """The text with a value at a path; what the new text says is compared with what it should say.

    Args:
        text: YAML, a mapping at the top.
        path: where; mappings on the way are made where there are none.
        value: plain data; None leaves the key without a value.
        where: name of the file, for messages.

    Raises:
        UsageError: something on the way holds no keys, or the text is laid out so that this would break it.
    """
    expected = with_value(plain_values(text), path, value)
    edited = _edited(text, path, expected)
    if _values_or_none(edited) != expected:
        raise UsageError(
            f"{dotted(path)} cannot be set the way its surroundings are written",
            where=where,
            hint=f"write it by hand: {dotted(path)}: {value!r:.200}",
        )
    return edited


def plain_values(text: str) -> dict[str, Any]:
    """What a text says, without merging anything into it.

    Raises:
        YAMLError: it is no YAML.
    """
    document = load_yaml(text)
    return flatten_yaml(document, "")[0] if isinstance(document, CommentedMap) else {}


def _values_or_none(text: str) -> dict[str, Any] | None:
    try:
        return plain_values(text)
    except (YAMLError, ValueError):
        return None


def _edited(text: str, path: KeyPath, expected: Any) -> str:
    lines = text.splitlines()
    node, depth = _deepest_block(load_yaml(text), path)
    part, at = path[depth], path[: depth + 1]
    written = value_at(expected, at)
    if node is None:
        edited = [*lines, *([""] if lines else []), *_dumped({part: written}, 0)]
    elif isinstance(node, CommentedSeq):
        edited = _with_item(lines, node, part, written)
    elif part in node:
        edited = _with_replaced(lines, node, part, written)
    else:
        edited = _with_added(lines, node, part, written, is_top=depth == 0)
    return "\n".join(edited) + "\n"


def _deepest_block(document: Any, path: KeyPath) -> tuple[Collection | None, int]:
    """The innermost collection on the way that has lines of its own, and how many steps lead to it."""
    if not _is_block(document):
        return None, 0
    node, depth = document, 0
    while depth + 1 < len(path):
        inner = _child(node, path[depth])
        if not _is_block(inner):
            break
        node, depth = inner, depth + 1
    return node, depth


def _child(node: Collection, part: Any) -> Any:
    if isinstance(node, CommentedMap):
        return node.get(part)
    return node[part] if isinstance(part, int) and part < len(node) else None


def _is_block(node: Any) -> bool:
    return isinstance(node, CommentedMap | CommentedSeq) and not node.fa.flow_style() and bool(node.lc.data)


def _with_replaced(lines: list[str], node: CommentedMap, part: Any, value: Any) -> list[str]:
    row, column = node.lc.data[part][:2]
    end = _end_of(lines, row, column)
    new = _dumped({part: value}, column)
    first = lines[row][:column] + new[0][column:] + _line_comment(node, part, lines[row])
    return [*lines[:row], first, *new[1:], *lines[end:]]


def _line_comment(node: CommentedMap, part: Any, line: str) -> str:
    """What stands behind a value on its line; ruamel keeps it together with the comments below."""
    tokens = node.ca.items.get(part)
    token = tokens[2] if tokens else None
    text = token.value.splitlines()[0].rstrip() if token and token.value.startswith("#") else ""
    return f" {text}" if text and line.rstrip().endswith(text) else ""


def _with_added(lines: list[str], node: CommentedMap, part: Any, value: Any, *, is_top: bool) -> list[str]:
    row, column = max(place[:2] for place in node.lc.data.values())
    end = _end_of(lines, row, column)
    gap = [""] if is_top else []
    return [*lines[:end], *gap, *_dumped({part: value}, column), *lines[end:]]


def _with_item(lines: list[str], node: CommentedSeq, part: Any, value: Any) -> list[str]:
    place = node.lc.data.get(part) if part in node.lc.data else node.lc.data[len(node) - 1]
    row, column = place[:2]
    dash = lines[row].rfind("-", 0, column)
    end = _end_of(lines, row, dash, is_item=True)
    new = _dumped([value], dash)
    return [*lines[: row if part in node.lc.data else end], *new, *lines[end:]]


def _end_of(lines: list[str], row: int, column: int, *, is_item: bool = False) -> int:
    """One behind the last line of what begins at a row; comments and blank lines below it are not its own."""
    end = row + 1
    for number in range(row + 1, len(lines)):
        line = lines[number].lstrip()
        if not line or line.startswith("#"):
            continue
        indent = len(lines[number]) - len(line)
        # A list may stand in the column of its key.
        own_list = indent == column and line.startswith("- ") and not is_item
        if indent <= column and not own_list:
            break
        end = number + 1
    return end


def _dumped(value: Any, column: int) -> list[str]:
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump(_in_double_quotes(value), stream)
    lines = stream.getvalue().splitlines()
    # A list at the top is dumped with the offset that lists have below a key.
    lead = 2 if isinstance(value, list) else 0
    return [" " * column + line[lead:] if line else "" for line in lines]


def _in_double_quotes(value: Any) -> Any:
    """Where text needs quotes, it gets those that environment files have everywhere else."""
    if isinstance(value, dict):
        return {key: _in_double_quotes(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_in_double_quotes(child) for child in value]
    needs_quotes = isinstance(value, str) and "\n" not in value and scalar(value).startswith('"')
    return DoubleQuotedScalarString(value) if needs_quotes else value
