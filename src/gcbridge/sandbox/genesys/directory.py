"""Who and what the organization has: held in memory, each change written to disk at once."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from gcbridge.sandbox.genesys.architect.flows import Flow, Flows
from gcbridge.sandbox.genesys.entities import Listed, Queue, User, first_users
from gcbridge.sandbox.genesys.records import Records

LISTED_KINDS = {
    "groups": "Group",
    "flow_outcomes": "Flow Outcome",
    "campaigns": "Campaign",
    "stations": "Station",
    "operational_events": "Operational Event",
}
"""Kind of a plain listing -> what the names of seeded ones begin with."""


class SeedRequest(BaseModel):
    """How many of each there shall be in all; nothing is taken away."""

    model_config = ConfigDict(extra="forbid")

    users: int = Field(default=0, ge=0, le=50_000)
    queues: int = Field(default=0, ge=0, le=10_000)
    members_per_queue: int = Field(default=0, ge=0, le=5_000)
    groups: int = Field(default=0, ge=0, le=10_000)
    flows: int = Field(default=0, ge=0, le=10_000)
    flow_outcomes: int = Field(default=0, ge=0, le=10_000)
    campaigns: int = Field(default=0, ge=0, le=10_000)
    stations: int = Field(default=0, ge=0, le=10_000)
    operational_events: int = Field(default=0, ge=0, le=10_000)


class Directory:
    """Everything is found by id, in the order in which it was made.

    Args:
        records: where it is kept.
        flows: where seeded flows go.
        users: whom a directory without users begins with.
    """

    def __init__(self, records: Records, flows: Flows, users: Sequence[User] = ()) -> None:
        self._records = records
        self._flows = flows
        self.users = {user.id: user for user in records.load("users", User)}
        self.queues = {queue.id: queue for queue in records.load("queues", Queue)}
        self.listed = {
            kind: {thing.id: thing for thing in records.load(kind, Listed)} for kind in LISTED_KINDS
        }
        if not self.users:
            self.add_users(users or first_users())

    @property
    def first_user(self) -> User:
        """The one that tests change and that samples are about."""
        return next(iter(self.users.values()))

    def add_users(self, users: Sequence[User]) -> None:
        """New users, or changed ones."""
        self.users |= {user.id: user for user in users}
        self._records.put("users", users)

    def add_queues(self, queues: Sequence[Queue]) -> None:
        """New queues, or changed ones."""
        self.queues |= {queue.id: queue for queue in queues}
        self._records.put("queues", queues)

    def delete_queue(self, queue: Queue) -> None:
        """Forgets it with its membership."""
        del self.queues[queue.id]
        self._records.delete("queues", queue.id)

    def seed(self, wanted: SeedRequest) -> None:
        """Makes users, queues and other things until there are as many as wanted."""
        self._seed_users(wanted.users)
        self._seed_queues(wanted.queues, wanted.members_per_queue)
        missing = _missing(len(self._flows.all), wanted.flows)
        self._flows.put([Flow(name=f"Flow {number}") for number in missing])
        for kind, word in LISTED_KINDS.items():
            things = self.listed[kind]
            new = [Listed(name=f"{word} {number}") for number in _missing(len(things), getattr(wanted, kind))]
            things |= {thing.id: thing for thing in new}
            self._records.put(kind, new)

    def _seed_users(self, count: int) -> None:
        numbers = _missing(len(self.users), count)
        self.add_users([User(name=f"User {n}", email=f"user.{n}@example.com") for n in numbers])

    def _seed_queues(self, count: int, members: int) -> None:
        """Members are users in turn, so that queues overlap when there are few users."""
        people = list(self.users)
        new = []
        for number in _missing(len(self.queues), count):
            turn = [people[(number * members + offset) % len(people)] for offset in range(members)]
            new.append(Queue(name=f"Queue {number}", members=dict.fromkeys(turn, True)))
        self.add_queues(new)


def _missing(present: int, wanted: int) -> range:
    """The numbers, from 1, of those that are still to be made."""
    return range(present + 1, wanted + 1)
