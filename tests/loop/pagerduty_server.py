"""A server on 127.0.0.1 that answers as PagerDuty does: ``POST /v2/enqueue`` and ``POST /incidents``.

Facts: https://developer.pagerduty.com/docs/events-api-v2 and https://developer.pagerduty.com/api-reference (Incidents).
"""

from __future__ import annotations

import contextlib
import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

Answer: TypeAlias = tuple[int, dict[str, Any]]

SEVERITIES = ("critical", "error", "warning", "info")
ACTIONS = ("trigger", "acknowledge", "resolve")
ROUTING_KEY_LENGTH = 32
MAX_KEY_LENGTH = 255


@dataclass(frozen=True)
class Received:
    """A request; the names of its headers are in lower case, and a body that is no JSON object is empty."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    status: int


@dataclass
class Incident:
    """An incident, and every event that joined it after the one that opened it.

    ``owner`` is the routing key (Events API) or the id of the service (REST API), ``key`` the dedup key.
    """

    owner: str
    key: str
    title: str
    body: dict[str, Any]
    headers: Mapping[str, str]
    number: int
    is_open: bool = True
    joined: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class PagerDuty:
    """What was asked and opened so far, and how the next requests fail."""

    port: int
    requests: list[Received] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def open_incidents(self) -> list[Incident]:
        """The incidents that nobody has resolved."""
        return [incident for incident in self.incidents if incident.is_open]

    def will_fail(self, count: int, status: int) -> None:
        """Answer the next ``count`` requests with ``status``, and let them have no effect."""
        self.failures += [status] * count

    def find_open(self, owner: str, key: str) -> Incident | None:
        """The open incident of this key, if there is one; an empty key finds none."""
        same = (one for one in self.open_incidents if key and (one.owner, one.key) == (owner, key))
        return next(same, None)

    def open(self, owner: str, key: str, title: str, received: tuple[Mapping[str, str], Any]) -> Incident:
        """Open an incident."""
        headers, body = received
        incident = Incident(owner, key, title, body, headers, len(self.incidents) + 1)
        self.incidents.append(incident)
        return incident


def event_errors(body: Mapping[str, Any]) -> list[str]:
    """What the Events API has against an event."""
    routing_key, action = str(body.get("routing_key") or ""), body.get("event_action")
    payload = body.get("payload") if isinstance(body.get("payload"), dict) else {}
    assert isinstance(payload, dict)
    trigger = action == "trigger"
    complaints = {
        "'routing_key' is missing or blank": not routing_key,
        f"Length of 'routing_key' is incorrect (should be {ROUTING_KEY_LENGTH} characters)": bool(routing_key)
        and len(routing_key) != ROUTING_KEY_LENGTH,
        f"'event_action' is invalid (must be one of {', '.join(ACTIONS)})": action not in ACTIONS,
        "'payload' is missing or blank": trigger and not payload,
        "'payload.summary' is missing or blank": trigger and not payload.get("summary"),
        "'payload.source' is missing or blank": trigger and not payload.get("source"),
        f"'payload.severity' is invalid (must be one of {', '.join(SEVERITIES)})": trigger
        and payload.get("severity") not in SEVERITIES,
        "'dedup_key' is missing or blank": action in ACTIONS[1:] and not body.get("dedup_key"),
        f"'dedup_key' is too long (maximum {MAX_KEY_LENGTH} characters)": len(
            str(body.get("dedup_key") or "")
        )
        > MAX_KEY_LENGTH,
    }
    return [complaint for complaint, applies in complaints.items() if applies]


def enqueue(pagerduty: PagerDuty, headers: Mapping[str, str], body: dict[str, Any]) -> Answer:
    """The Events API v2: open an incident, join the open one of the same key, or resolve it."""
    errors = event_errors(body)
    if errors:
        return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
    owner, key = body["routing_key"], str(body.get("dedup_key") or uuid.uuid4().hex)
    incident = pagerduty.find_open(owner, key)
    if body["event_action"] == "trigger":
        if incident:
            incident.joined.append(body)
        else:
            pagerduty.open(owner, key, body["payload"]["summary"], (headers, body))
    elif incident:
        incident.joined.append(body)
        incident.is_open = body["event_action"] != "resolve"
    return 202, {"status": "success", "message": "Event processed", "dedup_key": key}


def refusal(status: int, code: int, message: str, *errors: str) -> Answer:
    """An error of the REST API."""
    return status, {
        "error": {"message": message, "code": code, **({"errors": list(errors)} if errors else {})}
    }


def create_incident(pagerduty: PagerDuty, headers: Mapping[str, str], body: dict[str, Any]) -> Answer:
    """The REST API v2: open an incident, unless one with the same key is open on the service."""
    scheme, _, token = headers.get("authorization", "").partition("token=")
    if scheme != "Token " or not token:
        return refusal(401, 2006, "Authentication required")
    if "@" not in headers.get("from", ""):
        return refusal(400, 1008, "Requester User Not Found")
    given = body.get("incident")
    service = given.get("service") if isinstance(given, dict) else None
    if not isinstance(given, dict) or given.get("type") != "incident" or not given.get("title"):
        return refusal(400, 2001, "Invalid Input Provided", "Title can't be blank.")
    if not isinstance(service, dict) or service.get("type") != "service_reference" or not service.get("id"):
        return refusal(400, 2001, "Invalid Input Provided", "Service can't be blank.")
    owner, key = str(service["id"]), str(given.get("incident_key") or "")
    if pagerduty.find_open(owner, key):
        open_already = "Open incident with matching dedup key already exists on this service"
        return refusal(400, 2002, "Arguments Caused Error", open_already)
    made = pagerduty.open(owner, key or uuid.uuid4().hex, given["title"], (headers, body))
    known = {"id": f"Q{made.number:06}", "incident_number": made.number, "status": "triggered"}
    return 201, {"incident": {**given, **known, "incident_key": made.key}}


ROUTES = {("POST", "/v2/enqueue"): enqueue, ("POST", "/incidents"): create_incident}


def read_json(text: bytes) -> dict[str, Any]:
    """A JSON object; anything else reads as an empty one."""
    with contextlib.suppress(ValueError):
        value = json.loads(text)
        return value if isinstance(value, dict) else {}
    return {}


def answer_request(
    pagerduty: PagerDuty, method: str, path: str, headers: Mapping[str, str], text: bytes
) -> Answer:
    """Answer a request and remember it."""
    body, route = read_json(text), ROUTES.get((method, path))
    if pagerduty.failures:
        status = pagerduty.failures.pop(0)
        answer: Answer = (status, {"status": "failure", "message": "told to fail"})
    elif route is None:
        answer = refusal(404, 2100, "Not Found")
    else:
        answer = route(pagerduty, headers, body)
    pagerduty.requests.append(Received(method, path, headers, body, answer[0]))
    return answer


@contextlib.contextmanager
def run_pagerduty() -> Iterator[PagerDuty]:
    """The server for the length of a ``with`` block."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            text = self.rfile.read(size)
            with lock:
                status, body = answer_request(pagerduty, self.command, self.path, headers, text)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815  # names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pagerduty = PagerDuty(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield pagerduty
    finally:
        server.shutdown()
        server.server_close()
