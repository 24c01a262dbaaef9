"""The JSON Schema of environment files, for completion in editors."""

from __future__ import annotations

from typing import Any

from gcbridge.model.spec import EnvironmentSpec


def environment_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an environment file; nothing is required, since `extends` may bring it."""
    schema = EnvironmentSpec.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "Another environment file to merge this one over; relative to this file.",
    }
    for part in (schema, *schema["$defs"].values()):
        part.pop("required", None)
    return schema
