"""Switches with which a test makes the emulated Genesys Cloud misbehave; they do not survive a restart."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class FailNext(BaseModel):
    """The next `count` requests with this method and path (`*` matches anything) get `status`."""

    model_config = ConfigDict(extra="forbid")

    method: str
    path: str
    status: int = Field(ge=400, le=599)
    count: int = Field(default=1, ge=1)
    retry_after: int | None = Field(default=None, ge=0, description="seconds, sent as Retry-After")

    def matches(self, method: str, path: str) -> bool:
        """True when the request is one of those that shall fail."""
        wanted = self.method in ("*", method)
        return self.count > 0 and wanted and fnmatchcase(path.lower(), self.path.lower())


class Faults(BaseModel):
    """All switches; by default everything works. Percentages are 0 to 100."""

    model_config = ConfigDict(extra="forbid")

    reject_tokens: bool = False
    revoke_client: bool = False
    fail_next: FailNext | None = None
    source_never_appears: bool = False
    activation_error: str | None = None

    lose_eventbridge_percent: float = Field(default=0, ge=0, le=100)
    duplicate_eventbridge_percent: float = Field(default=0, ge=0, le=100)
    reorder_eventbridge_percent: float = Field(default=0, ge=0, le=100)
    delay_eventbridge_seconds: float = Field(default=0, ge=0)
    seed: int | None = None

    lose_websocket_percent: float = Field(default=0, ge=0, le=100)
    delay_websocket_seconds: float = Field(default=0, ge=0)
    stop_heartbeats: bool = False
    mute_sockets: bool = False
    heartbeat_seconds: float | None = Field(default=None, gt=0)
    refuse_sockets: bool = False
    sockets_down_seconds: float = Field(default=0, ge=0)
    drop_sockets_every_seconds: float | None = Field(default=None, gt=0)
    drop_socket_after_events: int | None = Field(default=None, ge=1)
    deny_topics: list[str] = Field(default_factory=list)

    def take_failure(self, method: str, path: str) -> FailNext | None:
        """The failure this request gets, counted down; None when it may pass."""
        failure = self.fail_next
        if failure is None or not failure.matches(method, path):
            return None
        failure.count -= 1
        return failure

    def denies(self, topic: str) -> bool:
        """True when the topic, concrete or template, is one that the client has no permission for."""
        return any(fnmatchcase(topic, pattern) for pattern in self.deny_topics)


@dataclass
class Dice:
    """Chance, the same at each run where a seed is given; one for each way, so that neither disturbs the other."""

    eventbridge: random.Random = field(default_factory=random.Random)
    websocket: random.Random = field(default_factory=random.Random)

    def sow(self, seed: int | None) -> None:
        """Begins the sequence anew; without a seed, anywhere."""
        self.eventbridge.seed(seed)
        self.websocket.seed(seed)


def strikes(dice: random.Random, percent: float) -> bool:
    """True in `percent` of 100 cases; draws a number each time, so that switches do not shift each other's luck."""
    return dice.random() * 100 < percent


TALLIED = (
    "lost_eventbridge",
    "duplicated_eventbridge",
    "reordered_eventbridge",
    "delayed_eventbridge",
    "lost_websocket",
    "dropped_sockets",
)


@dataclass(frozen=True)
class Troubles:
    """The switches, the dice that they throw, and what they did so far: each of TALLIED, from zero."""

    faults: Faults = field(default_factory=Faults)
    dice: Dice = field(default_factory=Dice)
    tally: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(TALLIED, 0)))
