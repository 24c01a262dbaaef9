"""What each event adds to the metrics, and what adds nothing."""

import json

import pytest

from queue_metrics import handler

SETTINGS = handler.Settings()
QUEUE = "0f8c2a3e-1111-4222-8333-444455556666"
DETAIL = "v2.detail.events.conversation.{id}."
TIME = 1765551865126


def an_event(topic, body, **envelope):
    """An event as Genesys sends it."""
    return {
        "id": "11111111-2222-4333-8444-777777777777",
        "detail-type": topic,
        "time": "2025-12-12T15:04:25Z",
        "detail": {"eventBody": body, "timestamp": "2025-12-12T15:04:25.431Z"},
        **envelope,
    }


def in_queue(topic, **body):
    """A conversation's event in a queue."""
    known = {
        "eventTime": TIME,
        "conversationId": "c0ffee00-0000-4000-8000-000000000001",
        "mediaType": "VOICE",
        "queueId": QUEUE,
    }
    return an_event(DETAIL + topic, known | body)


def left_queue(outcome, duration=39674):
    """A conversation leaves a queue."""
    return in_queue("acd.end", acdOutcome=outcome, connectedDurationMs=duration)


def routing(status):
    """An agent's routing status changes."""
    body = {
        "id": "e40f28ea-fa86-493f-a5b8-d559c8533c96",
        "routingStatus": {"status": status, "startTime": "2025-12-12T15:04:25.126Z"},
    }
    return an_event("v2.users.{id}.routingStatus", body)


def flow_outcome(**body):
    """A flow outcome is reached."""
    known = {"eventTime": TIME, "flowOutcomeId": "sold", "flowOutcomeValue": "SUCCESS"}
    times = {"flowOutcomeStartTime": 1765551656458, "flowOutcomeEndTime": 1765551660853}
    return an_event(DETAIL + "flow.outcome", known | times | body)


IN_QUEUE = {"QueueId": QUEUE, "MediaType": "VOICE"}


@pytest.mark.parametrize(
    ("event", "dimensions", "values"),
    [
        (in_queue("acd.start"), IN_QUEUE, {"ConversationsQueued": 1}),
        (left_queue("ANSWERED"), IN_QUEUE, {"ConversationsAnswered": 1, "TimeToAnswer": 39674}),
        (left_queue("ABANDON", 0), IN_QUEUE, {"ConversationsAbandoned": 1, "TimeToAbandon": 0}),
        (left_queue("FLOW_OUT", 5), IN_QUEUE, {"ConversationsFlowedOut": 1, "TimeToFlowOut": 5}),
        (left_queue("ANSWERED", None), IN_QUEUE, {"ConversationsAnswered": 1}),
        (left_queue("ANSWERED", -1), IN_QUEUE, {"ConversationsAnswered": 1}),
        (
            in_queue("acd.start", queueId=None, mediaType=None),
            {"QueueId": "unknown", "MediaType": "unknown"},
            {"ConversationsQueued": 1},
        ),
        (routing("IDLE"), {"Status": "IDLE"}, {"RoutingStatusChanges": 1}),
        (
            an_event("v2.users.{id}.routingStatus", {"routingStatus": None, "eventTime": TIME}),
            {"Status": "unknown"},
            {"RoutingStatusChanges": 1},
        ),
        (
            flow_outcome(),
            {"FlowOutcomeId": "sold", "Value": "SUCCESS"},
            {"FlowOutcomes": 1, "TimeToFlowOutcome": 4395},
        ),
        (
            flow_outcome(flowOutcomeEndTime=None, flowOutcomeValue="FAILURE"),
            {"FlowOutcomeId": "sold", "Value": "FAILURE"},
            {"FlowOutcomes": 1},
        ),
    ],
)
def test_an_event_adds_to_these_metrics(event, dimensions, values):
    """One document in the embedded metric format, with the event's own time."""
    document = handler.make_document(event, SETTINGS)

    aws = document.pop("_aws")
    assert aws["Timestamp"] == TIME
    (directive,) = aws["CloudWatchMetrics"]
    assert directive["Namespace"] == "GenesysCloud"
    assert directive["Dimensions"] == [list(dimensions)]
    assert {metric["Name"] for metric in directive["Metrics"]} == set(values)
    assert document == {**dimensions, **values, "EventId": event["id"]}


def test_durations_are_milliseconds_and_the_rest_are_counts():
    """CloudWatch shows both as what they are."""
    (directive,) = handler.make_document(left_queue("ANSWERED"), SETTINGS)["_aws"]["CloudWatchMetrics"]
    assert directive["Metrics"] == [
        {"Name": "ConversationsAnswered", "Unit": "Count"},
        {"Name": "TimeToAnswer", "Unit": "Milliseconds"},
    ]


@pytest.mark.parametrize(
    "event",
    [
        in_queue("customer.end"),
        left_queue("UNKNOWN"),
        left_queue(None),
        an_event("v2.users.{id}.presence", {}),
        {},
        in_queue("acd.start") | {"replay-name": "again"},
    ],
)
def test_other_events_add_nothing(event):
    """Neither do replayed ones: they were counted when they came."""
    assert handler.make_document(event, SETTINGS) is None


def test_a_replay_counts_where_it_is_asked_for():
    """To fill a gap that was never counted."""
    replayed = in_queue("acd.start") | {"replay-name": "gap"}
    assert handler.make_document(replayed, handler.Settings(counts_replayed=True)) is not None


def test_no_id_of_a_conversation_or_person_becomes_a_dimension():
    """Each would be a metric of its own, and paid for."""
    for event in (in_queue("acd.start"), left_queue("ANSWERED"), routing("IDLE"), flow_outcome()):
        (directive,) = handler.make_document(event, SETTINGS)["_aws"]["CloudWatchMetrics"]
        assert set(directive["Dimensions"][0]) <= {"QueueId", "MediaType", "Status", "FlowOutcomeId", "Value"}


@pytest.mark.parametrize(
    ("body", "detail", "envelope", "time"),
    [
        ({"eventTime": 5}, {"timestamp": "1970-01-01T00:00:07Z"}, {}, 5),
        ({"eventTime": "1970-01-01T00:00:05.250Z"}, {}, {}, 5250),
        ({}, {"timestamp": "1970-01-01T00:00:07Z"}, {"time": "1970-01-01T00:00:09Z"}, 7000),
        ({"eventTime": "soon"}, {"timestamp": "1970-01-01T01:00:07+01:00"}, {}, 7000),
        ({}, {}, {"time": "1970-01-01T00:00:09Z"}, 9000),
    ],
)
def test_the_time_is_the_event_s_own(body, detail, envelope, time):
    """The time of arrival only where nothing else is told."""
    assert handler.find_time({"detail": {"eventBody": body, **detail}, **envelope}) == time


def test_an_event_without_a_time_is_refused():
    """It ends in the dead-letter queue rather than in the wrong minute."""
    event = in_queue("acd.start", eventTime=None)
    del event["time"], event["detail"]["timestamp"]
    with pytest.raises(handler.EventRefusedError):
        handler.make_document(event, SETTINGS)


def test_what_is_printed_is_one_line_of_json(capsys, monkeypatch):
    """That is how it reaches CloudWatch."""
    monkeypatch.setenv("NAMESPACE", "Contact/Center")
    assert handler.handle(left_queue("ABANDON"), None) == {"counted": True}
    assert handler.handle(left_queue("UNKNOWN"), None) == {"counted": False}

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Contact/Center"
