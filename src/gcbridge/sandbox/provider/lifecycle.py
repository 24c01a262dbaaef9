"""Applying one planned change: the calls it takes, and what the state holds when one of them fails."""
# ruff: noqa: BLE001 - whatever fails, Terraform must be told what exists by then.

from __future__ import annotations

from dataclasses import dataclass

from gcbridge.sandbox.provider.api import GenesysApi
from gcbridge.sandbox.provider.resource import Resource, State
from gcbridge.sandbox.provider.wire import Value, without_unknowns


@dataclass(frozen=True)
class Applied:
    """The state after a change, and the error that cut it short."""

    state: dict[str, Value] | None
    error: Exception | None = None


def apply_change(resource: Resource, api: GenesysApi, prior: State | None, planned: State | None) -> Applied:
    """Create, update or delete, depending on which of the two states is missing."""
    if planned is None:
        return _delete(resource, api, dict(prior or {}))
    if prior is None:
        return _create(resource, api, dict(planned))
    return _update(resource, api, dict(prior), dict(planned))


def _create(resource: Resource, api: GenesysApi, planned: dict[str, Value]) -> Applied:
    try:
        identity = resource.create(api, planned)
    except Exception as error:
        return Applied(None, error)
    # A state with an id beside an error is what makes Terraform mark the resource as tainted.
    known = without_unknowns(planned) | {"id": identity}
    try:
        resource.finish_create(api, identity, planned)
        return Applied(resource.read(api, identity, resource.after_change(known)))
    except Exception as error:
        return Applied(known, error)


def _update(
    resource: Resource, api: GenesysApi, prior: dict[str, Value], planned: dict[str, Value]
) -> Applied:
    # terraform-plugin-sdk v2 records the planned values even when the update fails; a refresh corrects them.
    known = without_unknowns(planned) | {"id": prior["id"]}
    try:
        identity = resource.update(api, prior, planned) or prior["id"]
        return Applied(resource.read(api, identity, resource.after_change(known) | {"id": identity}))
    except Exception as error:
        return Applied(resource.after_failed_update(known), error)


def _delete(resource: Resource, api: GenesysApi, prior: dict[str, Value]) -> Applied:
    try:
        resource.delete(api, prior)
    except Exception as error:
        return Applied(prior, error)
    return Applied(None)
