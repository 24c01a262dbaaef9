"""Jobs that deploy a flow: registered, given a text once, then published or failed."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

from gcbridge.sandbox.genesys.architect.flows import Flow
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.entities import new_id

# What the real service names is not published; a signed upload fails without the headers that it names.
UPLOAD_HEADERS = {"x-amz-server-side-encryption": "AES256"}
JobStatus = Literal["Registered", "Started", "Success", "Failure"]


@dataclass
class FlowJob:
    """One deployment; `key` is what its upload address proves itself with, once."""

    client_id: str
    id: str = field(default_factory=new_id)
    key: str | None = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    begun: float = 0.0
    flow: Flow | None = None
    messages: list[dict[str, str]] = field(default_factory=list)

    def take_key(self, key: str) -> bool:
        """True for the right key, which then is worthless."""
        if self.key is None or not hmac.compare_digest(self.key.encode(), key.encode()):
            return False
        self.key = None
        return True

    def begin(self) -> None:
        """The text is there."""
        self.begun = time.monotonic()

    def fail(self, text: str) -> None:
        """Says why nothing was published."""
        self.messages.append({"dateTime": now_iso(), "type": "Error", "text": text})

    def status(self, seconds: float) -> JobStatus:
        """Success and Failure show when the job has lasted that long."""
        if not self.begun:
            return "Registered"
        if time.monotonic() - self.begun < seconds:
            return "Started"
        return "Success" if self.flow is not None else "Failure"


class FlowJobs:
    """They end with the process."""

    def __init__(self) -> None:
        self._jobs: dict[str, FlowJob] = {}

    def register(self, client_id: str) -> FlowJob:
        """A new job that waits for its text."""
        job = FlowJob(client_id)
        self._jobs[job.id] = job
        return job

    def find(self, identity: str) -> FlowJob | None:
        """The job, if it was registered since the start of the process."""
        return self._jobs.get(identity)
