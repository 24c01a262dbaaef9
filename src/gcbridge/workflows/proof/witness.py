"""The second witness: the notification service, which tells of the same changes over another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gcbridge.errors import GcbridgeError
from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.notifications import Notifications, open_notifications
from gcbridge.model.bridge import Bridge
from gcbridge.model.notification import ListenNotice, Notification
from gcbridge.model.progress import Progress
from gcbridge.model.proof import WitnessObservation, WitnessSighting
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.topics.heard import choose_heard, find_template
from gcbridge.workflows.proof.collecting import Sink, collecting
from gcbridge.workflows.rooms import Rooms

TOLD = frozenset({"disconnected", "gap-filled", "unfillable", "rejected", "revoked", "displaced"})
"""Notices worth a line in a report."""
OpenNotifications = Callable[..., AbstractContextManager[Notifications]]


@dataclass
class Witness:
    """What the second witness listens to, and what became of its socket.

    Args:
        names: topics with their ids, or templates where every object counts.
        templates: topic templates that it can tell of.
        unheard: topic template -> why it cannot tell of it.
    """

    names: tuple[str, ...]
    templates: tuple[str, ...]
    unheard: dict[str, str]
    notes: list[str] = field(default_factory=list)

    def lose(self, error: GcbridgeError) -> None:
        """It hears nothing any more; what it did not hear tells of nothing, so nothing is compared."""
        reason = f"the second witness was lost: {error.summary}"
        self.notes.append(reason)
        self.unheard.update(dict.fromkeys(self.templates, reason))

    def observation(self, sightings: Sequence[WitnessSighting]) -> WitnessObservation:
        """What is known at the end."""
        topics = tuple(topic for topic in self.templates if topic not in self.unheard)
        return WitnessObservation(
            topics=topics, unheard=dict(self.unheard), sightings=tuple(sightings), notes=tuple(self.notes)
        )


def choose_witness(bridge: Bridge, names: Sequence[str], catalogue: TopicCatalogue) -> Witness:
    """Of the topics that can tell of the cause, those that the notification service carries, as far as is known.

    Args:
        bridge: whose topics count.
        names: topics with the ids of what is changed; for traffic, the templates themselves.
        catalogue: what is known of topics.
    """
    by_template: dict[str, list[str]] = {}
    for name in names:
        topic = find_template(name, catalogue)
        template = topic.topic if topic else name
        if template in bridge.integration.topics:
            by_template.setdefault(template, []).append(name)
    heard = choose_heard(tuple(by_template), catalogue)
    return Witness(
        names=tuple(name for template in heard.carried for name in by_template[template]),
        templates=tuple(by_template),
        unheard=dict(heard.unheard),
    )


@contextmanager
def witnessing(
    rooms: Rooms,
    genesys: GenesysCloud,
    witness: Witness,
    incoming: Sink[Notification],
    catalogue: TopicCatalogue,
    *,
    left: Path | None = None,
    open_: OpenNotifications = open_notifications,
) -> Iterator[None]:
    """What the notification service tells goes into the queue for as long as the block lasts.

    Args:
        rooms: doors to the outside.
        genesys: the organization.
        witness: what to listen to; with nothing to listen to, nothing is opened.
        incoming: where events go.
        catalogue: what is known of topics.
        left: where it stands which channels earlier runs left behind.
        open_: opens the notification service.

    Raises:
        GenesysError: no channel could be opened.
    """
    if not witness.names:
        yield
        return

    def watch(notice: ListenNotice) -> None:
        if notice.kind in TOLD:
            witness.notes.append(notice.message)
            rooms.watch(Progress("witness", "note", notice.message))
        if notice.kind == "rejected":
            for name in notice.topics:
                topic = find_template(name, catalogue)
                witness.unheard[topic.topic if topic else name] = notice.message

    rooms.watch(Progress("witness", "started", "opening a channel of the notification service"))
    with open_(genesys, witness.names, left=left, watch=watch) as notifications:
        rooms.watch(Progress("witness", "finished", f"listens to {len(witness.names)} topics"))
        receive = _with_templates(notifications, catalogue)

        def lose(error: GcbridgeError) -> None:
            witness.lose(error)
            rooms.watch(Progress("witness", "failed", witness.notes[-1]))

        with collecting(incoming, "witness", receive, on_end=lose):
            yield


def _with_templates(
    notifications: Notifications, catalogue: TopicCatalogue
) -> Callable[[float], Iterator[Notification]]:
    """The integration knows templates only, so an event that was asked for by its ids is told by its template, too."""

    def receive(deadline: float) -> Iterator[Notification]:
        for notification in notifications.receive(deadline):
            topic = find_template(notification.topic_name, catalogue)
            yield notification.model_copy(update={"topic": topic.topic}) if topic else notification

    return receive
