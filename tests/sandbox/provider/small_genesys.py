"""The few Genesys Cloud endpoints these tests need, strict where the real API is strict."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLIENT_ID, CLIENT_SECRET, TOKEN = "client-id", "very-secret-secret", "a-token"
ORGANIZATION_ID = "0a5106b8-0e4c-4ba2-94a3-f4b0c1f7e4a3"
INTEGRATION = r"/api/v2/integrations/(?P<id>[0-9a-f-]{36})"


@dataclass
class Disturbance:
    """What happens to the next requests whose "METHOD /path" matches."""

    request: str
    times: int
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class SmallGenesys:
    """The state of the organization, and the requests it has seen."""

    port: int = 0
    integrations: dict[str, dict[str, Any]] = field(default_factory=dict)
    configs: dict[str, dict[str, Any]] = field(default_factory=dict)
    credentials: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    disturbances: list[Disturbance] = field(default_factory=list)

    def fail_next(self, request: str, status: int, message: str = "told to fail", times: int = 1) -> None:
        """The next matching requests are refused without an effect."""
        self.disturbances.append(Disturbance(request, times, status, {"status": status, "message": message}))

    def delay_next(self, request: str, seconds: float) -> None:
        """The next matching request takes effect at once and is answered late."""
        self.disturbances.append(Disturbance(request, 1, seconds=seconds))

    def clear(self) -> None:
        """Back to an empty organization."""
        for part in (self.integrations, self.configs, self.credentials, self.requests, self.bodies):
            part.clear()
        self.disturbances.clear()

    def disturb(self, request: str) -> Disturbance | None:
        """The disturbance for this request, used up by one."""
        for disturbance in self.disturbances:
            if disturbance.times and re.search(disturbance.request, request):
                disturbance.times -= 1
                return disturbance
        return None

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON for an authorized request."""
        if path == "/api/v2/organizations/me":
            return 200, {
                "id": ORGANIZATION_ID,
                "name": "Test",
                "defaultCountryCode": "US",
                "voicemailEnabled": True,
            }
        if path == "/api/v2/authorization/products":
            return 200, {"total": 1, "entities": [{"id": "integrations"}]}
        if match := re.fullmatch(r"/api/v2/integrations/credentials(?:/(.+))?", path):
            return self._answer_credential(method, match[1], body)
        if path == "/api/v2/integrations":
            return self._answer_collection(method, body)
        if match := re.fullmatch(INTEGRATION + r"(?P<config>/config/current)?", path):
            return self._answer_integration(method, match["id"], bool(match["config"]), body)
        return 404, {"message": f"no such path {path}"}

    def _answer_collection(self, method: str, body: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"entities": list(self.integrations.values()) if body["pageNumber"] == "1" else []}
        identity, kind = str(uuid.uuid4()), body["integrationType"]["id"]
        self.integrations[identity] = {
            "id": identity,
            "name": kind,
            "integrationType": {"id": kind},
            "intendedState": "DISABLED",
            "reportedState": {"code": "INACTIVE"},
        }
        empty = {"properties": {}, "advanced": {}, "credentials": {}, "notes": "", "version": 1}
        self.configs[identity] = {"id": identity, "name": kind, **empty}
        return 200, self.integrations[identity]

    def _answer_integration(self, method: str, identity: str, config: bool, body: Any) -> tuple[int, Any]:
        if identity not in self.integrations:
            return 404, {"message": f"integration {identity} was not found"}
        if config:
            return self._answer_config(method, identity, body)
        integration = self.integrations[identity]
        if method == "PATCH":
            integration["intendedState"] = body["intendedState"]
        if method == "DELETE":
            del self.integrations[identity], self.configs[identity]
        return 200, integration

    def _answer_config(self, method: str, identity: str, body: Any) -> tuple[int, Any]:
        config = self.configs[identity]
        if method == "PUT":
            if set(body) != {"name", "notes", "version", "properties", "advanced", "credentials"}:
                return 400, {"message": f"wrong fields: {sorted(body)}"}
            if body["version"] != config["version"]:
                return 400, {"message": f"{body['version']} does not match the current version"}
            config.update(body, version=config["version"] + 1)
            self.integrations[identity]["name"] = config["name"]
        return 200, config

    def _answer_credential(self, method: str, identity: str | None, body: Any) -> tuple[int, Any]:
        if identity is None:
            identity = str(uuid.uuid4())
            self.credentials[identity] = {}
        if identity not in self.credentials:
            return 404, {"message": f"credential {identity} was not found"}
        if method in ("POST", "PUT"):
            self.credentials[identity] = {"id": identity, **body}
        found = self.credentials[identity]
        if method == "DELETE":
            del self.credentials[identity]
        return 200, {name: value for name, value in found.items() if name != "credentialFields"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    genesys: SmallGenesys

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the requests are in `genesys.requests`."""

    def _handle(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path, _, query = self.path.partition("?")
        request = f"{self.command} {path}"
        disturbance = self.genesys.disturb(request) or Disturbance(request, 0)
        self.genesys.requests.append(f"{self.command} {self.path}")
        if disturbance.status:
            return self._send(disturbance.status, disturbance.body)
        answer = self._answer(request, path, query, raw)
        # Only the answer waits: an effect after a killed client would reach into the next test.
        time.sleep(disturbance.seconds)
        return self._send(*answer)

    def _answer(self, request: str, path: str, query: str, raw: str) -> tuple[int, Any]:
        if request == "POST /oauth/token":
            return self._log_in(raw)
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid token"}
        body = json.loads(raw) if raw else dict(pair.split("=") for pair in query.split("&") if pair)
        self.genesys.bodies.append(body)
        return self.genesys.answer(self.command, path, body)

    def _log_in(self, form: str) -> tuple[int, Any]:
        expected = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if self.headers["Authorization"] != expected or form != "grant_type=client_credentials":
            reason = {"error": "invalid_client", "error_description": "client not found or invalid"}
            return 400, {**reason, "description": "client not found or invalid"}
        return 200, {"access_token": TOKEN, "token_type": "bearer", "expires_in": 86400}

    def _send(self, status: int, body: Any) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("Inin-Correlation-Id", "correlation-1")
        with suppress(BrokenPipeError):  # a plugin that was killed does not wait for its answer
            self.end_headers()
            self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815


@contextmanager
def serving() -> Iterator[SmallGenesys]:
    """The organization behind a loopback port of its own."""
    genesys = SmallGenesys()
    handler = type("Handler", (_Handler,), {"genesys": genesys})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        genesys.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield genesys
        finally:
            server.shutdown()
            thread.join()
