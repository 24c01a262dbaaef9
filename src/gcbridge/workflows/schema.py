"""The JSON Schema of environment files, for completion in editors."""

from __future__ import annotations

import json
from typing import Any

from gcbridge.atomic import write_atomically
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.schema_reading import EXTENDS
from gcbridge.workspace.layout import Workspace


def environment_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an environment file; nothing is required, since `extends` may bring it."""
    schema = EnvironmentSpec.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["extends"] = {
        "type": "string",
        "description": EXTENDS,
    }
    for part in (schema, *schema["$defs"].values()):
        part.pop("required", None)
    return schema


def write_schema(workspace: Workspace) -> None:
    """The first line of an environment file names `./schema.json`, so that editors complete; it lies beside them."""
    text = json.dumps(environment_schema(), indent=2, ensure_ascii=False) + "\n"
    write_atomically(workspace.environments / "schema.json", text)
