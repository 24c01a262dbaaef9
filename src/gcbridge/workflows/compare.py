"""tail --compare: both ways at once, and what only one of them saw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from gcbridge.errors import UsageError
from gcbridge.genesys.notifications import open_notifications
from gcbridge.genesys.sdk import prefetch
from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.comparison import Sighting
from gcbridge.model.progress import Progress
from gcbridge.routing import Router
from gcbridge.study.topics.heard import HeardTopics, choose_heard
from gcbridge.workflows.both_ways import Admission, BothWays, CompareResult, ComparisonDisplay, as_carried
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.event_stream import Background, read_seconds, read_sieve
from gcbridge.workflows.listen import (
    SERVICE,
    Notices,
    OpenNotifications,
    check_accepted,
    open_organization,
    tell_unheard,
)
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.sweep import channel_journal
from gcbridge.workflows.tail import OpenProbe, TailRequest, find_rule, temporary_probe
from gcbridge.workspace.topic_snapshots import read_catalogue

POLL_SECONDS = 2.0
"""One long poll of the probe's queue, beside everything else; SQS answers it at once when something comes."""


def compare(
    rooms: Rooms,
    environment: Environment,
    request: TailRequest,
    display: ComparisonDisplay,
    *,
    grace: str,
    displace: bool = False,
    opener: OpenNotifications = open_notifications,
    prober: OpenProbe = temporary_probe,
) -> CompareResult:
    """Opens a probe and the notification service, and pairs what comes by content.

    Topics that only one of the two carries are left out, and said. After the time is over, partners of what was seen
    are waited for as long as the grace period lasts.

    Args:
        rooms: doors to the outside.
        environment: whose bridge; loaded with `any_topic`.
        request: what to look at; the filter is asked of what both ways carry: topicName, version, eventBody, metadata.
        display: where events are shown.
        grace: how much later than the other a way may be, such as `30s`.
        displace: see `ListenRequest`.
        opener: what opens the channels.
        prober: what opens the probe.

    Raises:
        UsageError: no topic goes both ways; see also `listen` and `tail`.
        RefusedError: the credentials belong to another organization or account; or all channels are taken by others.
        AwsError: AWS refused or could not be reached.
        GenesysError: Genesys Cloud refused or could not be reached.

    IAM actions: those of `tail`. Genesys permissions: those of `listen`.
    """
    sieve, seconds = read_sieve(request.filter, rooms.watch), read_seconds(request.duration)
    patience = timedelta(seconds=read_seconds(grace, "--grace"))
    bridge = environment.resolve()
    rule = find_rule(bridge, request.rule)
    chosen = _topics(rooms, bridge, rule)
    prefetch()
    genesys = open_organization(rooms, environment)
    rooms.watch(Progress(SERVICE, "cleared", ""))
    notices, left = Notices(rooms.watch), channel_journal(rooms, bridge)
    with prober(rooms, bridge, rule=rule, topics=chosen.carried) as (probe, keep):
        rooms.watch(Progress(SERVICE, "started", "connecting"))
        with (
            opener(genesys, chosen.carried, displace=displace, left=left, watch=notices) as hearing,
            Background(probe.receive, tick_seconds=POLL_SECONDS) as on_bus,
        ):
            rooms.watch(Progress(SERVICE, "cleared", ""))
            check_accepted(hearing.summary(), notices)
            ways = BothWays(
                hearing.receive,
                on_bus,
                Admission(chosen, notices, sieve, _own_rule(bridge, rule)),
                display,
                keep,
            )
            return ways.run(seconds, patience)


def _topics(rooms: Rooms, bridge: Bridge, rule: Rule | None) -> HeardTopics:
    sent = [
        topic for topic in bridge.integration.topics if not rule or not rule.topics or topic in rule.topics
    ]
    chosen = choose_heard(sent, read_catalogue(rooms.workspace, bridge.environment))
    tell_unheard(rooms.watch, chosen)
    if not chosen.carried:
        raise UsageError(
            f"no topic of {bridge.environment} goes both ways",
            hint=f"gcbridge tail {bridge.environment} shows EventBridge alone",
        )
    return chosen


def _own_rule(bridge: Bridge, rule: Rule | None) -> Callable[[Sighting], bool]:
    """Whether a rule would take what came over the WebSocket: EventBridge has asked its pattern already."""
    if rule is None:
        return lambda _: True
    router = Router({rule.name: rule.pattern})
    origin = {
        "source": bridge.event_source_name,
        "account": bridge.aws.account_id,
        "region": bridge.aws.region,
    }
    return lambda sighting: bool(
        router.match({**origin, "detail-type": sighting.topic, "detail": as_carried(sighting)})
    )
