"""Looking at a sandbox and making its organization send events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gcbridge.sandbox.errors import SandboxError
from gcbridge.sandbox.loopback import RefusedError, call_json
from gcbridge.sandbox.servers import AWS_HEALTH, GENESYS_HEALTH, aws_daemon, genesys_daemon, is_healthy
from gcbridge.sandbox.state import Frozen, SandboxState, read_state

_NOT_FOUND = 404


class EmitTarget(Frozen):
    """An integration that carried emitted events."""

    id: str
    name: str
    source: str


class EmitResult(Frozen):
    """`sent` counts events, not deliveries; `skipped` says why no integration carried them."""

    sent: int
    notified: int = 0
    """Messages on WebSockets of the notification service."""
    integrations: tuple[EmitTarget, ...] = ()
    skipped: str | None = None


class SandboxStatus(Frozen):
    """What runs, and how much is in it; counts are None for a server that does not answer."""

    running: bool
    aws_running: bool
    genesys_running: bool
    aws_url: str | None = None
    genesys_url: str | None = None
    org_id: str | None = None
    account_id: str | None = None
    integrations: int | None = None
    triggers: int | None = None
    flows: int | None = None
    events_waiting: int | None = None
    events_delivered: int | None = None
    events_rejected: int | None = None
    partner_sources: int | None = None
    event_buses: int | None = None
    """Without the default bus that every account has."""
    rules: int | None = None
    queues: int | None = None
    log_groups: int | None = None
    archives: int | None = None
    topics: int | None = None
    functions: int | None = None
    streams: int | None = None
    delivery_streams: int | None = None
    buckets: int | None = None
    state_machines: int | None = None
    api_destinations: int | None = None
    connections: int | None = None
    ecs_clusters: int | None = None
    tables: int | None = None
    roles: int | None = None
    alarms: int | None = None
    dashboards: int | None = None
    catalog_databases: int | None = None
    catalog_tables: int | None = None
    query_workgroups: int | None = None
    """Without the one that every account has."""
    named_queries: int | None = None
    keys: int | None = None
    """Without those that wait for their deletion."""


def sandbox_status(folder: Path) -> SandboxStatus:
    """Looks at the recorded processes and asks both servers; never fails because one is down."""
    folder = folder.resolve()
    state = read_state(folder)
    if state is None:
        return SandboxStatus(running=False, aws_running=False, genesys_running=False)
    aws_up = aws_daemon(folder).pid() is not None and is_healthy(state.aws.url + AWS_HEALTH)
    genesys_up = genesys_daemon(folder).pid() is not None and is_healthy(state.genesys.url + GENESYS_HEALTH)
    counts = (_count_genesys(state) if genesys_up else {}) | (_count_aws(state) if aws_up else {})
    return SandboxStatus(
        running=aws_up and genesys_up,
        aws_running=aws_up,
        genesys_running=genesys_up,
        aws_url=state.aws.url,
        genesys_url=state.genesys.url,
        org_id=state.org_id,
        account_id=state.account_id,
        **counts,
    )


def emit(
    state: SandboxState,
    topic: str,
    count: int = 1,
    set_values: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> EmitResult:
    """Makes the emulated Genesys Cloud send `count` fresh events of a topic template.

    `set_values` maps dotted paths below `detail` to values, e.g. {"eventBody.mediaType": "CHAT"}. `detail` is what to
    send where no sample of the topic was recorded. Raises SandboxError for a topic without either, a path that leads
    nowhere, or a sandbox that does not run.
    """
    given = {} if detail is None else {"detail": dict(detail)}
    body = {"topic": topic, "count": count, "set": dict(set_values or {}), **given}
    try:
        answer = call_json(f"{state.genesys.url}/_sandbox/emit", body)
    except RefusedError as refusal:
        hint = (
            "Topics are templates with a literal {id}."
            if refusal.status == _NOT_FOUND
            else "Nothing was sent."
        )
        raise SandboxError(refusal.message, hint) from refusal
    except OSError as error:
        raise SandboxError(
            f"The emulated Genesys Cloud at {state.genesys.url} does not answer: {error}",
            "Type `gcbridge sandbox up`.",
        ) from error
    return EmitResult.model_validate(answer)


def parse_set_values(assignments: Iterable[str]) -> dict[str, Any]:
    """`path=value` texts as a mapping; a value that is JSON is taken as such, anything else as a string."""
    values: dict[str, Any] = {}
    for assignment in assignments:
        path, separator, text = assignment.partition("=")
        if not separator or not path:
            raise SandboxError(
                f"{assignment!r} is not of the form path=value.", "E.g. eventBody.mediaType=CHAT"
            )
        try:
            values[path] = json.loads(text)
        except ValueError:
            values[path] = text
    return values


def _count_genesys(state: SandboxState) -> dict[str, int]:
    health = call_json(state.genesys.url + GENESYS_HEALTH)
    events = {f"events_{name}": number for name, number in health["events"].items()}
    return {name: health[name] for name in ("integrations", "triggers", "flows")} | events


def _count_aws(state: SandboxState) -> dict[str, int]:
    counts: dict[str, int] = call_json(f"{state.aws.url}/_sandbox/contents")
    return counts
