"""Looks at both clouds as they are; what cannot be looked at becomes a fault, no exception."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from gcbridge.aws.delivery import observe_dead_letters
from gcbridge.aws.observe import observe
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError, GenesysError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.model.bridge import Bridge
from gcbridge.model.result import (
    AwsObservation,
    DeadLetterObservation,
    Fault,
    GenesysObservation,
    Observations,
)
from gcbridge.model.topic import TopicCatalogue
from gcbridge.model.trigger_observation import SeenTrigger
from gcbridge.study.patterns.coverage import find_unsatisfiable
from gcbridge.study.sending_links import choose_integration
from gcbridge.workflows.proof.looking_at_triggers import look_at_triggers
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.sweep import sweep_leftovers


@dataclass(frozen=True)
class Clouds:
    """Both clouds, open where that was possible.

    Args:
        bridge: whose clouds.
        aws: the account, or why it cannot be reached.
        genesys: the organization, or why it cannot be reached.
    """

    bridge: Bridge
    aws: Aws | Fault
    genesys: GenesysCloud | Fault


def open_clouds(rooms: Rooms, bridge: Bridge) -> Clouds:
    """Doors to both clouds; nothing is asked yet."""
    return Clouds(bridge, _try_open_aws(rooms, bridge), _try_open_genesys(rooms, bridge))


def look_at(
    clouds: Clouds, catalogue: TopicCatalogue, workflow_names: Mapping[str, str] | None = None
) -> Observations:
    """Everything that can be seen without an event; both clouds at the same time.

    Args:
        clouds: where to look.
        catalogue: what is known of topics, to tell rules that nothing can match, and to make samples of events.
        workflow_names: flow -> what its file calls the workflow.

    IAM actions: those of `aws.observe.observe`. Genesys permissions: integrations:integration:view, and those of
    `look_at_triggers`.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        genesys = pool.submit(_observe_genesys, clouds, catalogue, workflow_names or {})
        aws = pool.submit(_observe_aws, clouds)
        return Observations(
            genesys=genesys.result(),
            aws=aws.result(),
            unsatisfiable=find_unsatisfiable(clouds.bridge, catalogue),
        )


def look_for_dead_letters(clouds: Clouds, seen: Observations) -> tuple[DeadLetterObservation, ...]:
    """What could not be delivered is told too where a broken link keeps an event from being caused.

    IAM actions: those of observe_dead_letters.
    """
    if isinstance(clouds.aws, Fault) or not is_in_account(clouds.bridge, seen):
        return ()
    try:
        return observe_dead_letters(clouds.aws, clouds.bridge)
    except AwsError:
        return ()


def is_in_account(bridge: Bridge, seen: Observations) -> bool:
    """Whether the credentials belong to the environment's own account."""
    return not isinstance(seen.aws, Fault) and seen.aws.account_id == bridge.aws.account_id


def sweep(rooms: Rooms, clouds: Clouds, seen: Observations) -> None:
    """Only in the account and the organization of the environment: any other would say that nothing is left."""
    bridge, aws, genesys = clouds.bridge, clouds.aws, clouds.genesys
    in_organization = (
        not isinstance(seen.genesys, Fault) and seen.genesys.organization_id == bridge.organization.org_id
    )
    sweep_leftovers(
        rooms,
        bridge,
        aws if is_in_account(bridge, seen) and not isinstance(aws, Fault) else None,
        genesys if in_organization and not isinstance(genesys, Fault) else None,
    )


def _try_open_aws(rooms: Rooms, bridge: Bridge) -> Aws | Fault:
    try:
        return rooms.open_aws(bridge.aws)
    except AwsError as error:
        return _fault(error)


def _try_open_genesys(rooms: Rooms, bridge: Bridge) -> GenesysCloud | Fault:
    try:
        return rooms.open_genesys(bridge.organization)
    except GenesysError as error:
        return _fault(error)


def _observe_genesys(
    clouds: Clouds, catalogue: TopicCatalogue, workflow_names: Mapping[str, str]
) -> GenesysObservation | Fault:
    if isinstance(clouds.genesys, Fault):
        return clouds.genesys
    try:
        return GenesysObservation(
            organization_id=clouds.genesys.organization().org_id,
            integration=choose_integration(clouds.bridge, clouds.genesys.integrations()),
            triggers=_observe_triggers(clouds.genesys, clouds.bridge, catalogue, workflow_names),
        )
    except GenesysError as error:
        return _fault(error)


def _observe_triggers(
    genesys: GenesysCloud, bridge: Bridge, catalogue: TopicCatalogue, workflow_names: Mapping[str, str]
) -> tuple[SeenTrigger, ...] | Fault:
    """Who may not see triggers still sees the rest of the bridge."""
    try:
        return look_at_triggers(genesys, bridge, catalogue, workflow_names)
    except GenesysError as error:
        return _fault(error)


def _observe_aws(clouds: Clouds) -> AwsObservation | Fault:
    if isinstance(clouds.aws, Fault):
        return clouds.aws
    try:
        return observe(clouds.aws, clouds.bridge)
    except AwsError as error:
        return _fault(error)


def _fault(error: AwsError | GenesysError) -> Fault:
    place = f" ({error.where})" if error.where else ""
    return Fault(summary=f"{error.summary}{place}", detail=error.detail, hint=error.hint)
