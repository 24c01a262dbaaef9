"""The keys of an environment file as Markdown tables, read from its JSON Schema.

The schema names types, defaults, bounds and descriptions. What only the program itself checks, such as the list of
regions, is asked of the program: an impossible value is tried, and the refusal says what is allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.naming import TARGET_SERVICES
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.validate import validate_environment
from gcbridge.workflows.schema import environment_schema

Schema = Mapping[str, Any]
IMPOSSIBLE = "\0"
ALLOWED = "allowed: "


@dataclass(frozen=True)
class Key:
    """A key of an environment file.

    Args:
        path: dotted, `<name>` where a person chooses the name.
        type: such as `text`.
        default: as YAML, `required`, or empty.
        allowed: bounds, choices or form.
        description: one sentence.
    """

    path: str
    type: str
    default: str
    allowed: str
    description: str


@dataclass(frozen=True)
class Section:
    """Keys that stand together."""

    title: str
    description: str
    keys: tuple[Key, ...]


def render_keys() -> str:
    """A table for each section of an environment file."""
    sections = dict.fromkeys(list_sections())  # members of a union share sections
    return "\n".join(line for section in sections for line in _render_section(section))


def list_sections() -> Iterator[Section]:
    """The keys at the top, then a section for each mapping below them, a union's members one by one."""
    schema = _schema_with_requirements()
    plain = {name: node for name, node in schema["properties"].items() if not _is_nested(schema, node)}
    yield Section("Top level", "", tuple(_keys(schema, schema, "", plain)))
    for name, node in schema["properties"].items():
        if name not in plain:
            yield from _sections(schema, name, node)


def _schema_with_requirements() -> dict[str, Any]:
    schema = EnvironmentSpec.model_json_schema()
    extends = environment_schema()["properties"]["extends"]
    schema["properties"] = {"extends": extends, **schema["properties"]}
    return schema


def _sections(root: Schema, path: str, node: Schema) -> Iterator[Section]:
    children = node.get("additionalProperties")
    if isinstance(children, Mapping):
        for section in _sections(root, f"{path}.<name>", children):
            yield replace(section, description=_with_name_rule(section, path))
        return
    members = _members(root, node)
    for member in members:
        kind = member["properties"].get("type", {}).get("const")
        title = f"`{path}`" + (f" with `type: {kind}`" if kind and len(members) > 1 else "")
        plain = {n: c for n, c in member["properties"].items() if not _is_nested(root, c)}
        yield Section(title, member.get("description", ""), tuple(_keys(root, member, f"{path}.", plain)))
        for name, child in member["properties"].items():
            if name not in plain:
                yield from _sections(root, f"{path}.{name}", child)


def _with_name_rule(section: Section, path: str) -> str:
    """Names that a person chooses are checked too; the section of the named thing says how."""
    if section.title.partition("` ")[0].strip("`") != f"{path}.<name>":
        return section.description
    asked = _refusal({path: {IMPOSSIBLE: {}}}, f"{path}.{IMPOSSIBLE}")
    return f"{section.description} The name: {asked}." if asked else section.description


def _is_nested(root: Schema, node: Schema) -> bool:
    children = node.get("additionalProperties")
    below = children if isinstance(children, Mapping) else node
    return any("properties" in member for member in _members(root, below))


def _members(root: Schema, node: Schema) -> list[dict[str, Any]]:
    """The schema itself, or those it stands for: a reference's, a union's without null."""
    if "$ref" in node:
        return [root["$defs"][node["$ref"].rsplit("/", 1)[-1]]]
    options = node.get("oneOf") or node.get("anyOf")
    if options:
        return [m for option in options if option.get("type") != "null" for m in _members(root, option)]
    return [dict(node)]


def _keys(root: Schema, owner: Schema, prefix: str, nodes: Mapping[str, Schema]) -> Iterator[Key]:
    for name, node in nodes.items():
        path = f"{prefix}{name}"
        yield Key(
            path=path,
            type=_describe_type(root, node),
            default=_describe_default(name, node, owner),
            allowed="; ".join(filter(None, (_describe_bounds(root, node), _ask_allowed(path, node)))),
            description=node.get("description", ""),
        )


def _describe_type(root: Schema, node: Schema) -> str:
    members = _members(root, node)
    if len(members) > 1:
        return " or ".join(dict.fromkeys(_describe_type(root, member) for member in members))
    (member,) = members
    names = {"string": "text", "integer": "number", "boolean": "`true` or `false`"}
    match member.get("type"):
        case "array":
            return f"list of {_describe_type(root, member['items'])}"
        case "object":
            values = member.get("additionalProperties")
            return f"name -> {_describe_type(root, values)}" if isinstance(values, Mapping) else "mapping"
        case str(kind):
            return names.get(kind, kind)
    return "choice" if "enum" in member or "const" in member else "anything"


def _describe_default(name: str, node: Schema, owner: Schema) -> str:
    if name in owner.get("required", ()):
        return "required"
    default = node.get("default")
    return "" if default in (None, "", [], {}) else f"`{json.dumps(default, ensure_ascii=False)}`"


def _describe_bounds(root: Schema, node: Schema) -> str:
    members = _members(root, node)
    if len(members) > 1:
        return ""
    (member,) = members
    choices = member.get("enum") or ([member["const"]] if "const" in member else [])
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    if "minimum" in member:
        most = f"{member['maximum']:,}" if "maximum" in member else ""
        return f"{member['minimum']:,} to {most}" if most else f"at least {member['minimum']:,}"
    sizes = (
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "entries"),
        ("minProperties", "maxProperties", "entries"),
    )
    found = [_describe_size(member, *size) for size in sizes]
    for word, inner in (
        ("names", member.get("propertyNames")),
        ("values", member.get("additionalProperties")),
    ):
        size = _describe_size(inner, *sizes[0]) if isinstance(inner, Mapping) else ""
        found += [f"{word} of {size}"] if size else []
    pattern = [f"`{member['pattern']}`"] if "pattern" in member else []
    return "; ".join([*filter(None, found), *pattern])


def _describe_size(member: Schema, least: str, most: str, unit: str) -> str:
    if least in member and most in member:
        return f"{member[least]:,} to {member[most]:,} {unit}"
    if most in member:
        return f"at most {member[most]:,} {unit}"
    return f"at least {member[least]:,}" if least in member else ""


def _ask_allowed(path: str, node: Schema) -> str:
    """What the program says is allowed when it refuses an impossible text; empty for what it takes."""
    parts = path.replace("<name>", "name").split(".")
    value: Any = [IMPOSSIBLE] if node.get("type") == "array" else IMPOSSIBLE
    for part in reversed(parts):
        value = {part: value}
    for kind in (*TARGET_SERVICES, "ecs_task", "dynamodb", "existing", "s3", "local"):
        asked = _refusal(_with_type(value, kind), ".".join(parts))
        if asked:
            return asked
    return ""


def _with_type(value: dict[str, Any], kind: str) -> dict[str, Any]:
    """The value, told which member of a union it is meant for."""
    if "targets" in value:
        return {"targets": {"name": {"type": kind, **value["targets"]["name"]}}}
    if "backend" in value.get("terraform", {}):
        return {"terraform": {"backend": {"type": kind, **value["terraform"]["backend"]}}}
    return value


def _refusal(values: dict[str, Any], key: str) -> str:
    try:
        validate_environment("documentation", values, {})
    except EnvironmentInvalidError as error:
        for problem in error.problems:
            named = problem.key in (key, f"{key}[0]")
            if named and ALLOWED in problem.message and repr(IMPOSSIBLE) in problem.message:
                return problem.message.partition(ALLOWED)[2]
    return ""


def _render_section(section: Section) -> list[str]:
    rows = [
        f"| `{key.path}` | {_cell(key.type)} | {key.default} | {_cell(key.allowed)} | {_cell(key.description)} |"
        for key in section.keys
    ]
    return [
        f"### {section.title}",
        "",
        *([section.description, ""] if section.description else []),
        *(["| key | type | default | allowed | |", "|---|---|---|---|---|", *rows, ""] if rows else []),
    ]


def _cell(text: str) -> str:
    """Text in a table; what stands between backticks is shown as it is."""
    parts = text.replace("|", "\\|").split("`")
    return "`".join(part if index % 2 else part.replace("<", "&lt;") for index, part in enumerate(parts))
