"""Reads what EventBridge itself sends on to: event buses, API destinations and their connections."""

from __future__ import annotations

from typing import Any

from gcbridge.aws.session import Aws
from gcbridge.aws.target_readers.reading import documents, look_up, missing, only_given
from gcbridge.model.resource import ResourceObservation

SESSION_NAME = "gcbridge"


def read_event_bridge(aws: Aws, arn: str) -> ResourceObservation:
    """An API destination or a connection.

    IAM actions: events:DescribeApiDestination, events:DescribeConnection.
    """
    kind, name = arn.split(":", 5)[5].split("/")[:2]
    if kind == "connection":
        return _read_connection(aws, arn, name)
    answer = look_up(
        aws.events, "reading an API destination", arn, lambda: aws.events.describe_api_destination(Name=name)
    )
    # Another of the same name has another id at the end of its ARN.
    if answer is None or answer.get("ApiDestinationArn", arn) != arn:
        return missing(arn)
    return ResourceObservation(
        arn=arn,
        exists=True,
        state=answer.get("ApiDestinationState", ""),
        refers_to=only_given(connection=answer.get("ConnectionArn")),
    )


def _read_connection(aws: Aws, arn: str, name: str) -> ResourceObservation:
    answer = look_up(
        aws.events, "reading a connection", arn, lambda: aws.events.describe_connection(Name=name)
    )
    if answer is None:
        return missing(arn)
    return ResourceObservation(arn=arn, exists=True, state=answer.get("ConnectionState", ""))


def read_event_bus(aws: Aws, arn: str, receiver_role: str | None) -> ResourceObservation:
    """An event bus with its policy, read in its own region and, through a role, in its own account.

    Args:
        aws: where to ask first.
        arn: of the bus.
        receiver_role: role in the account of the bus; None: this session's own identity asks.

    IAM actions: events:DescribeEventBus; sts:AssumeRole on `assume_role_arn`, where a target has one.
    """
    events = _events_client(aws, arn.split(":")[3], receiver_role)
    answer = look_up(
        events,
        "reading an event bus",
        arn,
        lambda: events.describe_event_bus(Name=_bus_name(aws, arn, receiver_role)),
    )
    if answer is None:
        return missing(arn)
    return ResourceObservation(arn=arn, exists=True, policies=documents(answer.get("Policy")))


def _bus_name(aws: Aws, arn: str, receiver_role: str | None) -> str:
    """A bus of another account answers to its ARN only."""
    at_home = receiver_role is not None or arn.split(":")[4] == aws.account.account_id
    return arn.partition(":event-bus/")[2] if at_home else arn


def _events_client(aws: Aws, region: str, role: str | None) -> Any:
    if role is None and region == aws.account.region:
        return aws.events
    open_client: Any = aws.open_client
    if role is None:
        return open_client("events", region_name=region)
    found = look_up(
        aws.sts,
        "assuming the role in the account of an event bus",
        role,
        lambda: aws.sts.assume_role(RoleArn=role, RoleSessionName=SESSION_NAME),
    )
    keys: dict[str, Any] = dict(found["Credentials"]) if found else {}
    return open_client(
        "events",
        region_name=region,
        aws_access_key_id=keys.get("AccessKeyId"),
        aws_secret_access_key=keys.get("SecretAccessKey"),
        aws_session_token=keys.get("SessionToken"),
    )
