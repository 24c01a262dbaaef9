"""Executions of workflows: started by a call, read one by one."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import not_found, read_object
from gcbridge.sandbox.genesys.architect.executions import Execution, start_of
from gcbridge.sandbox.genesys.cloud import cloud_of
from gcbridge.sandbox.genesys.control_routes import validated


class LaunchRequest(BaseModel):
    """A FlowExecutionLaunchRequest; only the published version can be started."""

    model_config = ConfigDict(alias_generator=to_camel)

    flow_id: str
    flow_version: str | None = None
    input_data: dict[str, Any] = Field(default_factory=dict)
    name: str | None = None


async def post_execution(request: Request) -> Response:
    """POST /api/v2/flows/executions: starts a published workflow."""
    cloud = cloud_of(request)
    wanted = validated(LaunchRequest, await read_object(request))
    flow = cloud.flows.find_workflow(wanted.flow_id)
    if flow is None:
        raise not_found("workflow", wanted.flow_id)
    if wanted.flow_version not in (None, "", f"{flow.version}.0"):
        raise not_found("version of the workflow", str(wanted.flow_version))
    execution = start_of(flow, wanted.input_data, name=wanted.name or "")
    cloud.executions.add([execution])
    uri = f"/api/v2/flows/{flow.id}/versions/{execution.flow_version}"
    return JSONResponse(
        {
            "id": execution.id,
            "name": execution.name,
            "flowVersion": {"id": execution.flow_version, "name": execution.flow_version, "selfUri": uri},
            "selfUri": f"/api/v2/flows/executions/{execution.id}",
        }
    )


async def get_execution(request: Request) -> Response:
    """GET /api/v2/flows/executions/{id}; it is over at once."""
    identity = request.path_params["execution_id"]
    execution = cloud_of(request).executions.find(identity)
    if execution is None:
        raise not_found("flow execution", identity)
    return JSONResponse(_body(execution))


async def get_all(request: Request) -> Response:
    """GET /_sandbox/workflow-executions?flow=&trigger=&limit=: with what started them and their input."""
    query, executions = request.query_params, cloud_of(request).executions
    found = executions.list(
        flow_id=query.get("flow", ""),
        trigger_id=query.get("trigger", ""),
        limit=int(query.get("limit", "1000")),
    )
    return JSONResponse({"total": executions.count(), "executions": found})


async def get_flow_texts(request: Request) -> Response:
    """GET /_sandbox/flows: every flow with the text that it was deployed from."""
    return JSONResponse({"flows": [flow.model_dump() for flow in cloud_of(request).flows.all.values()]})


def _body(execution: Execution) -> dict[str, Any]:
    """A FlowRuntimeExecution."""
    return {
        "id": execution.id,
        "name": execution.name,
        "flowVersion": {"id": execution.flow_version, "name": execution.flow_version, "type": "PUBLISH"},
        "dateLaunched": execution.launched_at,
        "status": "COMPLETED",
        "dateCompleted": execution.launched_at,
        "outputData": {},
        "selfUri": f"/api/v2/flows/executions/{execution.id}",
    }


ROUTES = [
    Route("/api/v2/flows/executions", post_execution, methods=["POST"]),
    Route("/api/v2/flows/executions/{execution_id}", get_execution),
    Route("/_sandbox/workflow-executions", get_all),
    Route("/_sandbox/flows", get_flow_texts),
]
