"""Deploying a flow: a job is registered, its text uploaded to an address of its own, its outcome read."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import ApiError, not_found
from gcbridge.sandbox.genesys.architect.flow_files import FlowFileError, read_flow_file
from gcbridge.sandbox.genesys.architect.flow_jobs import UPLOAD_HEADERS, FlowJob
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.events import flow_audited
from gcbridge.sandbox.genesys.token_routes import token_of


async def post_job(request: Request) -> Response:
    """POST /api/v2/flows/jobs: where to upload the text, and with which headers."""
    job = cloud_of(request).flow_jobs.register(token_of(request).client_id)
    address = f"{request.url.scheme}://{request.url.netloc}/uploads/flows/{job.id}?signature={job.key}"
    return JSONResponse(
        {
            "id": job.id,
            "presignedUrl": address,
            "headers": UPLOAD_HEADERS,
            "selfUri": f"/api/v2/flows/jobs/{job.id}",
        },
        status_code=202,
    )


async def put_text(request: Request) -> Response:
    """PUT of the presigned URL, without a token: it works once, and only with the headers that the job named."""
    cloud = cloud_of(request)
    job = cloud.flow_jobs.find(request.path_params["job_id"])
    has_headers = all(request.headers.get(name) == value for name, value in UPLOAD_HEADERS.items())
    if job is None or not has_headers or not job.take_key(request.query_params.get("signature", "")):
        raise ApiError(403, "forbidden", "The upload address does not hold, or a header is missing.")
    job.begin()
    _deploy(cloud, job, await request.body())
    return Response(status_code=200)


async def get_job(request: Request) -> Response:
    """GET /api/v2/flows/jobs/{id}: Registered, Started, Success or Failure; `messages` tell why."""
    cloud, identity = cloud_of(request), request.path_params["job_id"]
    job = cloud.flow_jobs.find(identity)
    if job is None:
        raise not_found("job", identity)
    status = job.status(cloud.settings.flow_job_seconds)
    body: dict[str, Any] = {
        "id": job.id,
        "status": status,
        "command": "Publish",
        "messages": job.messages if status == "Failure" else [],
        "selfUri": f"/api/v2/flows/jobs/{job.id}",
    }
    if job.flow is not None and status == "Success":
        body["flow"] = {"id": job.flow.id, "selfUri": f"/api/v2/flows/{job.flow.id}"}
    return JSONResponse(body)


def _deploy(cloud: Cloud, job: FlowJob, content: bytes) -> None:
    """Publishes at once; `status` shows it later."""
    try:
        text = content.decode()
        file = read_flow_file(text)
    except UnicodeDecodeError:
        return job.fail("The file is not UTF-8.")
    except FlowFileError as error:
        return job.fail(str(error))
    known = cloud.flows.find(file)
    if known is not None and known.is_locked_for(job.client_id):
        return job.fail(f"Flow {known.name} is locked by client {known.locked_by}.")
    flow, action = cloud.flows.deploy(file, text, job.client_id)
    job.flow = flow
    cloud.publisher.publish(flow_audited(flow, action, cloud.world.org_id, job.client_id))
    return None


ROUTES = [
    Route("/api/v2/flows/jobs", post_job, methods=["POST"]),
    Route("/api/v2/flows/jobs/{job_id}", get_job),
    Route("/uploads/flows/{job_id}", put_text, methods=["PUT"]),
]
