"""Where everything that is heard or looked up comes together, and from where it is told, each event once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, Literal

from gcbridge.errors import GenesysError
from gcbridge.genesys.notifications.subscribing import Rejection
from gcbridge.genesys.notifications.timing import Timing
from gcbridge.model.notification import ListenNotice, ListenSummary, NoticeKind, Notification
from gcbridge.study.notifications.identity import MEMBERSHIP
from gcbridge.study.notifications.memberships import Members, Memberships
from gcbridge.study.notifications.messages import Message
from gcbridge.study.notifications.templates import template_of
from gcbridge.study.notifications.told import Told


class Notifications:
    """What is heard while the block of `open_notifications` is open.

    Args:
        watch: told what happens to the listening; by any thread, but by one at a time.
        timing: see `Timing`.
    """

    def __init__(self, watch: Callable[[ListenNotice], None], timing: Timing) -> None:
        self._watch = watch
        self._heard: queue.SimpleQueue[Notification | None] = queue.SimpleQueue()
        self._told = Told(late_seconds=timing.late_seconds)
        self._memberships = Memberships()
        self._lock = threading.RLock()
        self._watch_lock = threading.RLock()
        self._counts = dict.fromkeys(("live", "gap-fill", "duplicates", "disconnects"), 0)
        self._rejected: list[ListenNotice] = []
        self._to_tell: list[Rejection] = []
        self._unfillable: set[str] = set()
        self._error: BaseException | None = None
        self.channels = 0
        """How many there are now."""
        self.topics = 0
        """Topics with ids that are listened to now."""
        self.templates: frozenset[str] = frozenset()
        """Of those topics."""

    def receive(
        self, deadline: float, *, clock: Callable[[], float] = time.monotonic
    ) -> Iterator[Notification]:
        """Events as they come, until the deadline; what came before the call comes first, nothing is lost between calls.

        What stands in line at the deadline is still told; what comes later waits for the next call, however fast it comes.

        Args:
            deadline: when to end, in seconds of the clock.
            clock: monotonic seconds.

        Raises:
            GenesysError: listening has ended for good, such as when the credentials were revoked; what was heard
                before is told first.
        """
        while (seconds := deadline - clock()) > 0:
            if (heard := self._next(seconds)) is None:
                return
            yield heard
        for _ in range(self._heard.qsize() + 1):
            if (heard := self._next(0.0)) is None:
                return
            yield heard

    def summary(self) -> ListenSummary:
        """What has come of listening so far."""
        with self._lock:
            return ListenSummary(
                live=self._counts["live"],
                filled=self._counts["gap-fill"],
                duplicates=self._counts["duplicates"],
                disconnects=self._counts["disconnects"],
                channels=self.channels,
                topics=self.topics,
                rejected=tuple(self._rejected),
                unfillable=tuple(sorted(self._unfillable)),
            )

    def hear(self, message: Message) -> None:
        """Takes an event of a socket."""
        template = template_of(message.topic_name)
        with self._lock:
            if template == MEMBERSHIP:
                self._memberships.note(message.topic_name, message.body)
            is_new = self._told.is_new_live(
                template, message.topic_name, message.body, message.correlation_id, time.monotonic()
            )
            self._tell(template, message, "live", is_new=is_new)

    def fill(self, topic_name: str, body: dict[str, Any]) -> bool:
        """Takes an event that the API tells of; whether it is news."""
        template = template_of(topic_name)
        with self._lock:
            is_new = self._told.is_new_filled(template, topic_name, body, time.monotonic())
            self._tell(
                template, Message("event", topic_name=topic_name, body=body), "gap-fill", is_new=is_new
            )
        return is_new

    def begin_members(self, topic_name: str) -> None:
        """See `Memberships.begin_reading`."""
        with self._lock:
            self._memberships.begin_reading(topic_name)

    def fill_members(self, topic_name: str, queue_id: str, members: Members) -> int | None:
        """Takes the members of a queue as the API lists them; how many events were missed, None if nobody can say."""
        with self._lock:
            bodies = self._memberships.end_reading(topic_name, queue_id, members)
            return None if bodies is None else sum(self.fill(topic_name, body) for body in bodies)

    def forget_members(self, topic_name: str) -> None:
        """The queue is not listened to any more."""
        with self._lock:
            self._memberships.forget(topic_name)

    def notice(
        self,
        kind: NoticeKind,
        message: str,
        topics: tuple[str, ...] = (),
        missing_permissions: tuple[str, ...] = (),
    ) -> None:
        """Says what has happened to the listening."""
        notice = ListenNotice(
            kind=kind, at=_utc_now(), message=message, topics=topics, missing_permissions=missing_permissions
        )
        with self._lock:
            if kind == "rejected":
                self._rejected.append(notice)
            if kind == "unfillable":
                self._unfillable.update(topics)
        with self._watch_lock:
            self._watch(notice)

    def reject(self, rejections: Iterable[Rejection]) -> None:
        """Notes topics that Genesys Cloud rejected; `tell_rejections` says so."""
        with self._lock:
            self._to_tell += rejections

    def tell_rejections(self) -> None:
        """One notice for each template and what is missing for it, over all channels."""
        groups: dict[tuple[str, tuple[str, ...]], list[Rejection]] = {}
        with self._lock:
            for one in self._to_tell:
                groups.setdefault((template_of(one.topic), one.missing_permissions), []).append(one)
            self._to_tell = []
        for (template, permissions), rejected in groups.items():
            reason = rejected[0].reason or "without a reason"
            count = f"{len(rejected):,} of {template}" if len(rejected) > 1 else rejected[0].topic
            # Where others of the template are heard, it must not look as if none were.
            topics = tuple(one.topic for one in rejected) if template in self.templates else (template,)
            self.notice("rejected", f"Genesys Cloud rejects {count}: {reason}", topics, permissions)

    def count_disconnect(self) -> None:
        """A socket was lost."""
        with self._lock:
            self._counts["disconnects"] += 1

    def fail(self, error: BaseException) -> None:
        """Ends the listening for who receives; the first error counts."""
        with self._lock:
            if self._error is None:
                self._error = error
        self._heard.put(None)

    def _next(self, seconds: float) -> Notification | None:
        """None at the deadline; what stands in line comes before an error."""
        try:
            heard = self._heard.get_nowait()
        except queue.Empty:
            heard = self._wait(seconds) if self._error is None else None
        if heard is None and self._error is not None:
            raise _as_genesys_error(self._error)
        return heard

    def _wait(self, seconds: float) -> Notification | None:
        try:
            return self._heard.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None

    def _tell(
        self, template: str, message: Message, source: Literal["live", "gap-fill"], *, is_new: bool
    ) -> None:
        self._counts[source if is_new else "duplicates"] += 1
        if not is_new:
            return
        self._heard.put(
            Notification(
                topic=template,
                topic_name=message.topic_name,
                version=message.version,
                event_body=message.body,
                correlation_id=message.correlation_id,
                heard_at=_utc_now(),
                source=source,
            )
        )


def _as_genesys_error(error: BaseException) -> BaseException:
    if isinstance(error, GenesysError):
        return error
    return GenesysError(
        "listening to the notification service ended",
        where="notification service",
        detail=f"{type(error).__name__}: {error}",
        hint="run the same command again, or with --debug",
    )


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)
