"""People, queues and other things that an organization's directory lists."""

from __future__ import annotations

import uuid
from typing import Literal

from pydantic import Field

from gcbridge.sandbox.genesys.clock import now_iso
from gcbridge.sandbox.genesys.presences import AVAILABLE_ID
from gcbridge.sandbox.genesys.world import Record

RoutingState = Literal["OFF_QUEUE", "IDLE", "INTERACTING", "NOT_RESPONDING", "COMMUNICATING"]


def new_id() -> str:
    """The id of something new."""
    return str(uuid.uuid4())


class Presence(Record):
    """The presence a user shows now."""

    definition_id: str = AVAILABLE_ID
    message: str = ""
    modified_at: str = Field(default_factory=now_iso)


class RoutingStatus(Record):
    """Whether a user takes conversations of queues, and since when."""

    status: RoutingState = "OFF_QUEUE"
    started_at: str = Field(default_factory=now_iso)


class User(Record):
    """A person of the organization."""

    id: str = Field(default_factory=new_id)
    name: str
    email: str
    presence: Presence = Field(default_factory=Presence)
    routing_status: RoutingStatus = Field(default_factory=RoutingStatus)


class Queue(Record):
    """A queue; `members` tells of each member's id whether the member has joined."""

    id: str = Field(default_factory=new_id)
    name: str
    description: str = ""
    created_at: str = Field(default_factory=now_iso)
    members: dict[str, bool] = Field(default_factory=dict)


class Listed(Record):
    """Something of which only id and name matter: a group, a flow, a campaign, a station."""

    id: str = Field(default_factory=new_id)
    name: str


def first_users() -> list[User]:
    """Three people with fixed addresses; the first is the one tests change."""
    names = {"gcbridge Test User": "test.user", "Ada Agent": "ada.agent", "Sam Supervisor": "sam.supervisor"}
    return [User(name=name, email=f"{mailbox}@example.com") for name, mailbox in names.items()]
