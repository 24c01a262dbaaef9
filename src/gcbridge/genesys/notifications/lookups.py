"""What the API is asked for when a gap is filled, one function a question; answers are plain JSON."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gcbridge.errors import GenesysError
from gcbridge.genesys.notifications.plain import plain
from gcbridge.genesys.session import Apis, Session
from gcbridge.study.notifications.filled_audits import services_of

Json = dict[str, Any]

_IDS_A_CALL = 50
"""Limit of `GET /api/v2/users/presences/purecloud/bulk` (docs of PureCloudPlatformClientV2)."""
_PAGE_SIZE = 100
_MOST_PREDICATES = 50
"""Beyond, all conversations of the interval are asked for, and those of interest picked out of them."""
_FIRST_POLL_SECONDS, _LONGEST_POLL_SECONDS = 0.1, 5.0
_POLLS = 60
"""Within about five minutes."""


def presences(session: Session, user_ids: Sequence[str]) -> Iterator[Json]:
    """Presences of users, 50 a call; no permission."""
    for chunk in _chunks(user_ids):
        yield from session.call(functools.partial(_read_presences, ids=chunk))


def users(session: Session, user_ids: Sequence[str], expand: Sequence[str]) -> Iterator[Json]:
    """Users with parts of their state, 50 a call; no permission.

    Args:
        session: logs in when needed.
        user_ids: whose.
        expand: such as `routingStatus`.
    """
    for chunk in _chunks(user_ids):
        yield from session.call(functools.partial(_read_users, ids=chunk, expand=list(expand)))


def members(session: Session, queue_id: str) -> list[Json]:
    """All members of a queue; needs `routing:queue:view`. The listing does not say how many pages it has."""
    found: list[Json] = []
    for number in itertools.count(1):
        page = session.call(functools.partial(_read_members, queue_id=queue_id, number=number))
        found += page
        if len(page) < _PAGE_SIZE:
            break
    return found


def conversations(
    session: Session, interval: str, *, dimension: str, values: Sequence[str]
) -> Iterator[Json]:
    """Conversations of an interval as analytics has them; needs `analytics:conversationDetail:view`.

    A conversation that began on an earlier day than the interval touches is not among them (docs of the SDK,
    ConversationQuery).

    Args:
        session: logs in when needed.
        interval: begin and end, ISO 8601, with a slash between.
        dimension: `userId`, `queueId` or `conversationId`.
        values: ids of interest.
    """
    body: Json = {"interval": interval, "order": "asc", "orderBy": "conversationStart"}
    kind = "conversationFilters" if dimension == "conversationId" else "segmentFilters"
    if len(values) <= _MOST_PREDICATES:
        body |= {kind: [_filter(dimension, values)]}
    for number in itertools.count(1):
        paged = body | {"paging": {"pageSize": _PAGE_SIZE, "pageNumber": number}}
        found = session.call(functools.partial(_read_conversations, body=paged))
        yield from found
        if len(found) < _PAGE_SIZE:
            return


def audits(session: Session, interval: str, entity_type: str, ending: threading.Event) -> Iterator[Json]:
    """Audits of an entity type, of all services that write such; needs `audits:audit:view`.

    Args:
        session: logs in when needed.
        interval: begin and end, ISO 8601, with a slash between.
        entity_type: such as `Integration`.
        ending: ends the waiting for results.

    Raises:
        GenesysError: a query did not end, or failed.
    """
    mapping = session.call(lambda apis: plain(apis.audit.get_audits_query_servicemapping()))
    for service in services_of(entity_type, mapping):
        body = {
            "interval": interval,
            "serviceName": service,
            "filters": [{"property": "EntityType", "value": entity_type}],
            "sort": [{"name": "Timestamp", "sortOrder": "ascending"}],
        }
        yield from _query_audits(session, body, ending)


def _query_audits(session: Session, body: Json, ending: threading.Event) -> Iterator[Json]:
    begun = session.call(lambda apis: plain(apis.audit.post_audits_query(body)))
    for number in range(_POLLS):
        if begun.get("state") == "Succeeded" or ending.is_set():
            break
        if begun.get("state") in {"Failed", "Cancelled"}:
            raise _query_failed(begun)
        ending.wait(min(_FIRST_POLL_SECONDS * 2**number, _LONGEST_POLL_SECONDS))
        begun = session.call(functools.partial(_read_audit_query, query=begun["id"]))
    else:
        raise _query_failed(begun)
    cursor: str | None = ""
    while cursor is not None and not ending.is_set():
        read = functools.partial(_read_audits, query=begun["id"], cursor=cursor)
        found, cursor = session.call(read)
        yield from found


def _read_presences(apis: Apis, ids: list[str]) -> list[Json]:
    return [plain(one) for one in apis.presence.get_users_presences_purecloud_bulk(id=ids) or ()]


def _read_users(apis: Apis, ids: list[str], expand: list[str]) -> list[Json]:
    page = apis.users.get_users(id=ids, expand=expand, page_size=len(ids))
    return [plain(user) for user in page.entities or ()]


def _read_members(apis: Apis, queue_id: str, number: int) -> list[Json]:
    page = apis.routing.get_routing_queue_members(queue_id, page_size=_PAGE_SIZE, page_number=number)
    return [plain(member) for member in page.entities or ()]


def _read_conversations(apis: Apis, body: Json) -> list[Json]:
    answer = apis.analytics.post_analytics_conversations_details_query(body)
    return [plain(one) for one in answer.conversations or ()]


def _read_audit_query(apis: Apis, query: str) -> Json:
    return dict(plain(apis.audit.get_audits_query_transaction_id(query)))


def _read_audits(apis: Apis, query: str, cursor: str) -> tuple[list[Json], str | None]:
    more = {"cursor": cursor} if cursor else {}
    page = apis.audit.get_audits_query_transaction_id_results(query, page_size=_PAGE_SIZE, **more)
    return [plain(audit) for audit in page.entities or ()], page.cursor or None


def _filter(dimension: str, values: Iterable[str]) -> Json:
    predicates = [
        {"type": "dimension", "dimension": dimension, "operator": "matches", "value": value}
        for value in values
    ]
    return {"type": "or", "predicates": predicates}


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _IDS_A_CALL):
        yield list(ids[start : start + _IDS_A_CALL])


def _query_failed(begun: Json) -> GenesysError:
    return GenesysError(
        f"an audit query ended as {begun.get('state')}",
        where=f"audit query {begun.get('id')}",
        detail=f"service {begun.get('serviceName')}, {begun.get('interval')}",
        hint="ask Genesys support, if it stays",
    )
