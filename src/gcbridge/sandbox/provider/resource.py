"""The two kinds of thing a provider offers; each resource and data source is one file that fills these in."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import ClassVar

from gcbridge.sandbox.provider.api import GenesysApi
from gcbridge.sandbox.provider.schema import Block
from gcbridge.sandbox.provider.wire import Value

State = Mapping[str, Value]


class Resource(abc.ABC):
    """A managed resource: its schema and the API calls behind create, read, update and delete."""

    type_name: ClassVar[str]
    body: ClassVar[Block]
    version: ClassVar[int] = 0

    @abc.abstractmethod
    def create(self, api: GenesysApi, planned: State) -> str:
        """Make the object and return its id; from then on a failure leaves the resource tainted, not lost."""

    def finish_create(self, api: GenesysApi, identity: str, planned: State) -> None:  # noqa: ARG002
        """Everything else that creation needs once the id is known."""
        return

    @abc.abstractmethod
    def read(self, api: GenesysApi, identity: str, known: State) -> dict[str, Value] | None:
        """The object's state now, or None when it is gone; `known` holds what the API does not return."""

    @abc.abstractmethod
    def update(self, api: GenesysApi, prior: State, planned: State) -> str | None:
        """Change the object in place; return its id when that is another one now."""

    @abc.abstractmethod
    def delete(self, api: GenesysApi, known: State) -> None:
        """Remove the object and return when it is gone."""

    def customize_plan(self, planned: dict[str, Value]) -> dict[str, Value]:
        """What terraform-plugin-sdk v2 calls CustomizeDiff: a planned state that the schema alone does not tell."""
        return planned

    def after_change(self, known: dict[str, Value]) -> dict[str, Value]:
        """The planned values after a change that was made, with what the API will not tell."""
        return known

    def after_failed_update(self, known: dict[str, Value]) -> dict[str, Value]:
        """The state after an update that failed: the planned values, without those that were still unknown."""
        return known


class DataSource(abc.ABC):
    """A data source: its schema and one look-up."""

    type_name: ClassVar[str]
    body: ClassVar[Block]

    @abc.abstractmethod
    def read(self, api: GenesysApi, config: State) -> dict[str, Value]:
        """The values found; raises ProviderError when there is nothing to find."""
