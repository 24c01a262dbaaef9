"""The emulated Genesys Cloud behind the stand-in, for what the small one does not have: triggers and flows."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from gcbridge.sandbox.genesys.cloud import Cloud
from gcbridge.sandbox.genesys.partner import PartnerEvent
from gcbridge.sandbox.genesys.server import serve_organization
from gcbridge.sandbox.genesys.settings import Settings
from gcbridge.sandbox.loopback import find_free_port

from .small_genesys import CLIENT_ID, CLIENT_SECRET

TRIGGERS = "/api/v2/processautomation/triggers"


class NoPartner:
    """AWS, which these tests never need."""

    def create_source(self, region: str, name: str, account: str) -> None:
        """Nothing."""

    def delete_source(self, region: str, name: str, account: str) -> None:
        """Nothing."""

    def put_events(self, region: str, events: Sequence[PartnerEvent]) -> list[str | None]:
        """Takes them."""
        del region
        return [None for _ in events]


@dataclass
class EmulatedGenesys:
    """The emulator as somebody else than Terraform sees it."""

    port: int
    token: str = ""

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a call that must succeed."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = urllib3.request(
            method, f"http://127.0.0.1:{self.port}{path}", json=body, headers=headers, retries=False
        )
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data!r}"
        return answer.json() if answer.data else None

    def log_in(self, client_id: str = CLIENT_ID, secret: str = CLIENT_SECRET) -> str:
        """A token of a client."""
        answer = urllib3.request(
            "POST",
            f"http://127.0.0.1:{self.port}/oauth/token",
            body="grant_type=client_credentials",
            headers=urllib3.make_headers(basic_auth=f"{client_id}:{secret}"),
        )
        return str(answer.json()["access_token"])

    def triggers(self) -> list[dict[str, Any]]:
        """Every trigger."""
        return list(self.call("GET", TRIGGERS)["entities"])

    def flows(self) -> list[dict[str, Any]]:
        """Every flow, with its text."""
        return list(self.call("GET", "/_sandbox/flows")["flows"])

    def mark(self) -> str:
        """A sign in the log of requests."""
        sign = f"mark={time.monotonic_ns()}"
        self.call("GET", f"/_sandbox/health?{sign}")
        return sign

    def requests_after(self, sign: str) -> list[str]:
        """What was asked for since the sign."""
        log = self.call("GET", "/_sandbox/requests")["requests"]
        begin = next(number for number, one in enumerate(log) if one["query"] == sign) + 1
        return [f"{one['method']} {one['path']}" for one in log[begin:]]

    def clear(self) -> None:
        """No triggers, no flows."""
        for trigger in self.triggers():
            self.call("DELETE", trigger["selfUri"])
        for flow in self.flows():
            self.call("POST", f"/api/v2/flows/actions/unlock?flow={flow['id']}")
            self.call("DELETE", f"/api/v2/flows/{flow['id']}")


@contextmanager
def emulating(folder: Path) -> Iterator[EmulatedGenesys]:
    """The emulator in a thread."""
    port, stop = find_free_port(), threading.Event()

    async def until_stopped() -> None:
        while not stop.is_set():
            await asyncio.sleep(0.02)

    async def serve() -> None:
        await serve_organization(
            Cloud(Settings(folder, CLIENT_ID, CLIENT_SECRET), NoPartner()), port, until_stopped
        )

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    genesys = EmulatedGenesys(port)
    try:
        while not genesys.token:
            with suppress(urllib3.exceptions.HTTPError):
                genesys.token = genesys.log_in()
            time.sleep(0.02)
        yield genesys
    finally:
        stop.set()
        thread.join()
