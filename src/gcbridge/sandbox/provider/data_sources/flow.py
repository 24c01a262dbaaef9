"""data.genesyscloud_flow: the id of the flow with a name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

from gcbridge.sandbox.provider.api import GenesysApi, explaining
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.resource import DataSource, State
from gcbridge.sandbox.provider.schema import IMPLICIT_ID, STRING, Attribute, Block
from gcbridge.sandbox.provider.validation import one_of
from gcbridge.sandbox.provider.wire import Value

TYPE_NAME = "genesyscloud_flow"
_FLOW_TYPES = (
    "bot commonmodule digitalbot inboundcall inboundchat inboundemail inboundshortmessage outboundcall inqueuecall "
    "inqueueemail inqueueshortmessage speech securecall surveyinvite voice voicemail voicesurvey workflow workitem"
).split()


class FlowByName(DataSource):
    """Looks a flow up by its name, case sensitive, and where it is given by its type."""

    type_name = TYPE_NAME
    body = Block(
        {
            "id": IMPLICIT_ID,
            "name": Attribute(STRING, required=True),
            "type": Attribute(STRING, optional=True, checks=(one_of(*_FLOW_TYPES, ignore_case=True),)),
        }
    )

    def read(self, api: GenesysApi, config: State) -> dict[str, Value]:
        """Needs architect:flow:view."""
        name, kind = config["name"], (config["type"] or "").lower()
        failing = f"error retrieving ID of flow '{name}' | error:"
        with explaining(TYPE_NAME, failing, "name"):
            found = [flow["id"] for flow in _all_flows(api, name, kind) if flow["name"] == name]
        if len(found) > 1:
            # The real provider compares the API's WORKFLOW with its own workflow, so a type does not help here.
            text = f"found multiple flows with the name '{name}', but none matched type '{kind}'"
            raise ProviderError(f"{failing} {text}", path=("name",))
        if not found:
            raise ProviderError(
                f"{failing} no flows found with name '{name}' and type '{kind}'", path=("name",)
            )
        return {"id": found[0], "name": name, "type": config["type"]}


def _all_flows(api: GenesysApi, name: str, kind: str) -> Iterator[dict[str, Any]]:
    asked: dict[str, str | int] = {"pageSize": 500, "includeSchemas": "true", "name": quote(name)}
    asked |= {"type": kind} if kind else {}
    for page in count(1):
        answer = api.call("GET", "/api/v2/flows", None, pageNumber=page, **asked)
        yield from answer["entities"]
        if page >= answer.get("pageCount", 1):
            return
