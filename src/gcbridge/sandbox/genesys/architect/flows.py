"""Published flows: found by id, deployed by name, kept with their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from gcbridge.sandbox.genesys.architect.flow_files import HOME_DIVISION, FlowFile
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.entities import Listed
from gcbridge.sandbox.genesys.records import Records

_KIND = "flows"
WORKFLOW = "WORKFLOW"
Deployed = Literal["Create", "Publish"]


class Flow(Listed):
    """A published flow; one that was only seeded is an inbound call flow without a text."""

    type: str = "INBOUNDCALL"
    division: str = HOME_DIVISION
    description: str = ""
    version: int = 1
    """Number of the published version; it grows by one with every deployment."""
    published_at: str = Field(default_factory=now_iso)
    published_by: str = ""
    """Id of the OAuth client that deployed it."""
    locked_by: str | None = None
    """Id of the OAuth client that has checked it out."""
    text: str = ""

    def is_locked_for(self, client_id: str) -> bool:
        """True when another client has checked it out."""
        return self.locked_by not in (None, client_id)


class Flows:
    """Every flow of the organization, in the order in which they were made."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.all = {flow.id: flow for flow in records.load(_KIND, Flow)}

    def put(self, flows: Sequence[Flow]) -> None:
        """New flows, or changed ones."""
        self.all |= {flow.id: flow for flow in flows}
        self._records.put(_KIND, flows)

    def delete(self, flow: Flow) -> None:
        """Forgets it; triggers that start it stay and start nothing."""
        del self.all[flow.id]
        self._records.delete(_KIND, flow.id)

    def find(self, file: FlowFile) -> Flow | None:
        """The flow that a file describes."""
        wanted = (file.name.lower(), file.type, file.division.lower())
        return next((flow for flow in self.all.values() if _key(flow) == wanted), None)

    def find_workflow(self, identity: str) -> Flow | None:
        """The published workflow with this id; every flow here is published."""
        flow = self.all.get(identity)
        return flow if flow is not None and flow.type == WORKFLOW else None

    def deploy(self, file: FlowFile, text: str, client_id: str) -> tuple[Flow, Deployed]:
        """Publishes the next version of the flow that the file describes, or a new flow; ends its lock."""
        known = self.find(file)
        flow = Flow(name=file.name, type=file.type, division=file.division) if known is None else known
        told = {
            "version": 1 if known is None else known.version + 1,
            "description": file.description,
            "text": text,
            "published_at": now_iso(),
            "published_by": client_id,
            "locked_by": None,
        }
        published = flow.model_copy(update=told)
        self.put([published])
        return published, "Create" if known is None else "Publish"


def _key(flow: Flow) -> tuple[str, str, str]:
    return flow.name.lower(), flow.type, flow.division.lower()
