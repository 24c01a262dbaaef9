"""The text of a new environment file: a header, then sections in the order in which they are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from gcbridge.model.spec import EnvironmentSpec

MODELINE = "# yaml-language-server: $schema=./schema.json"
SECTIONS = ("extends", *EnvironmentSpec.model_fields)
"""Order of the sections; what is none of them, and will be refused, stands at the end."""

AUDIT_TOPIC = "v2.audits.entitytype.{id}.entityid.{id}"

_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*)\s*:(?=\s|$)")
_BARE_KEY = re.compile(r"[\w-]+\s*:\s*(#.*)?")
_PLAIN = re.compile(r"(?:[A-Za-z_/]|\.\.?/)(?:(?!: | #)[^\x00-\x1f\x7f-\x9f])*(?<![: ])")
"""Text that YAML takes as it is outside of [ ] and { }."""
_ASKED = re.compile(r"^\s*#.*\basked (for )?by init\b")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})

_STARTER = """\
genesys:
  # What Genesys Cloud sends. {{id}} stands literally.
  topics:
{topics}

rules:
  # Every topic to one queue; narrow it with topics and where.
  everything:
    targets: [events]

targets:
  # A queue with its policy, encryption and a dead-letter queue.
  events:
    type: sqs

verify:
  # {why}
  cause: {cause}
"""

Values = Mapping[str, Mapping[str, str | None]]


def starter_fragment(topics: Sequence[str]) -> str:
    """An environment without a blueprint: every topic into one queue.

    Args:
        topics: topic templates; the audit topic where there are none.
    """
    chosen = list(topics) or [AUDIT_TOPIC]
    audited = AUDIT_TOPIC in chosen
    return _STARTER.format(
        topics="\n".join(f"    - {scalar(topic)}" for topic in chosen),
        why="Edits the integration's own notes and restores them; needs the audit topic above."
        if audited
        else "Changes nothing and waits for events.",
        cause="integration_notes" if audited else "traffic",
    )


def compose_environment(header: Sequence[str], fragment: str, own: Values, top: Mapping[str, str]) -> str:
    """A fragment as a whole environment file; its comments stay with what they stand above.

    What it says of values that are asked for is left out: they are there now.

    Args:
        header: what the file is for, without `# `.
        fragment: YAML with keys in the first column, such as a blueprint's.
        own: section -> key -> value that this environment has for itself, put first in its section; None: no value yet.
        top: values at the top, such as `extends`.
    """
    asked = (line for line in fragment.splitlines() if not _ASKED.search(line))
    preamble, blocks = split_blocks("\n".join(asked))
    for section, values in own.items():
        blocks[section] = _with_first(section, blocks.get(section, []), values)
    for key, value in top.items():
        blocks[key] = [f"{key}: {scalar(value)}"]
    ordered = sorted(blocks.items(), key=lambda block: _place(block[0]))
    lines = [MODELINE, "#", *(f"# {line}".rstrip() for line in header)]
    lines += ["#", *preamble] if preamble else []
    return "\n".join(lines) + "\n" + "".join("\n" + "\n".join(block) + "\n" for _, block in ordered)


def split_blocks(text: str) -> tuple[list[str], dict[str, list[str]]]:
    """The comment at the top, and the lines of each key in the first column with the comment right above it."""
    preamble: list[str] = []
    blocks: dict[str, list[str]] = {}
    current, waiting = preamble, list[str]()
    for line in text.splitlines():
        key = _KEY.match(line)
        if key:
            above, lead = _split_lead(waiting)
            current += above
            current = blocks.setdefault(key["key"], [])
            current += [*lead, line.rstrip()]
            waiting = []
        elif not line.strip() or line.startswith("#"):
            waiting += [] if line.startswith("# yaml-language-server") else [line.rstrip()]
        else:
            current += [*waiting, line.rstrip()]
            waiting = []
    current += waiting
    return _trimmed(preamble), {name: _trimmed(lines) for name, lines in blocks.items()}


def scalar(value: str | None) -> str:
    """Text as YAML, in quotes where YAML would make something else of it.

    >>> scalar("v2.users.{id}.presence"), scalar("123456789012"), scalar("no"), scalar("who: all")
    ('v2.users.{id}.presence', '"123456789012"', '"no"', '"who: all"')
    """
    if value is None:
        return ""
    is_plain = _PLAIN.fullmatch(value) and value.casefold() not in _WORDS
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _place(section: str) -> int:
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)


def _with_first(section: str, lines: list[str], values: Mapping[str, str | None]) -> list[str]:
    """A section that is written on one line, as `aws: {tags: ...}`, is left for whoever sets single values."""
    place = next((number for number, line in enumerate(lines) if _KEY.match(line)), None)
    if place is not None and not _BARE_KEY.fullmatch(lines[place]):
        return lines
    indent = _indent_below(lines[place + 1 :]) if place is not None else "  "
    first = [f"{indent}{key}: {scalar(value)}".rstrip() for key, value in values.items()]
    if place is None:
        return [f"{section}:", *first]
    return [*lines[: place + 1], *first, *lines[place + 1 :]]


def _indent_below(lines: Sequence[str]) -> str:
    return next((line[: len(line) - len(line.lstrip())] for line in lines if line.startswith(" ")), "  ")


def _split_lead(waiting: list[str]) -> tuple[list[str], list[str]]:
    start = max((number + 1 for number, line in enumerate(waiting) if not line), default=0)
    return waiting[:start], waiting[start:]


def _trimmed(lines: list[str]) -> list[str]:
    return list(_without_trailing(reversed(list(_without_trailing(lines)))))[::-1]


def _without_trailing(lines: Iterator[str] | list[str] | reversed[str]) -> Iterator[str]:
    """Blank lines at the beginning are left out."""
    begun = False
    for line in lines:
        begun = begun or bool(line)
        if begun:
            yield line
