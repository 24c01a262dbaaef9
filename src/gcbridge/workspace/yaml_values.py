"""Single values as YAML, as people type them behind `--set path=`."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, TaggedScalar
from ruamel.yaml.error import YAMLError

from gcbridge.errors import UsageError
from gcbridge.model.origin import KeyPath
from gcbridge.study.key_paths import parse_path
from gcbridge.study.schema_reading import schema_at
from gcbridge.workspace.environment_file import flatten_yaml, load_yaml

NULLS = frozenset({"~", "null", "Null", "NULL"})


def parse_assignments(assignments: Iterable[str]) -> dict[KeyPath, Any]:
    """`path=value` each, the value as YAML; the last one of a path counts.

    Raises:
        UsageError: one has no path, no `=`, or no value.
    """
    return dict(_parse_assignment(assignment) for assignment in assignments)


def _parse_assignment(assignment: str) -> tuple[KeyPath, Any]:
    path, sign, text = assignment.partition("=")
    if not sign:
        raise UsageError(f"{assignment!r} sets nothing", hint="write it like --set targets.crm.fifo=true")
    if not text.strip():
        raise UsageError(
            f"{assignment!r} says no value",
            hint=f"write one behind --set {path}=, null where there is to be none",
        )
    at, value = parse_path(path.strip()), parse_value(text)
    return at, text.strip() if _is_number(value) and _takes_text(at) else value


def parse_value(text: str) -> Any:
    """A value as an environment file would have it; text without special characters needs no quotes.

    Raises:
        UsageError: it is no YAML.
    """
    try:
        # In a file the value would stand behind a key.
        document = load_yaml(f"value: {text}\n")
    except (YAMLError, ValueError) as error:
        raise UsageError(
            f"{text!r} is no YAML", hint="put text with special characters into quotes"
        ) from error
    if not isinstance(document, CommentedMap) or list(document) != ["value"]:
        raise UsageError(
            f"{text!r} is no single value", hint="write lists and mappings like [a, b] and {a: 1}"
        )
    if _is_part_of(text.strip(), document["value"]):
        raise UsageError(
            f"{text!r} is more than a value in YAML",
            hint="text with # ! & or * in such a place needs quotes of its own: --set 'path=\"#1\"'",
        )
    return flatten_yaml(document, "")[0]["value"]


def _is_part_of(text: str, value: Any) -> bool:
    """Whether YAML has left something out, such as a comment or a tag."""
    if value is None:
        return text not in NULLS
    return isinstance(value, TaggedScalar) or (
        isinstance(value, str) and text[0] not in "\"'|>" and value != text
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _takes_text(path: KeyPath) -> bool:
    """Whether a key takes text and nothing else: there a shell that eats quotes must not make a number of it."""
    schema = schema_at({}, path)
    types = {option.get("type") for option in schema.get("anyOf", [schema])}
    return "string" in types and types <= {"string", "null"}


def shown_value(value: Any) -> str:
    """A value on one line, as `parse_value` takes it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump({"v": value}, stream)
    return stream.getvalue().strip().removeprefix("{v: ").removesuffix("}")
