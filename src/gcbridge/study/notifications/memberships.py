"""Who is a member of which queue, as last told: the API says who is a member now, never who came or went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Members = dict[str, bool]
"""Id of a user -> whether the user has joined the queue."""


def read_members(listing: Sequence[Mapping[str, Any]]) -> Members:
    """Members as `GET /api/v2/routing/queues/{queueId}/members` lists them."""
    return {identity: bool(one.get("joined")) for one in listing if (identity := _user_of(one))}


class Memberships:
    """Members of the queues that are listened to: live events are noted, what the API says is compared.

    Reading takes a while; what comes live in the meantime is newer than what was read, and stands.
    """

    def __init__(self) -> None:
        self._known: dict[str, Members] = {}
        self._since: dict[str, Members] = {}

    def begin_reading(self, topic_name: str) -> None:
        """Call it before the API is asked for the members of a queue."""
        self._since[topic_name] = {}

    def note(self, topic_name: str, body: Mapping[str, Any]) -> None:
        """Notes what a live event says."""
        if not (identity := _user_of(body)):
            return
        for members in (self._known.get(topic_name), self._since.get(topic_name)):
            if members is not None:
                members[identity] = bool(body.get("joined"))

    def end_reading(self, topic_name: str, queue_id: str, members: Members) -> list[dict[str, Any]] | None:
        """Bodies of the events that were missed; None the first time, as nobody knows what was before.

        A member that is not there any more shows as one that has not joined; whether a live event says more of it is
        not documented.

        Args:
            topic_name: whose events they are.
            queue_id: of the queue.
            members: what the API said.
        """
        newer = self._since.pop(topic_name, {})
        known = self._known.get(topic_name)
        self._known[topic_name] = members | newer
        if known is None:
            return None
        gone = dict.fromkeys(
            (user for user, joined in known.items() if joined and user not in members), False
        )
        return [
            {"id": user, "user": {"id": user}, "queueId": queue_id, "joined": joined}
            for user, joined in (members | gone).items()
            if user not in newer and known.get(user) != joined
        ]

    def forget(self, topic_name: str) -> None:
        """The queue is gone, or not listened to any more."""
        self._known.pop(topic_name, None)


def _user_of(member: Mapping[str, Any]) -> str:
    user = member.get("user")
    return str((user.get("id") if isinstance(user, Mapping) else None) or member.get("id") or "")
