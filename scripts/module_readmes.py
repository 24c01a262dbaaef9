"""Writes the tables of inputs and outputs into the README of every Terraform module.

    python scripts/module_readmes.py           rewrite the tables
    python scripts/module_readmes.py --check   exit 1 where a table is out of date

What stands between the markers `<!-- inputs and outputs -->` and `<!-- end -->` is generated, the rest is written by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import hcl2

MODULES = Path(__file__).resolve().parent.parent / "modules"
BEGIN, END = "<!-- inputs and outputs -->", "<!-- end -->"
OPTIONS = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False)


def render_readme(folder: Path) -> str:
    """The module's README with current tables.

    Args:
        folder: the module.

    Raises:
        ValueError: the README lacks the markers.
    """
    text = (folder / "README.md").read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{folder}/README.md needs the lines {BEGIN} and {END}")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{render_tables(folder)}\n{END}{after}"


def render_tables(folder: Path) -> str:
    """Two Markdown tables: inputs, required ones first, and outputs."""
    variables = sorted(
        _blocks(folder / "variables.tf", "variable"), key=lambda item: ("default" in item[1], item[0])
    )
    outputs = sorted(_blocks(folder / "outputs.tf", "output"))
    return "\n".join([
        "| input | type | default | description |",
        "|---|---|---|---|",
        *(_input_row(name, body) for name, body in variables),
        "",
        "| output | description |",
        "|---|---|",
        *(f"| `{name}` | {_text(body['description'])} |" for name, body in outputs),
        "",
    ])  # fmt: skip


def _blocks(path: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    parsed = hcl2.loads(path.read_text(encoding="utf-8"), serialization_options=OPTIONS)
    return [(name.strip('"'), body) for block in parsed[kind] for name, body in block.items()]


def _input_row(name: str, body: dict[str, Any]) -> str:
    default = f"`{_plain(body['default'])}`" if "default" in body else "required"
    return f"| `{name}` | `{_plain(body['type'])}` | {default} | {_text(body['description'])} |"


def _plain(value: Any) -> str:
    """An expression on one line, without the `${ }` that python-hcl2 puts around it."""
    text = re.sub(r"^\$\{(.*)\}$", r"\1", str(value), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def _text(value: str) -> str:
    plain = value.strip('"').replace('\\"', '"')
    return plain.replace("|", "\\|").replace("<", "&lt;")


def main(arguments: list[str]) -> int:
    """Rewrite or check every README; the exit code."""
    outdated = []
    for readme in sorted(MODULES.glob("*/README.md")):
        wanted = render_readme(readme.parent)
        if readme.read_text(encoding="utf-8") != wanted:
            outdated.append(readme)
            if "--check" not in arguments:
                readme.write_text(wanted, encoding="utf-8")
    sys.stderr.writelines(f"{readme}\n" for readme in outdated)
    return 1 if outdated and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
