"""The socket of one channel: the only place that knows `websockets`."""

from __future__ import annotations

import contextlib
import ssl
from functools import cache
from urllib.request import getproxies, proxy_bypass

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.uri import parse_uri

from gcbridge.genesys.sdk import load_sdk
from gcbridge.genesys.transport import _is_this_machine
from gcbridge.study.notifications.messages import PING

_CLOSE_SECONDS = 1
_LARGEST_MESSAGE = 16 * 2**20


GONE = frozenset({401, 404, 410})
"""Answers to a handshake that say the channel, or the token that it was made with, is no more; a proxy may say anything else, and a new channel would not help."""


class SocketLostError(Exception):
    """No socket stands, or it stands no more.

    Args:
        reason: a clause for people.
        is_refused: the other side said no to this channel, so another one is needed.
    """

    def __init__(self, reason: str, *, is_refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_refused = is_refused


class Socket:
    """One open socket.

    Args:
        connection: of `websockets`.
        opened: closes it.
    """

    def __init__(self, connection: ClientConnection, opened: contextlib.ExitStack) -> None:
        self._connection = connection
        self._opened = opened

    def receive(self, timeout: float) -> str | bytes | None:
        """The next text; None if none came in so many seconds.

        Raises:
            SocketLostError: the socket is closed.
        """
        try:
            return self._connection.recv(timeout=max(0.0, timeout))
        except TimeoutError:
            return None
        except ConnectionClosed as closed:
            raise SocketLostError(_say_closed(closed)) from closed
        except (OSError, WebSocketException) as error:
            raise SocketLostError(f"the connection broke: {error}") from error

    def ping(self) -> None:
        """Asks for a pong, by the service's own message."""
        try:
            self._connection.send(PING)
        except (OSError, WebSocketException) as error:
            raise SocketLostError(f"the connection broke: {error}") from error

    def close(self) -> None:
        """Closes it, within a second; whoever receives gets SocketLostError."""
        with contextlib.suppress(OSError, WebSocketException):
            self._opened.close()


def open_socket(uri: str, connect_seconds: float) -> Socket:
    """Connects to a channel's address.

    TLS is what the SDK uses for the API; the proxy is the one that requests of the API take.

    Args:
        uri: `connectUri` of the channel.
        connect_seconds: how long it may take.

    Raises:
        SocketLostError: no connection, or the channel is refused.
    """
    opened = contextlib.ExitStack()
    try:
        # From websockets 17 on, a connection wants to be entered, however it is closed later.
        connection = opened.enter_context(
            connect(
                uri,
                ssl=_tls() if parse_uri(uri).secure else None,
                proxy=_proxy(uri),
                open_timeout=connect_seconds,
                close_timeout=_CLOSE_SECONDS,
                ping_interval=None,
                max_size=_LARGEST_MESSAGE,
                max_queue=1024,
            )
        )
    except InvalidStatus as refusal:
        status = refusal.response.status_code
        raise SocketLostError(
            f"the socket is refused with HTTP {status}", is_refused=status in GONE
        ) from refusal
    except (OSError, WebSocketException) as error:
        raise SocketLostError(f"no connection: {error}") from error
    return Socket(connection, opened)


@cache
def _tls() -> ssl.SSLContext:
    configuration = load_sdk().Configuration()
    configuration.create_mtls_or_ssl_context()
    context = configuration.ssl_context
    assert isinstance(context, ssl.SSLContext), "the SDK makes one"
    return context


def _proxy(uri: str) -> str | None:
    """HTTPS_PROXY and NO_PROXY count, but not for this machine, as for requests of the API."""
    address = parse_uri(uri)
    proxy = getproxies().get("https" if address.secure else "http")
    return None if not proxy or _is_this_machine(address.host) or proxy_bypass(address.host) else proxy


def _say_closed(closed: ConnectionClosed) -> str:
    frame = closed.rcvd
    if frame is None:
        return "the connection broke"
    return f"Genesys Cloud closed the socket ({frame.code}{f', {frame.reason}' if frame.reason else ''})"
