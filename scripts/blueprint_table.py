"""The bundled blueprints as a Markdown table, read from their own `blueprint.yaml`."""

from __future__ import annotations

from pathlib import Path

from gcbridge.workspace.blueprints import list_blueprints, read_blueprint
from gcbridge.workspace.layout import Workspace

NOBODY = Workspace(Path("/nonexistent"))
"""A workspace without blueprints of its own."""


def render_blueprints() -> str:
    """A row for each: its page, what it makes, and what it asks."""
    rows = []
    for entry in list_blueprints(NOBODY):
        asks = ", ".join(
            f"`{ask.path}`" + ("" if ask.default is None else " (has a default)")
            for ask in read_blueprint(NOBODY, entry.name).about.asks
        )
        rows.append(f"| [{entry.name}](../blueprints/{entry.name}/README.md) | {entry.title} | {asks} |")
    return "\n".join(["| blueprint | | asks |", "|---|---|---|", *rows])
