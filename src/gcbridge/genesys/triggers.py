"""Process automation triggers and the workflows they start, as Genesys Cloud has them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.session import Apis, Session
from gcbridge.model.trigger_observation import (
    PartName,
    TriggerObservation,
    TriggerTest,
    TriggerTestPart,
    WorkflowObservation,
)

PAGE_SIZE = 200
"""The most that the listing takes."""
PARTS: Mapping[str, PartName] = {
    "schema_validation": "schemaValidation",
    "target_validation": "targetValidation",
    "json_path_validation": "jsonPathValidation",
}


def read_triggers(session: Session) -> tuple[TriggerObservation, ...]:
    """All triggers of the organization, page by page; needs `processautomation:trigger:view`.

    Args:
        session: logs in when needed.

    Raises:
        GenesysRefusedError: the permission is missing.
        GenesysError: no answer.
    """
    return tuple(trigger for page in _pages(session) for trigger in page)


def run_trigger_test(session: Session, trigger_id: str, body: Mapping[str, Any]) -> TriggerTest:
    """What Genesys Cloud says of a trigger and one event; starts nothing. Needs `processautomation:trigger:test`.

    Args:
        session: logs in when needed.
        trigger_id: which trigger.
        body: `eventBody` of the event.

    Raises:
        GenesysRefusedError: the permission is missing, or there is no such trigger.
        GenesysError: no answer.
    """
    return session.call(
        lambda apis: _observe_test(
            apis.process_automation.post_processautomation_trigger_test(trigger_id, body=dict(body))
        )
    )


def read_workflow(session: Session, workflow_id: str) -> WorkflowObservation | None:
    """The flow of that id, None if there is none; needs `architect:flow:view`.

    Args:
        session: logs in when needed.
        workflow_id: its id.

    Raises:
        GenesysRefusedError: the permission is missing.
        GenesysError: no answer.
    """
    try:
        return session.call(lambda apis: _observe_flow(apis.architect.get_flow(workflow_id)))
    except GenesysRefusedError as refusal:
        if refusal.status == 404:
            return None
        raise


def _pages(session: Session) -> Iterator[list[TriggerObservation]]:
    after: str | None = ""
    while after is not None:
        page, after = session.call(functools.partial(_read_page, after=after))
        yield page


def _read_page(apis: Apis, after: str) -> tuple[list[TriggerObservation], str | None]:
    asked = {"page_size": PAGE_SIZE, **({"after": after} if after else {})}
    page = apis.process_automation.get_processautomation_triggers(**asked)
    links = parse_qs(urlsplit(page.next_uri or "").query)
    return [_observe(entity) for entity in page.entities or ()], links.get("after", [None])[0]


def _observe(trigger: Any) -> TriggerObservation:
    target = trigger.target
    settings = target.workflow_target_settings if target else None
    return TriggerObservation(
        trigger_id=trigger.id,
        title=trigger.name or "",
        topic=trigger.topic_name or "",
        enabled=bool(trigger.enabled),
        workflow_id=(target.id if target else None) or "",
        data_format=(settings.data_format if settings else None) or "",
        match=tuple(_criterion(one) for one in trigger.match_criteria or ()),
        ttl_seconds=trigger.event_ttl_seconds,
        delay_seconds=trigger.delay_by_seconds,
    )


def _criterion(criterion: Any) -> dict[str, Any]:
    """As it is written, without the one of value and values that is not used."""
    compared = {"value": criterion.value, "values": criterion.values}
    used = {key: value for key, value in compared.items() if value is not None}
    return {"jsonPath": criterion.json_path, "operator": criterion.operator, **used}


def _observe_test(results: Any) -> TriggerTest:
    parts = ((name, getattr(results, attribute)) for attribute, name in PARTS.items())
    return TriggerTest(
        parts=tuple(
            TriggerTestPart(
                name=name,
                holds=bool(part.matches),
                details=tuple(_detail_text(detail) for detail in part.details or ()),
            )
            for name, part in parts
            if part is not None
        ),
        matches=bool(results.trigger_matches),
    )


def _detail_text(detail: Any) -> str:
    """Parts explain themselves in text, the one of paths by a result for each criterion."""
    if isinstance(detail, str):
        return detail
    wanted = detail.value if detail.values is None else detail.values
    met = "holds" if detail.match else "does not hold"
    return f"{detail.json_path} {detail.operator} {json.dumps(wanted, ensure_ascii=False)} {met}"


def _observe_flow(flow: Any) -> WorkflowObservation:
    return WorkflowObservation(workflow_id=flow.id, name=flow.name or "", type=(flow.type or "").lower())
