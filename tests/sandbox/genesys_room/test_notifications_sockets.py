"""The socket of a channel: TLS, proxies, and in which words it is lost."""

import contextlib
import datetime
import http
import ipaddress
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.sync.server import serve

from gcbridge.genesys.notifications.sockets import SocketLostError, open_socket

pytestmark = pytest.mark.sandbox


@contextlib.contextmanager
def serving(handle, **options):
    """A WebSocket server on a free port; its address."""
    with serve(handle, "127.0.0.1", 0, **options) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            scheme = "wss" if "ssl" in options else "ws"
            yield f"{scheme}://127.0.0.1:{server.socket.getsockname()[1]}/channels/c-1"
        finally:
            server.shutdown()
            thread.join()


def lost(uri, seconds=5.0):
    """Why no socket opens."""
    with pytest.raises(SocketLostError) as caught:
        open_socket(uri, seconds)
    return caught.value


def test_texts_come_and_pings_go():
    """None where nothing comes in time; a large text is no problem."""
    received = []

    def handle(connection):
        received.append(connection.recv())
        connection.send("x" * 5_000_000)
        connection.recv()

    with serving(handle) as uri:
        opened = open_socket(uri, 5)
        assert opened.receive(0.05) is None
        opened.ping()
        assert len(opened.receive(5)) == 5_000_000
        opened.close()

    assert received == ['{"message":"ping"}']


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (
            lambda connection: connection.close(1001, "maintenance"),
            r"Genesys Cloud closed the socket \(1001, maintenance\)",
        ),
        (lambda connection: connection.close(), r"Genesys Cloud closed the socket \(1000\)"),
        (lambda connection: connection.socket.shutdown(socket.SHUT_RDWR), "the connection broke"),
    ],
)
def test_a_socket_that_ends_says_how(end, reason):
    """What was sent before is read first."""

    def handle(connection):
        connection.send("last words")
        end(connection)

    with serving(handle) as uri:
        opened = open_socket(uri, 5)
        assert opened.receive(5) == "last words"
        with pytest.raises(SocketLostError, match=reason):
            opened.receive(5)
        opened.close()
        with pytest.raises(SocketLostError):
            opened.ping()


@pytest.mark.parametrize(
    ("status", "is_refused"),
    [(404, True), (401, True), (403, False), (429, False), (500, False), (503, False)],
)
def test_a_refused_socket_says_whether_the_channel_is_to_blame(status, is_refused):
    """Then another channel is needed; else waiting helps."""

    def refuse(connection, _request):
        return connection.respond(http.HTTPStatus(status), "no")

    with serving(lambda _connection: None, process_request=refuse) as uri:
        error = lost(uri)

    assert (error.reason, error.is_refused) == (f"the socket is refused with HTTP {status}", is_refused)


def test_nobody_listens():
    """The port is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        error = lost(f"ws://127.0.0.1:{probe.getsockname()[1]}/channels/c-1")

    assert error.reason.startswith("no connection: ")
    assert not error.is_refused


def test_a_server_that_does_not_answer_is_not_waited_for():
    """It takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        lost(f"ws://127.0.0.1:{silent.getsockname()[1]}/channels/c-1", seconds=0.3)

    assert time.monotonic() - started < 3


def test_an_address_that_is_none():
    """The API may answer anything."""
    assert "no connection" in lost("http://example.com").reason


def self_signed(folder):
    """A server's TLS context with a certificate that nobody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_that_nobody_knows_is_refused(tmp_path):
    """As for requests of the API."""
    with serving(lambda _connection: None, ssl=self_signed(tmp_path)) as uri:
        error = lost(uri)

    assert "CERTIFICATE_VERIFY_FAILED" in error.reason


@contextlib.contextmanager
def recording_proxy():
    """Notes what it is asked for, and refuses."""
    asked = []

    def answer(server):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection:
                    asked.append(connection.recv(4096).decode())
                    connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, args=(server,))
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    ("uri", "variable"),
    [
        ("wss://streaming.example.invalid/channels/c-1", "HTTPS_PROXY"),
        ("ws://streaming.example.invalid/c", "HTTP_PROXY"),
    ],
)
def test_a_proxy_is_used(monkeypatch, uri, variable):
    """The one of the environment, with its login."""
    with recording_proxy() as (address, asked):
        monkeypatch.setenv(variable, f"http://ada:hush@{address}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        error = lost(uri)

    assert asked[0].startswith("CONNECT streaming.example.invalid:")
    assert "Proxy-Authorization: Basic " in asked[0]
    assert "proxy" in error.reason
    assert "hush" not in error.reason


@pytest.mark.parametrize(
    ("uri", "exempt"),
    [
        ("wss://streaming.example.invalid/channels/c-1", "example.invalid"),
        ("ws://127.0.0.1:9/channels/c-1", ""),
        ("ws://localhost:9/channels/c-1", ""),
    ],
)
def test_a_proxy_is_not_used_for_everything(monkeypatch, uri, exempt):
    """NO_PROXY counts, and this machine needs none."""
    with recording_proxy() as (address, asked):
        for variable in ("HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(variable, f"http://{address}")
        monkeypatch.setenv("NO_PROXY", exempt)
        monkeypatch.setenv("no_proxy", exempt)
        lost(uri, seconds=2)

    assert asked == []
