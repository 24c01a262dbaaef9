"""Which topics can be subscribed to: real ones, with ids that exist, that the notification service carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gcbridge.sandbox.genesys.directory import Directory
from gcbridge.sandbox.genesys.faults import Faults

_TRANSPORTS = {"All", "Websocket"}
# Genesys's own client (genesys-cloud-streaming-client) keeps combined topics below this length.
LENGTH_LIMIT = 200
_FALLBACK_PERMISSION = "notifications:topic:view"


@dataclass(frozen=True)
class Verdict:
    """A topic as it was asked for, the single topics it stands for, and why it is refused, if it is."""

    id: str
    names: tuple[str, ...] = ()
    reason: str = ""
    missing_permissions: tuple[str, ...] = ()

    @property
    def is_permitted(self) -> bool:
        """True when it can be subscribed to."""
        return not self.reason

    def body(self) -> dict[str, Any]:
        """A ChannelTopic."""
        uri = {"selfUri": f"/api/v2/notifications/channels/topics/{self.id}"}
        if self.is_permitted:
            return {"id": self.id, "state": "Permitted", **uri}
        refusal = {"rejectionReason": self.reason, "missingPermissions": list(self.missing_permissions)}
        return {"id": self.id, "state": "Rejected", **refusal, **uri}


class Topics:
    """Judges topics.

    Args:
        available: the organization's topics, with `transports` and `requiresPermissions`.
        directory: users and queues whose ids must exist.
        faults: which topics are denied.
    """

    def __init__(self, available: Iterable[dict[str, Any]], directory: Directory, faults: Faults) -> None:
        self._directory = directory
        self._faults = faults
        self._by_length: defaultdict[int, list[tuple[list[str], dict[str, Any]]]] = defaultdict(list)
        for topic in available:
            parts = str(topic["id"]).split(".")
            self._by_length[len(parts)].append((parts, topic))

    def judge(self, identity: str) -> Verdict:
        """The verdict on a topic, which may be a combined one; one bad part spoils all of it."""
        if len(identity) >= LENGTH_LIMIT:
            return Verdict(identity, reason=f"A topic must be shorter than {LENGTH_LIMIT} characters.")
        names = tuple(_split_combined(identity))
        for name in names:
            if refused := self._refusal(identity, name):
                return refused
        return Verdict(identity, names)

    def _refusal(self, identity: str, name: str) -> Verdict | None:
        topic = self._find(name)
        if topic is None:
            return Verdict(identity, reason=f"The topic {name} does not exist.")
        if not _TRANSPORTS & set(topic["transports"]):
            return Verdict(identity, reason=f"The topic {topic['id']} is not available over WebSocket.")
        if self._faults.denies(name) or self._faults.denies(topic["id"]):
            missing = tuple(topic["requiresPermissions"]) or (_FALLBACK_PERMISSION,)
            return Verdict(identity, reason="Missing permissions.", missing_permissions=missing)
        return None if self._exists(name) else Verdict(identity, reason=f"Nothing has the id in {name}.")

    def _find(self, name: str) -> dict[str, Any] | None:
        parts = name.split(".")
        for template, topic in self._by_length[len(parts)]:
            if all(_fits(part, wanted) for part, wanted in zip(parts, template, strict=True)):
                return topic
        return None

    def _exists(self, name: str) -> bool:
        match name.split("."):
            case ["v2", "users", identity, *_]:
                return identity in self._directory.users
            case ["v2", "routing", "queues", identity, *_]:
                return identity in self._directory.queues
        return True


def _split_combined(identity: str) -> Iterator[str]:
    """`v2.users.X?presence&routingStatus` stands for `v2.users.X.presence` and `v2.users.X.routingStatus`."""
    prefix, is_combined, endings = identity.partition("?")
    for ending in endings.split("&") if is_combined else ():
        yield f"{prefix}.{ending}"
    if not is_combined:
        yield identity


def _fits(part: str, wanted: str) -> bool:
    return part == wanted if wanted != "{id}" else part not in ("", "{id}", "*")
