"""The topics that this organization can send: `notifications/availabletopics`.

No answer of a live organization is published, so the list is a short one of its own, `available_topics.json`; which
transports a topic has there is made up, but for those of which events were captured.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import bad_request, query_list

_ALWAYS = ("id", "selfUri")
_EXPANDABLE = (
    "description",
    "enforced",
    "schema",
    "visibility",
    "transports",
    "publicApiTemplateUriPaths",
    "requiresPermissions",
    "permissionDetails",
    "topicParameters",
)


@cache
def available_topics() -> tuple[dict[str, Any], ...]:
    """Every topic with all that can be asked of it."""
    text = files("gcbridge.sandbox.genesys").joinpath("available_topics.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["topics"])


async def get_available_topics(request: Request) -> Response:
    """GET /api/v2/notifications/availabletopics: fields of `expand` only; previews unless `includePreview=false`."""
    wanted = _expanded(request)
    previews = request.query_params.get("includePreview", "true").lower() != "false"
    entities = [
        {key: value for key, value in topic.items() if key in {*_ALWAYS, *wanted}}
        for topic in available_topics()
        if previews or topic["visibility"] == "Public"
    ]
    return JSONResponse({"entities": entities})


def _expanded(request: Request) -> list[str]:
    wanted = query_list(request, "expand")
    unknown = sorted(set(wanted) - set(_EXPANDABLE))
    if unknown:
        raise bad_request(f"expand: {', '.join(unknown)} cannot be expanded.", ["expand"])
    return wanted


ROUTES = [Route("/api/v2/notifications/availabletopics", get_available_topics)]
