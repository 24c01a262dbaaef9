"""genesyscloud_flow: an Architect file is uploaded and published; the flow's name and type are in the file.

The calls and their order: genesyscloud/architect_flow of the real provider, 1.84.1.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import tenacity

from gcbridge.sandbox.provider.api import GenesysApi, explaining, none_if_gone
from gcbridge.sandbox.provider.diagnostics import ProviderError
from gcbridge.sandbox.provider.resource import Resource, State
from gcbridge.sandbox.provider.schema import BOOL, IMPLICIT_ID, MAP_OF_STRINGS, STRING, Attribute, Block
from gcbridge.sandbox.provider.waiting import retry_deletion
from gcbridge.sandbox.provider.wire import UNKNOWN, Value, without_unknowns

TYPE_NAME = "genesyscloud_flow"
COLLECTION = "/api/v2/flows"
PUBLISH_WINDOW = 60.0
"""Seconds; the real provider waits for 16 minutes and looks every 15 seconds."""

_PUBLISH_PAUSE = 0.2
_UNFINISHED = ("Registered", "Started")


class Flow(Resource):
    """A flow that is deployed from a file; what somebody changes in Architect is not noticed."""

    type_name = TYPE_NAME
    version = 1
    body = Block(
        {
            "id": IMPLICIT_ID,
            "name": Attribute(STRING, optional=True, computed=True),
            "type": Attribute(STRING, optional=True, computed=True),
            "filepath": Attribute(STRING, required=True, checks=(lambda _name, path: _unreadable(path),)),
            "file_content_hash": Attribute(STRING, computed=True),
            "update_trigger_hash": Attribute(STRING, optional=True),
            "substitutions": Attribute(MAP_OF_STRINGS, optional=True),
            "force_unlock": Attribute(BOOL, optional=True),
        }
    )

    def customize_plan(self, planned: dict[str, Value]) -> dict[str, Value]:
        """Another content of the file is another hash, known after apply, and so an update."""
        path = planned["filepath"]
        if not isinstance(path, str) or _unreadable(path) or _hash(path) == planned["file_content_hash"]:
            return planned
        return planned | {"file_content_hash": UNKNOWN}

    def create(self, api: GenesysApi, planned: State) -> str:
        """Needs architect:flow:add, edit, publish and more; see the real provider's documentation."""
        return _deploy(api, planned)

    def read(self, api: GenesysApi, identity: str, known: State) -> dict[str, Value] | None:
        """Needs architect:flow:view; only name and type come from the API."""
        with explaining(TYPE_NAME, f"failed to read flow {identity}:"):
            flow = none_if_gone(lambda: api.call("GET", f"{COLLECTION}/{identity}", deleted="false"))
        if flow is None:
            return None
        return dict(known) | {"id": identity, "name": flow["name"], "type": flow["type"]}

    def update(self, api: GenesysApi, prior: State, planned: State) -> str:
        """The id of the flow in the file: with another name there it is another flow, and the old one stays."""
        if planned["force_unlock"]:
            _unlock(api, prior["id"])
        return _deploy(api, planned)

    def after_change(self, known: dict[str, Value]) -> dict[str, Value]:
        """With the hash of what was deployed."""
        return known | {"file_content_hash": _hash(known["filepath"])}

    def after_failed_update(self, known: dict[str, Value]) -> dict[str, Value]:
        """Without a hash, so that the next plan deploys again."""
        return known | {"file_content_hash": None}

    def delete(self, api: GenesysApi, known: State) -> None:
        """Needs architect:flow:delete; a flow that is locked by another client is tried again."""
        identity = known["id"]
        if known["force_unlock"]:
            _unlock(api, identity)
        with explaining(TYPE_NAME, f"error deleting flow {identity} |"):
            retry_deletion(lambda: api.call("DELETE", f"{COLLECTION}/{identity}"), only=409)


def _deploy(api: GenesysApi, planned: State) -> str:
    known = without_unknowns(dict(planned))
    with explaining(TYPE_NAME, "Failed to register job"):
        job = api.call("POST", f"{COLLECTION}/jobs")
    text = Path(known["filepath"]).read_text(encoding="utf-8")
    for name, value in (known["substitutions"] or {}).items():
        text = text.replace(f"{{{{{name}}}}}", value)
    status = api.upload(job["presignedUrl"], text.encode(), job["headers"])
    if status != 200:
        raise ProviderError(
            f"failed to upload file to S3 bucket with an HTTP status code of {status}", path=("filepath",)
        )
    return _published(api, job["id"], known["name"] or "unavailable")


def _published(api: GenesysApi, job_id: str, name: str) -> str:
    look = tenacity.Retrying(
        stop=tenacity.stop_after_delay(PUBLISH_WINDOW),
        wait=tenacity.wait_fixed(_PUBLISH_PAUSE),
        retry=tenacity.retry_if_result(lambda job: job["status"] in _UNFINISHED),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else {},
    )
    with explaining(TYPE_NAME, f"Error retrieving job status. JobID: {job_id}, flowName: {name},"):
        job: dict[str, Any] = look(api.call, "GET", f"{COLLECTION}/jobs/{job_id}", expand="messages")
    if job["status"] == "Failure":
        messages = "\n\n".join(message["text"] for message in job["messages"])
        summary = f"flow publish failed. JobID: {job_id}, flowName: {name}, tracing messages: {messages} "
        raise ProviderError(summary, path=("filepath",))
    if job["status"] != "Success":
        raise ProviderError(f"Job ({job_id}) could not finish and timed out ", path=("filepath",))
    return str(job["flow"]["id"])


def _unlock(api: GenesysApi, identity: str) -> None:
    with explaining(TYPE_NAME, f"Failed to unlock targeted flow {identity} with", "force_unlock"):
        api.call("POST", f"{COLLECTION}/actions/unlock", flow=identity)


def _unreadable(path: str) -> str | None:
    """Why the file cannot be read; S3 and HTTP addresses, which the real provider takes, are not emulated."""
    if not path:
        return "empty file path specified"
    if "://" in path:
        return f"{path}: the stand-in reads local files only"
    try:
        with Path(path).open("rb"):
            return None
    except OSError as error:
        return f"could not open {path}: {(error.strerror or str(error)).lower()}"


def _hash(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
