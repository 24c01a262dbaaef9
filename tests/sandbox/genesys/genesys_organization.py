"""An emulated organization in a thread, a partner that records what it is asked, and a plain HTTP client."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from gcbridge.sandbox.genesys.cloud import Cloud
from gcbridge.sandbox.genesys.partner import AwsRefusedError, AwsUnavailableError, PartnerEvent
from gcbridge.sandbox.genesys.server import serve_organization
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.loopback import find_free_port

CLIENT_ID = "7d8ab62c-5d57-46a6-a2fa-0f3b0f3b0f3b"
CLIENT_SECRET = "a-dummy-of-the-tests"
TYPE_ID = "amazon-eventbridge-source"
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"
TRIGGERS = "/api/v2/processautomation/triggers"
WORKFLOW = (Path(__file__).parents[1] / "flows" / "presence-log.yaml").read_text(encoding="utf-8")
PROPERTIES: dict[str, Any] = {
    "eventSourceSuffix": "dev",
    "awsAccountId": "123456789012",
    "awsAccountRegion": "eu-west-1",
    "eventFilter": [AUDITS, PRESENCE],
}


@dataclass
class RecordingPartner:
    """Stands where AWS would be: keeps sources and events, and can be switched off."""

    sources: set[tuple[str, str, str]] = field(default_factory=set)
    events: list[PartnerEvent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    is_down: bool = False

    def create_source(self, region: str, name: str, account: str) -> None:
        """Refuses a second source of the same name, like AWS."""
        self._call("create")
        if (region, name, account) in self.sources:
            raise AwsRefusedError("ResourceAlreadyExistsException", f"{name} already exists")
        self.sources.add((region, name, account))

    def delete_source(self, region: str, name: str, account: str) -> None:
        """Forgets it."""
        self._call("delete")
        self.sources.discard((region, name, account))

    def put_events(self, region: str, events: Sequence[PartnerEvent]) -> list[str | None]:
        """Keeps them; events of an unknown source are refused, whatever the region."""
        del region
        self._call(f"put {len(events)}")
        self.events.extend(events)
        known = {name for _, name, _ in self.sources}
        return [None if event.source in known else "ResourceNotFoundException" for event in events]

    def details(self, topic: str) -> list[dict[str, Any]]:
        """The `detail`s that arrived under a detail type, in order."""
        return [json.loads(event.detail) for event in self.events if event.detail_type == topic]

    def _call(self, what: str) -> None:
        self.calls.append(what)
        if self.is_down:
            raise AwsUnavailableError("switched off by the test")


@dataclass
class Organization:
    """A running organization as a caller sees it."""

    port: int
    partner: RecordingPartner
    token: str = ""
    _http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> urllib3.BaseHTTPResponse:
        """One authorized call."""
        sent = {"Authorization": f"Bearer {self.token}"} | headers
        return self._http.request(method, self.url + path, json=body, headers=sent)

    def get(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        return self.must("GET", path)

    def must(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a call that must succeed."""
        answer = self.call(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data!r}"
        return answer.json() if answer.data else None

    def log_in(self, client_id: str = CLIENT_ID, secret: str = CLIENT_SECRET) -> urllib3.BaseHTTPResponse:
        """A client credentials grant."""
        headers = urllib3.make_headers(basic_auth=f"{client_id}:{secret}")
        fields = {"grant_type": "client_credentials"}
        return self._http.request(
            "POST", f"{self.url}/oauth/token", fields=fields, encode_multipart=False, headers=headers
        )

    def create(self, **properties: Any) -> str:
        """A configured, disabled integration; returns its id."""
        created = self.must("POST", "/api/v2/integrations", {"integrationType": {"id": TYPE_ID}})
        self.configure(created["id"], **properties)
        return str(created["id"])

    def configure(self, identity: str, name: str = "bridge", **properties: Any) -> Any:
        """Puts a configuration over the current version."""
        path = f"/api/v2/integrations/{identity}/config/current"
        body = {"name": name, "version": self.get(path)["version"], "properties": PROPERTIES | properties}
        return self.must("PUT", path, body | {"notes": "", "advanced": {}, "credentials": {}})

    def set_state(self, identity: str, state: str) -> Any:
        """PATCH intendedState."""
        return self.must("PATCH", f"/api/v2/integrations/{identity}", {"intendedState": state})

    def state_of(self, identity: str) -> str:
        """The reported state's code."""
        return str(self.get(f"/api/v2/integrations/{identity}")["reportedState"]["code"])

    def create_sending(self, **properties: Any) -> str:
        """An integration that is ACTIVE and has its source."""
        identity, before = self.create(**properties), len(self.partner.sources)
        self.set_state(identity, "ENABLED")
        wait_until(lambda: self.state_of(identity) == "ACTIVE" and len(self.partner.sources) > before)
        return identity

    def set_presence(self, system_presence: str) -> str:
        """Changes the first user's presence; returns the user's id."""
        user = self.get("/api/v2/users")["entities"][0]["id"]
        body = {"presenceDefinition": {"systemPresence": system_presence}}
        self.must("PATCH", f"/api/v2/users/{user}/presences/purecloud", body)
        return str(user)

    def upload(self, job: dict[str, Any], text: str, **headers: str) -> int:
        """Puts the text of a flow where its job says; the status."""
        sent = job["headers"] | headers
        return self._http.request("PUT", job["presignedUrl"], body=text.encode(), headers=sent).status

    def deploy(self, text: str, token: str = "") -> dict[str, Any]:
        """A finished job that deployed the text of a flow; `token` is another client's."""
        token = token or self.token
        headers = {"Authorization": f"Bearer {token}"}
        job = self.call("POST", "/api/v2/flows/jobs", **headers).json()
        assert self.upload(job, text) == 200
        path = f"/api/v2/flows/jobs/{job['id']}"
        wait_until(lambda: self.get(path)["status"] in ("Success", "Failure"))
        return dict(self.get(path))

    def deploy_workflow(self, name: str = "Presence log") -> str:
        """A published workflow; its id."""
        return str(self.deploy(WORKFLOW.replace("{{name}}", name))["flow"]["id"])

    def make_trigger(self, workflow: str, **asked: Any) -> dict[str, Any]:
        """An enabled trigger of presence changes without criteria, but for what is asked for."""
        body = {"name": "away", "topicName": PRESENCE, "target": {"type": "Workflow", "id": workflow}}
        return dict(self.must("POST", TRIGGERS, body | {"enabled": True} | asked))

    def executions(self, **query: str) -> list[dict[str, Any]]:
        """Starts of workflows, in order."""
        found = self.get("/_sandbox/workflow-executions?" + "&".join(f"{k}={v}" for k, v in query.items()))
        return list(found["executions"])

    def wait_until_sent(self) -> None:
        """Returns when no event waits."""
        wait_until(lambda: self.get("/_sandbox/health")["events"]["waiting"] == 0)


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Fails when the condition does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@contextlib.contextmanager
def run_organization(folder: Path, partner: RecordingPartner, **settings: Any) -> Iterator[Organization]:
    """An organization whose state is in `folder`, for the length of a `with` block."""
    quick = {
        "source_delay_seconds": 0.05,
        "activation_delay_seconds": 0.02,
        "longest_retry_pause_seconds": 0.05,
        "flow_job_seconds": 0.02,
    }
    secret = settings.pop("client_secret", CLIENT_SECRET)
    chosen = Settings(folder, CLIENT_ID, secret, **(quick | settings))
    port = find_free_port()
    stop = threading.Event()

    async def until_stopped() -> None:
        while not stop.is_set():
            await asyncio.sleep(0.02)

    async def serve() -> None:
        await serve_organization(Cloud(chosen, partner), port, until_stopped)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    organization = Organization(port, partner)
    try:
        wait_until(lambda: _answers(port))
        organization.token = organization.log_in(secret=secret).json()["access_token"]
        yield organization
    finally:
        organization._http.clear()
        stop.set()
        thread.join(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
