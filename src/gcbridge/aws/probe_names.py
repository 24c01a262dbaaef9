"""Names of what a probe consists of, and the tags it is known by."""

from __future__ import annotations

import os
import platform
import secrets
from datetime import datetime, timezone

from gcbridge.model.base import Frozen
from gcbridge.model.bridge import Bridge

PROBE_TAG = "gcbridge:probe"
CREATED_TAG = "gcbridge:created"
RULE_PREFIX = "gcbridge-probe-"
TARGET_ID = "gcbridge-probe"


class ProbeNames(Frozen):
    """Everything that has to be known to remove a probe, without asking AWS."""

    run_id: str
    environment: str
    account_id: str
    region: str
    event_bus_name: str
    rule_name: str
    queue_name: str
    created_at: datetime
    """UTC."""
    host: str
    """Machine that the probe's owner runs on: a process id means nothing elsewhere."""
    pid: int

    @property
    def is_abandoned(self) -> bool:
        """True when the owning process ran on this machine and is gone."""
        return self.host == platform.node() and not _is_running(self.pid)

    @property
    def tags(self) -> dict[str, str]:
        """Tags of the rule and of the queue."""
        return {PROBE_TAG: self.environment, CREATED_TAG: self.created_at.isoformat(timespec="seconds")}


def queue_prefix(environment: str) -> str:
    """Every probe queue of an environment begins with this."""
    return f"gcbridge-probe-{environment}-"


def choose_names(bridge: Bridge) -> ProbeNames:
    """Every probe has names of its own, since SQS refuses the name of a queue for 60 seconds after it was deleted."""
    run_id = secrets.token_hex(6)
    return ProbeNames(
        run_id=run_id,
        environment=bridge.environment,
        account_id=bridge.aws.account_id,
        region=bridge.aws.region,
        event_bus_name=bridge.event_bus_name,
        rule_name=f"{RULE_PREFIX}{run_id}",
        queue_name=f"{queue_prefix(bridge.environment)}{run_id}",
        created_at=datetime.now(timezone.utc),
        host=platform.node(),
        pid=os.getpid(),
    )


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
