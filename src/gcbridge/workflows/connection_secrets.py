"""Secrets of API destinations: found before anything is changed, set once Terraform has made the connections."""

from __future__ import annotations

from dataclasses import dataclass

from gcbridge.aws.connections import set_connection_secret
from gcbridge.aws.secrets import read_secret
from gcbridge.aws.session import Aws
from gcbridge.errors import GcbridgeError
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Progress
from gcbridge.model.target import ApiDestinationTarget
from gcbridge.model.target_options_spec import AuthorizationSpec, SecretSpec
from gcbridge.workflows.rooms import Rooms


@dataclass(frozen=True)
class ConnectionSecret:
    """A connection, and where its secret comes from.

    Args:
        connection: its name.
        authorization: what was written of it.
    """

    connection: str
    authorization: AuthorizationSpec

    @property
    def origin(self) -> str:
        """Where the secret is kept, for people."""
        return describe_origin(self.authorization.secret)


def describe_origin(secret: SecretSpec) -> str:
    """Where a secret is kept, for people."""
    if secret.environment_variable:
        return f"environment variable {secret.environment_variable}"
    return f"secret {secret.secret_arn}"


def connection_secrets(bridge: Bridge) -> tuple[ConnectionSecret, ...]:
    """Every connection of a bridge that is given a secret after the apply."""
    return tuple(
        ConnectionSecret(target.destination_name, target.spec.authorization)
        for target in bridge.targets
        if isinstance(target, ApiDestinationTarget) and target.spec.authorization
    )


def tell_connection_secrets(rooms: Rooms, bridge: Bridge) -> None:
    """Whoever reads a plan learns what apply does beside it."""
    for needed in connection_secrets(bridge):
        message = f"will be given its secret from {needed.origin} after the apply"
        rooms.watch(Progress(f"connection {needed.connection}", "note", message))


def check_connection_secrets(rooms: Rooms, bridge: Bridge, aws: Aws) -> None:
    """An apply that could not give a connection its secret does not begin.

    Raises:
        GcbridgeError: a secret is missing or may not be read.
    """
    for needed in connection_secrets(bridge):
        read_secret(aws, needed.authorization.secret, rooms.environ)


def set_connection_secrets(rooms: Rooms, bridge: Bridge, aws: Aws) -> None:
    """Every connection has the secret that is in force now; a rotated one arrives with the next apply.

    Raises:
        GcbridgeError: a secret is missing, may not be read, or was refused.
    """
    for needed in connection_secrets(bridge):
        secret = read_secret(aws, needed.authorization.secret, rooms.environ)
        set_connection_secret(aws, needed.connection, needed.authorization, secret)
        message = f"has its secret from {needed.origin}"
        rooms.watch(Progress(f"connection {needed.connection}", "note", message))


def restore_connection_secrets(rooms: Rooms, bridge: Bridge, aws: Aws) -> None:
    """After an apply that failed, every connection that exists has its secret; what could not be given is told.

    Terraform may have changed a connection before something else failed, and has then put its placeholder there.
    """
    for needed in connection_secrets(bridge):
        subject = f"connection {needed.connection}"
        try:
            secret = read_secret(aws, needed.authorization.secret, rooms.environ)
            set_connection_secret(aws, needed.connection, needed.authorization, secret)
        except GcbridgeError as error:
            rooms.watch(Progress(subject, "note", f"was not given its secret: {error.summary}"))
        else:
            rooms.watch(Progress(subject, "note", f"has its secret from {needed.origin}"))
