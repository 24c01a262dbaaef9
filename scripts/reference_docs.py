"""Writes the reference parts of the documentation from the program itself.

    python scripts/reference_docs.py           rewrite them
    python scripts/reference_docs.py --check   exit 1 where one is out of date

Written whole: `environments/schema.json` (the JSON Schema that the modelines of environment files point to).
Written between the markers `<!-- generated: NAME -->` and `<!-- end of NAME -->`: the keys of an environment file
in `docs/environments.md`, the commands in `docs/cli.md`, the bundled blueprints in `docs/blueprints.md`, the tables behind `gcbridge advise` in `docs/which-event-model.md`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from blueprint_table import render_blueprints
from cli_reference import render_commands
from schema_reference import render_keys

from gcbridge.study.advice.page import advice_tables
from gcbridge.workflows.schema import environment_schema

ROOT = Path(__file__).resolve().parent.parent


def render_schema() -> str:
    """The JSON Schema as `gcbridge env schema` prints it."""
    return json.dumps(environment_schema(), indent=2, ensure_ascii=False) + "\n"


def replace_part(text: str, name: str, part: str, place: str = "text") -> str:
    """The text with a generated part in place of the old one.

    Args:
        text: what holds the markers.
        name: name in the markers.
        part: what to put between them.
        place: where the text comes from, for messages.

    Raises:
        ValueError: the markers are missing.
    """
    begin, end = f"<!-- generated: {name} -->", f"<!-- end of {name} -->"
    before, found_begin, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{place} needs the lines {begin} and {end}")
    return f"{before}{begin}\n\n{part.strip()}\n\n{end}{after}"


def render_files(root: Path) -> dict[Path, str]:
    """File -> what ought to be in it."""
    parts: dict[str, tuple[str, Callable[[], str]]] = {
        "docs/environments.md": ("keys", render_keys),
        "docs/blueprints.md": ("blueprints", render_blueprints),
        "docs/cli.md": ("commands", render_commands),
        "docs/which-event-model.md": ("advice", advice_tables),
    }
    files = {root / "environments/schema.json": render_schema()}
    for name, (part, render) in parts.items():
        path = root / name
        files[path] = replace_part(path.read_text(encoding="utf-8"), part, render(), name)
    return files


def main(arguments: list[str]) -> int:
    """Rewrite or check every file; the exit code."""
    outdated = [path for path, text in render_files(ROOT).items() if _read(path) != text]
    if "--check" in arguments:
        sys.stderr.writelines(
            f"{path.relative_to(ROOT)} is out of date: python scripts/reference_docs.py\n"
            for path in outdated
        )
        return 1 if outdated else 0
    for path, text in render_files(ROOT).items():
        path.write_text(text, encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
