"""What is published about the three event models, each fact with its source; `docs/which-event-model.md` is made from it too."""

from __future__ import annotations

from gcbridge.model.advice import EventModel, Limit

TITLES: dict[EventModel, str] = {
    "notification_service": "notification service (WebSocket)",
    "eventbridge": "Amazon EventBridge",
    "event_orchestration": "event orchestration (triggers)",
}
"""In the order in which Genesys Cloud got them."""

DOES: dict[EventModel, str] = {
    "notification_service": "a client of yours holds WebSockets open and is told of what it subscribed to",
    "eventbridge": "Genesys Cloud puts events on a bus in your AWS account, whose rules send them on",
    "event_orchestration": "Genesys Cloud itself starts an Architect workflow for each event that fits",
}

_BLOG = "https://developer.genesys.cloud/blog"
_EVENT_DRIVEN = f"{_BLOG}/2021-12-02-Event-Streaming-In-Action/"
_INTRODUCTION = f"{_BLOG}/2022-07-29-intro-aws-eventbridge/"
_TRIGGERS = f"{_BLOG}/2022-11-08-Process-Automation-Triggers/"
_TRIGGER_OVERVIEW = "https://help.mypurecloud.com/articles/overview-of-triggers/"
_EVENTBRIDGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide"
_PROVIDER = "https://registry.terraform.io/providers/MyPureCloud/genesyscloud/latest/docs/resources/processautomation_trigger"
_SDK = "PureCloudPlatformClientV2, AvailableTopic.transports"


def _limit(model: EventModel, name: str, says: str, source: str) -> Limit:
    return Limit(name=name, model=model, says=says, source=source)


_NOTIFICATIONS = tuple(
    _limit("notification_service", *fact)
    for fact in (
        ("made-for-screens", "It was made for real-time dashboards and agent applications.", _EVENT_DRIVEN),
        (
            "no-durability",
            "Events are only sent over an open WebSocket: none is queued or sent again.",
            _EVENT_DRIVEN,
        ),
        (
            "ids-only",
            "Each queue, user, ... is subscribed to by its own id; none stands for all.",
            _INTRODUCTION,
        ),
        ("topics-a-channel", "A channel carries 1,000 topics; one more is answered with 400.", _INTRODUCTION),
        (
            "channels",
            "A user and application has 20 channels; one more replaces the oldest that is not connected.",
            _INTRODUCTION,
        ),
        (
            "channel-life",
            "A channel lives 24 hours, and longer only where it is subscribed again.",
            _INTRODUCTION,
        ),
        ("one-socket", "A channel has one WebSocket: a second one disconnects the first.", _INTRODUCTION),
        ("no-aws-here", "It needs no AWS account.", _INTRODUCTION),
        ("websocket-topics", "Topics with the transport All or Websocket travel over it.", _SDK),
    )
)

_BUS = tuple(
    _limit("eventbridge", *fact)
    for fact in (
        ("made-for-backends", "It is an enterprise message bus for backends.", _EVENT_DRIVEN),
        ("aws-account", "It needs an AWS account.", _EVENT_DRIVEN),
        (
            "four-days",
            "Genesys Cloud tries for four days to deliver while EventBridge is out of order.",
            _EVENT_DRIVEN,
        ),
        (
            "retries",
            "EventBridge tries a target for 24 hours or 185 times, then its dead-letter queue keeps the event.",
            f"{_EVENTBRIDGE}/eb-rule-retry-policy.html",
        ),
        (
            "archive",
            "An archive keeps events for as long as you say, and replays them.",
            f"{_EVENTBRIDGE}/eb-archive.html",
        ),
        ("whole-classes", "A topic covers all objects of its kind; patterns pick among them.", _EVENT_DRIVEN),
        (
            "no-api-rate-limit",
            "Taking events does not come with the rate limits of the platform API.",
            _INTRODUCTION,
        ),
        (
            "invocations",
            "Rules invoke targets 750 to 18,750 times a second by default, depending on the region; what is over is delayed, not dropped.",
            f"{_EVENTBRIDGE}/eb-quota.html",
        ),
        ("targets", "A rule has up to 5 targets, a bus up to 300 rules.", f"{_EVENTBRIDGE}/eb-quota.html"),
        ("eventbridge-topics", "Topics with the transport All or EventBridge travel over it.", _SDK),
    )
)

_TRIGGER = tuple(
    _limit("event_orchestration", *fact)
    for fact in (
        ("workflow-only", "A trigger starts an Architect workflow and nothing else.", _TRIGGER_OVERVIEW),
        ("no-aws-needed", "It needs no AWS account, and nothing of yours has to run.", _TRIGGER_OVERVIEW),
        ("seconds", "An event is usually handled within seconds.", _TRIGGERS),
        (
            "templates-only",
            "A topic's {id} cannot be replaced with an id; criteria pick among events.",
            _TRIGGERS,
        ),
        (
            "ttl-or-delay",
            "An event too old (10 seconds or more) is dropped, or the workflow is started 60 to 900 seconds later; not both.",
            _PROVIDER,
        ),
        (
            "primitives",
            "A workflow receives top-level text, numbers and booleans, or the whole body as JSON.",
            _PROVIDER,
        ),
        ("trigger-topics", "Topics with the transport All or ProcessAutomation start workflows.", _SDK),
    )
)

LIMITS: dict[str, Limit] = {limit.name: limit for limit in (*_NOTIFICATIONS, *_BUS, *_TRIGGER)}
"""Name -> limit."""

CHANNEL_TOPICS = 1000
"""See `topics-a-channel`."""
CHANNELS = 20
"""See `channels`."""
