"""Asynchronous audit queries that were begun; they end with the process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from gcbridge.sandbox.genesys.answers import not_found
from gcbridge.sandbox.genesys.audit_log import AuditQuery
from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.entities import new_id

_ECHOED = ("interval", "serviceName", "filters", "sort")


@dataclass(frozen=True)
class BegunQuery:
    """One query; `request` is the body that it came with."""

    query: AuditQuery
    request: dict[str, Any]
    id: str = field(default_factory=new_id)
    started_at: str = field(default_factory=now_iso)
    begun: float = field(default_factory=time.monotonic)

    def state(self, seconds: float) -> str:
        """Succeeded after so many seconds; Queued in the first half of them, Running in the second."""
        passed = time.monotonic() - self.begun
        if passed >= seconds:
            return "Succeeded"
        return "Running" if passed >= seconds / 2 else "Queued"

    def body(self, seconds: float) -> dict[str, Any]:
        """An AuditQueryExecutionStatusResponse."""
        echo = {key: self.request[key] for key in _ECHOED if self.request.get(key) is not None}
        return {"id": self.id, "state": self.state(seconds), "startDate": self.started_at, **echo}


class AuditQueries:
    """Queries by transaction id."""

    def __init__(self) -> None:
        self._begun: dict[str, BegunQuery] = {}

    def begin(self, query: AuditQuery, request: dict[str, Any]) -> BegunQuery:
        """A new one."""
        begun = BegunQuery(query, request)
        self._begun[begun.id] = begun
        return begun

    def find(self, identity: str) -> BegunQuery:
        """Raises ApiError 404 where there is none."""
        if identity not in self._begun:
            raise not_found("audit query", identity)
        return self._begun[identity]
