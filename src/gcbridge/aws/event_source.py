"""Looks at the partner event source and its bus."""

from __future__ import annotations

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.model.result import EventSourceObservation


def describe_event_source(aws: Aws, name: str) -> EventSourceObservation | None:
    """A partner event source exists in the account and region that the partner named, and nowhere else.

    Args:
        aws: where to look.
        name: full name, `aws.partner/genesys.com/cloud/<org id>/<suffix>`.

    Returns:
        None where the account has no such source.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeEventSource.
    """
    with aws_call(aws.events, "reading the partner event source", where=name):
        try:
            source = aws.events.describe_event_source(Name=name)
        except aws.events.exceptions.ResourceNotFoundException:
            return None
    expires = source.get("ExpirationTime")
    return EventSourceObservation(
        name=source["Name"], state=source["State"], expires_at=expires.isoformat() if expires else ""
    )


def event_bus_exists(aws: Aws, name: str) -> bool:
    """Whether the account has an event bus of that name.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeEventBus.
    """
    with aws_call(aws.events, "reading the event bus", where=name):
        try:
            aws.events.describe_event_bus(Name=name)
        except aws.events.exceptions.ResourceNotFoundException:
            return False
    return True


def list_event_source_names(aws: Aws, prefix: str) -> tuple[str, ...]:
    """Names of the partner event sources that this account and region see, sorted.

    Args:
        aws: where to look.
        prefix: what the names begin with, such as `aws.partner/genesys.com/`.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:ListEventSources.
    """
    names: list[str] = []
    token: str | None = None
    while True:
        with aws_call(aws.events, "listing partner event sources", where=prefix):
            page = (
                aws.events.list_event_sources(NamePrefix=prefix, NextToken=token)
                if token
                else aws.events.list_event_sources(NamePrefix=prefix)
            )
        names += [source["Name"] for source in page.get("EventSources", [])]
        token = page.get("NextToken")
        if not token:
            return tuple(sorted(names))
