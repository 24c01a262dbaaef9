"""The conversation detail query, over events that were emitted."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from genesys_organization import Organization

DETAILS = "/api/v2/analytics/conversations/details/query"
PREFIX = "v2.detail.events.conversation.{id}."
TODAY = "{:%Y-%m-%d}T00:00:00Z/2999-01-01T00:00:00Z"


def emit(organization: Organization, kind: str, identity: str, **settings: Any) -> None:
    paths = {"eventBody.conversationId": identity} | {f"eventBody.{k}": v for k, v in settings.items()}
    organization.must("POST", "/_sandbox/emit", {"topic": PREFIX + kind, "set": paths})


def query(organization: Organization, **body: Any) -> Any:
    interval = TODAY.format(datetime.now(timezone.utc))
    return organization.must("POST", DETAILS, {"interval": interval} | body)


def matching(dimension: str, value: str) -> list[dict[str, Any]]:
    predicate = {"type": "dimension", "dimension": dimension, "operator": "matches", "value": value}
    return [{"type": "and", "predicates": [predicate]}]


def test_a_conversation_is_put_together_from_its_events(organization: Organization) -> None:
    """Start, end, participants and sessions, as far as the events tell."""
    emit(organization, "customer.start", "c1", participantId="p1", eventTime=1_900_000_000_000)
    emit(organization, "user.end", "c1", participantId="p2", eventTime=1_900_000_030_000)
    emit(organization, "customer.end", "c1", participantId="p1", eventTime=1_900_000_060_000)
    answer = query(organization)
    (found,) = answer["conversations"]
    assert answer["totalHits"] == 1
    assert (found["conversationStart"], found["conversationEnd"]) == (
        "2030-03-17T17:46:40.000Z",
        "2030-03-17T17:47:40.000Z",
    )
    purposes = [(one["participantId"], one["purpose"]) for one in found["participants"]]
    assert purposes == [("p1", "customer"), ("p2", "agent")]
    assert found["participants"][1]["sessions"][0]["segments"][0]["segmentEnd"] == "2030-03-17T17:47:10.000Z"
    assert organization.get("/api/v2/analytics/conversations/c1/details") == found


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"conversationFilters": matching("conversationId", "c2")}, ["c2"]),
        ({"segmentFilters": matching("mediaType", "chat")}, ["c1"]),
        ({"segmentFilters": matching("queueId", "q9")}, ["c2"]),
        ({"segmentFilters": matching("queueId", "nobody")}, []),
        ({"order": "desc"}, ["c2", "c1"]),
        ({"paging": {"pageSize": 1, "pageNumber": 2}}, ["c2"]),
        ({"interval": "2001-01-01T00:00:00Z/2001-01-02T00:00:00Z"}, []),
    ],
)
def test_conversations_are_filtered_and_paged(
    organization: Organization, asked: dict[str, Any], expected: list[str]
) -> None:
    """By dimensions of the conversation and of its segments."""
    emit(organization, "customer.start", "c1", eventTime=1_900_000_000_000)
    emit(organization, "user.end", "c2", queueId="q9", eventTime=1_900_000_001_000)
    assert [one["conversationId"] for one in query(organization, **asked)["conversations"]] == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"interval": "now"},
        {"segmentFilters": matching("colour", "red")},
        {"paging": {"pageSize": 101}},
        {"orderBy": "colour"},
    ],
)
def test_queries_that_the_emulator_cannot_answer(organization: Organization, asked: dict[str, Any]) -> None:
    """400, rather than too much."""
    emit(organization, "customer.start", "c1")
    body = {"interval": TODAY.format(datetime.now(timezone.utc))} | asked
    assert organization.call("POST", DETAILS, body).status == 400


def test_the_sdk_reads_conversations(sdk: Any, client: Any, organization: Organization) -> None:
    """As gaps are filled."""
    emit(organization, "customer.end", "c1")
    body = {"interval": TODAY.format(datetime.now(timezone.utc))}
    answer = sdk.AnalyticsApi(client).post_analytics_conversations_details_query(body)
    assert [one.conversation_id for one in answer.conversations] == ["c1"]
    assert answer.conversations[0].conversation_end is not None
