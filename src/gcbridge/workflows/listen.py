"""listen: hear the events of an organization over the notification service, as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gcbridge.errors import GenesysError, UsageError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.notifications import open_notifications
from gcbridge.genesys.sdk import prefetch
from gcbridge.model.bridge import Organization
from gcbridge.model.notification import ListenNotice, ListenSummary, Notification
from gcbridge.model.progress import Progress, ProgressKind, Watcher
from gcbridge.study.topics.heard import HeardTopics, check_heard, choose_heard
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.event_stream import (
    Clock,
    Display,
    Ending,
    Sieve,
    read_seconds,
    read_sieve,
    show_stream,
)
from gcbridge.workflows.identities import match_organization
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.sweep import environment_channels
from gcbridge.workspace.topic_snapshots import read_catalogue

SERVICE = "notification service"
TICK_SECONDS = 1.0
NOTICE_KINDS: dict[str, ProgressKind] = {"connected": "finished", "rejected": "failed"}
"""What is more than a note."""


class Hearing(Protocol):
    """What `open_notifications` opens."""

    def receive(self, deadline: float) -> Iterator[Notification]:
        """What is heard until an instant of the monotonic clock."""

    def summary(self) -> ListenSummary:
        """What came of it so far."""


class OpenNotifications(Protocol):
    """`open_notifications`, or what stands for it."""

    def __call__(
        self,
        genesys: GenesysCloud,
        topics: Sequence[str],
        *,
        displace: bool,
        left: Path | None,
        watch: Callable[[ListenNotice], None],
    ) -> AbstractContextManager[Hearing]:
        """Open channels for these topics."""


@dataclass(frozen=True)
class ListenRequest:
    """What to listen to.

    Args:
        topics: templates, topics with ids, or combined ones; none means those of the environment.
        filter: JMESPath over an event as Genesys Cloud sends it.
        duration: how long, such as `10m`; None: until Ctrl-C.
        displace: take a channel away from another program where all twenty are taken.
    """

    topics: tuple[str, ...] = ()
    filter: str | None = None
    duration: str | None = None
    displace: bool = False


@dataclass(frozen=True)
class ListenResult:
    """What came of it.

    Args:
        heard: what the notification service told.
        sieve: what the filter made of it.
        ending: why it ended.
        seconds: how long it was heard.
    """

    heard: ListenSummary
    sieve: Sieve
    ending: Ending
    seconds: float


def listen(
    rooms: Rooms,
    environment: Environment,
    request: ListenRequest,
    display: Display[Notification],
    *,
    opener: OpenNotifications = open_notifications,
) -> ListenResult:
    """Everything is read and checked before anything is opened; channels are gone when this returns.

    Args:
        rooms: doors to the outside.
        environment: whose organization; loaded with `any_topic`.
        request: what to listen to.
        display: where events are shown.
        opener: what opens the channels.

    Raises:
        UsageError: a topic, the filter or the duration is none.
        RefusedError: the credentials belong to another organization; or all channels are taken by others.
        GenesysError: no credentials, they were refused, or every topic was rejected.

    Genesys permissions: none for channels; of each topic those that `gcbridge topics show` lists; those of the
        listing that fills an `{id}`.
    """
    sieve, seconds = read_sieve(request.filter, rooms.watch), read_seconds(request.duration)
    topics = _topics(rooms, environment, request.topics)
    prefetch()
    genesys = open_organization(rooms, environment)
    return hear(
        rooms.watch,
        genesys,
        topics,
        _Choices(sieve, seconds, request.displace, environment_channels(rooms, environment.name)),
        display,
        opener=opener,
    )


@dataclass(frozen=True)
class _Choices:
    sieve: Sieve
    seconds: float
    displace: bool
    left: Path


def _topics(rooms: Rooms, environment: Environment, asked: Sequence[str]) -> tuple[str, ...]:
    catalogue = read_catalogue(rooms.workspace, environment.name)
    if asked:
        return check_heard(asked, catalogue, environment.name)
    chosen = choose_heard(environment.spec.genesys.topics, catalogue)
    tell_unheard(rooms.watch, chosen)
    if not chosen.carried:
        raise UsageError(
            f"the notification service carries none of the topics of {environment.name}",
            hint=f"name others: gcbridge listen {environment.name} 'v2.users.{{id}}.presence'; "
            f"or gcbridge tail {environment.name} shows what comes over EventBridge",
        )
    return chosen.carried


def tell_unheard(watch: Watcher, chosen: HeardTopics) -> None:
    """Says of each topic that is left out why."""
    for topic, why in chosen.unheard.items():
        watch(Progress(topic, "note", f"is left out: {why}"))


def open_organization(rooms: Rooms, environment: Environment) -> GenesysCloud:
    """A client of the environment's organization; listening needs no account, so that one need not be written yet.

    Raises:
        RefusedError: the credentials belong to another organization.
        GenesysError: no credentials, or they were refused.
    """
    spec = environment.spec.genesys
    rooms.watch(Progress(SERVICE, "started", "logging in"))
    genesys = rooms.open_genesys(Organization(org_id="", region=spec.region, base_url=spec.base_url))
    organization = genesys.organization()
    match_organization(organization, spec.org_id or organization.org_id, environment.name)
    return genesys


def hear(
    watch: Watcher,
    genesys: GenesysCloud,
    topics: Sequence[str],
    choices: _Choices,
    display: Display[Notification],
    *,
    opener: OpenNotifications,
    clock: Clock = time.monotonic,
) -> ListenResult:
    """Opens the channels, and shows what is wanted until the end."""

    def show(event: Notification) -> None:
        if choices.sieve.passes(as_sent(event)):
            display.show(event)

    notices = Notices(watch)
    watch(Progress(SERVICE, "running", "connecting"))
    with opener(genesys, topics, displace=choices.displace, left=choices.left, watch=notices) as hearing:
        watch(Progress(SERVICE, "cleared", ""))
        check_accepted(hearing.summary(), notices)
        started = clock()
        ending = show_stream(
            hearing.receive,
            show,
            display.is_read,
            seconds=choices.seconds,
            tick_seconds=TICK_SECONDS,
            clock=clock,
        )
        seconds = clock() - started
        heard = hearing.summary()
    return ListenResult(heard, choices.sieve, ending, seconds)


def as_sent(event: Notification) -> dict[str, Any]:
    """An event as the notification service sends it, and whether it was live: what a filter is asked about."""
    return {
        "topicName": event.topic_name,
        "version": event.version,
        "eventBody": event.event_body,
        "metadata": {"CorrelationId": event.correlation_id},
        "source": event.source,
    }


@dataclass
class Notices:
    """Passes on what happens to the listening, and keeps what was rejected.

    Args:
        watch: is told.
    """

    watch: Watcher
    rejected: list[ListenNotice] = field(default_factory=list)

    def __call__(self, notice: ListenNotice) -> None:
        """Tell one; called from several threads."""
        if notice.kind == "rejected":
            self.rejected.append(notice)
        self.watch(Progress(SERVICE, NOTICE_KINDS.get(notice.kind, "note"), _sentence(notice)))


def check_accepted(heard: ListenSummary, notices: Notices) -> None:
    """Something can be heard.

    Raises:
        GenesysError: Genesys Cloud rejected every topic.
    """
    if heard.topics or not notices.rejected:
        return
    missing = sorted({name for notice in notices.rejected for name in notice.missing_permissions})
    raise GenesysError(
        "Genesys Cloud rejected every topic",
        detail="\n".join(notice.message for notice in notices.rejected),
        hint=f"give the OAuth client's role {', '.join(missing)}"
        if missing
        else "name other topics; gcbridge topics list shows what there is",
    )


def _sentence(notice: ListenNotice) -> str:
    untold = [name for name in notice.missing_permissions if name not in notice.message]
    return f"{notice.message}; missing: {', '.join(untold)}" if untold else notice.message
