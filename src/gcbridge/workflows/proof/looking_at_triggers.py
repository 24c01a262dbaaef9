"""Looks at the triggers of a bridge, and has Genesys Cloud test them; nothing is changed and nothing started."""

from __future__ import annotations

from collections.abc import Mapping

from gcbridge.errors import GenesysError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge
from gcbridge.model.topic import TopicCatalogue
from gcbridge.model.trigger import Trigger
from gcbridge.model.trigger_observation import (
    SeenTrigger,
    TriggerObservation,
    TriggerTest,
    UntestedTrigger,
    WorkflowObservation,
)
from gcbridge.study.topics.sample import sample_event
from gcbridge.study.trigger_links import choose_trigger
from gcbridge.study.triggers.fitting import fitting_body


def look_at_triggers(
    genesys: GenesysCloud, bridge: Bridge, catalogue: TopicCatalogue, workflow_names: Mapping[str, str]
) -> tuple[SeenTrigger, ...]:
    """What there is of each declared trigger.

    Args:
        genesys: the organization.
        bridge: whose triggers; where it has none, nothing is asked.
        catalogue: what is known of topics, to make samples of their events.
        workflow_names: flow -> what its file calls the workflow.

    Raises:
        GenesysError: triggers cannot be listed.

    Genesys permissions: processautomation:trigger:view; processautomation:trigger:test and architect:flow:view, without which
    less is told.
    """
    if not bridge.triggers:
        return ()
    there = genesys.triggers()
    return tuple(_look(genesys, trigger, there, catalogue, workflow_names) for trigger in bridge.triggers)


def _look(
    genesys: GenesysCloud,
    trigger: Trigger,
    there: tuple[TriggerObservation, ...],
    catalogue: TopicCatalogue,
    workflow_names: Mapping[str, str],
) -> SeenTrigger:
    found = tuple(one for one in there if one.title == trigger.title)
    chosen = choose_trigger(trigger, found)
    if chosen is None:
        return SeenTrigger(name=trigger.name)
    workflow, unread = _workflow(genesys, chosen.workflow_id)
    test, sample_matches = _test(genesys, trigger, chosen, catalogue)
    return SeenTrigger(
        name=trigger.name,
        found=found,
        workflow=workflow,
        workflow_unread=unread,
        workflow_name=workflow_names.get(trigger.workflow.value, "")
        if trigger.workflow.kind == "flow"
        else "",
        test=test,
        sample_matches=sample_matches,
    )


def _workflow(genesys: GenesysCloud, workflow_id: str) -> tuple[WorkflowObservation | None, str]:
    try:
        return genesys.workflow(workflow_id), ""
    except GenesysError as error:
        return None, error.summary


def _test(
    genesys: GenesysCloud, trigger: Trigger, chosen: TriggerObservation, catalogue: TopicCatalogue
) -> tuple[TriggerTest | UntestedTrigger, bool | None]:
    topic = catalogue.get(trigger.topic)
    if topic is None or topic.fields is None:
        reason = f"not tested: nobody knows the fields of {trigger.topic}"
        return UntestedTrigger(reason=reason, hint="gcbridge topics refresh asks the organization"), None
    body, matches = fitting_body(sample_event(topic)["detail"]["eventBody"], trigger.match_json)
    try:
        return genesys.run_trigger_test(chosen.trigger_id, body), matches
    except GenesysError as error:
        return UntestedTrigger(reason=f"not tested: {error.summary}", hint=error.hint), None
