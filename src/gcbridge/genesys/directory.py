"""Ids of all objects of one kind, page by page: what a template topic is expanded to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from gcbridge.genesys.session import Apis, Session
from gcbridge.study.notifications.expansion import ObjectKind

PAGE_SIZE = 100
"""The most that every paged listing takes (some take more)."""


class Listing(NamedTuple):
    """How one kind of object is listed.

    Args:
        api: an API object of the session.
        method: its method.
        paging: `numbered` by pages, `whole` at once, or `linked`: the answer names what comes `after`.
    """

    api: str
    method: str
    paging: Literal["numbered", "whole", "linked"] = "numbered"


LISTINGS: dict[ObjectKind, Listing] = {
    "attempt limits": Listing("outbound", "get_outbound_attemptlimits"),
    "business units": Listing("workforce", "get_workforcemanagement_businessunits", "whole"),
    "callable time sets": Listing("outbound", "get_outbound_callabletimesets"),
    "campaign rules": Listing("outbound", "get_outbound_campaignrules"),
    "campaigns": Listing("outbound", "get_outbound_campaigns"),
    "contact list filters": Listing("outbound", "get_outbound_contactlistfilters"),
    "contact lists": Listing("outbound", "get_outbound_contactlists"),
    "DNC lists": Listing("outbound", "get_outbound_dnclists"),
    "edges": Listing("telephony", "get_telephony_providers_edges"),
    "flow outcomes": Listing("architect", "get_flows_outcomes"),
    "flows": Listing("architect", "get_flows"),
    "groups": Listing("groups", "get_groups"),
    "integrations": Listing("integrations", "get_integrations"),
    "management units": Listing("workforce", "get_workforcemanagement_managementunits"),
    "messaging campaigns": Listing("outbound", "get_outbound_messagingcampaigns"),
    "OAuth clients": Listing("oauth", "get_oauth_clients", "whole"),
    "operational events": Listing("operational_events", "get_usage_events_definitions", "whole"),
    "phones": Listing("telephony", "get_telephony_providers_edges_phones"),
    "prompts": Listing("architect", "get_architect_prompts"),
    "queues": Listing("routing", "get_routing_queues"),
    "response sets": Listing("outbound", "get_outbound_callanalysisresponsesets"),
    "rule sets": Listing("outbound", "get_outbound_rulesets"),
    "sequences": Listing("outbound", "get_outbound_sequences"),
    "teams": Listing("teams", "get_teams", "linked"),
    "trunks": Listing("telephony", "get_telephony_providers_edges_trunks"),
    "users": Listing("users", "get_users"),
    "web deployment configurations": Listing("web_deployments", "get_webdeployments_configurations", "whole"),
    "web deployments": Listing("web_deployments", "get_webdeployments_deployments", "linked"),
    "wrap-up codes": Listing("routing", "get_routing_wrapupcodes"),
}


class _Page(NamedTuple):
    """Ids of one page, the number of pages, and where the next one begins."""

    ids: tuple[str, ...]
    pages: int
    after: str | None


def list_ids(session: Session, kind: ObjectKind) -> tuple[str, ...]:
    """Ids of all objects of a kind, each once, in the order of the API.

    Users, groups and units of workforce management need no permission, by the API documentation; the others that of
    viewing the object, such as `routing:queue:view` (docs of PureCloudPlatformClientV2).

    Args:
        session: logs in when needed.
        kind: what to list.

    Raises:
        GenesysRefusedError: a permission is missing.
        GenesysError: no answer.
    """
    listing = LISTINGS[kind]
    pages = {"numbered": _numbered_pages, "whole": _whole_page, "linked": _linked_pages}[listing.paging]
    return tuple(dict.fromkeys(identity for page in pages(session, listing) for identity in page.ids))


def _numbered_pages(session: Session, listing: Listing) -> Iterator[_Page]:
    number, count = 1, 1
    while number <= count:
        page = _ask(session, listing, {"page_size": PAGE_SIZE, "page_number": number})
        yield page
        number, count = number + 1, page.pages


def _whole_page(session: Session, listing: Listing) -> Iterator[_Page]:
    yield _ask(session, listing, {})


def _linked_pages(session: Session, listing: Listing) -> Iterator[_Page]:
    asked: dict[str, Any] | None = {"page_size": str(PAGE_SIZE)}
    while asked is not None:
        page = _ask(session, listing, asked)
        yield page
        asked = {**asked, "after": page.after} if page.after else None


def _ask(session: Session, listing: Listing, asked: dict[str, Any]) -> _Page:
    return session.call(lambda apis: _read_page(apis, listing, asked))


def _read_page(apis: Apis, listing: Listing, asked: dict[str, Any]) -> _Page:
    page = getattr(getattr(apis, listing.api), listing.method)(**asked)
    links = parse_qs(urlsplit(getattr(page, "next_uri", None) or "").query)
    return _Page(
        ids=tuple(entity.id for entity in page.entities or () if entity.id),
        pages=getattr(page, "page_count", None) or 1,
        after=links.get("after", [None])[0],
    )
