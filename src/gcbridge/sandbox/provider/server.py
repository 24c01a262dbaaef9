"""The go-plugin side: a handshake on stdout, gRPC over TLS on a private unix socket, and a clean end."""

from __future__ import annotations

import os
import queue
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc

from gcbridge.sandbox.provider.certificate import make_certificate
from gcbridge.sandbox.provider.genesyscloud import GenesysCloudProvider
from gcbridge.sandbox.provider.servicer import provider_service

# Terraform's fixed value (internal/plugin/serve.go): it only tells a person's shell from Terraform.
MAGIC_COOKIE = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
PROTOCOL_VERSION = 6
PARENT_CHECK_INTERVAL = 1.0
"""Seconds between two looks at whether Terraform is still there."""

_LARGEST_MESSAGE = 256 << 20

# put() of a SimpleQueue may be called from a signal handler, Event.set() may deadlock there.
StopRequests = queue.SimpleQueue[str]


def _go_plugin_services(stop_requests: StopRequests) -> tuple[grpc.GenericRpcHandler, ...]:
    """The two services of go-plugin itself. Their messages are empty, so bytes go through as they are."""

    def shut_down(_request: bytes, _context: grpc.ServicerContext) -> bytes:
        stop_requests.put("Shutdown")
        return b""

    def stream_stdio(_request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        # It carries nothing and must end with its call, or it keeps one pool thread for every command.
        ended = threading.Event()
        if context.add_callback(ended.set):
            ended.wait()
        return iter(())

    unary, stream = grpc.unary_unary_rpc_method_handler, grpc.unary_stream_rpc_method_handler
    return (
        grpc.method_handlers_generic_handler("plugin.GRPCController", {"Shutdown": unary(shut_down)}),
        grpc.method_handlers_generic_handler("plugin.GRPCStdio", {"StreamStdio": stream(stream_stdio)}),
    )


def serve(provider: GenesysCloudProvider, environment: Mapping[str, str]) -> None:
    """Serve Terraform until it says Shutdown, sends SIGTERM or disappears; does not return.

    SIGINT is ignored: Ctrl-C reaches the whole process group, and Terraform decides when its plugins end.
    """
    name, expected = MAGIC_COOKIE
    if environment.get(name) != expected:
        sys.exit("This is a Terraform provider: Terraform starts it, it has no use on its own.")
    parent, stop_requests = os.getppid(), StopRequests()
    _stop_on_signals(stop_requests)
    server = _make_server(provider, stop_requests)
    # mkdtemp makes the folder 0700: nobody else reaches the socket.
    with tempfile.TemporaryDirectory(prefix="gcbridge-provider-") as folder:
        handshake = _bind(server, f"{folder}/socket", encrypted=bool(environment.get("PLUGIN_CLIENT_CERT")))
        server.start()
        print(handshake, flush=True)
        _wait_for_end(stop_requests, parent)
        server.stop(grace=0.1).wait(1)
    # Pool threads are no daemons: one that waits for a slow HTTP answer would keep the process alive.
    os._exit(0)


def _stop_on_signals(stop_requests: StopRequests) -> None:
    def request_stop(number: int, _frame: FrameType | None) -> None:
        stop_requests.put(signal.Signals(number).name)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, request_stop)
    signal.signal(signal.SIGHUP, request_stop)


def _make_server(provider: GenesysCloudProvider, stop_requests: StopRequests) -> grpc.Server:
    limits = [(f"grpc.max_{way}_message_length", _LARGEST_MESSAGE) for way in ("receive", "send")]
    server = grpc.server(ThreadPoolExecutor(16, thread_name_prefix="rpc"), options=limits)
    server.add_generic_rpc_handlers((provider_service(provider), *_go_plugin_services(stop_requests)))
    return server


def _bind(server: grpc.Server, socket: str, *, encrypted: bool) -> str:
    """Bind the socket; returns core version | protocol | network | address | kind | certificate."""
    line = f"1|{PROTOCOL_VERSION}|unix|{socket}|grpc"
    if not encrypted:
        server.add_insecure_port(f"unix:{socket}")
        return line
    certificate = make_certificate()
    # gRPC refuses Terraform's P-521 client certificate: the folder's mode keeps others out instead.
    pair = [(certificate.key, certificate.certificate)]
    server.add_secure_port(f"unix:{socket}", grpc.ssl_server_credentials(pair))
    return f"{line}|{certificate.handshake}"


def _wait_for_end(stop_requests: StopRequests, parent: int) -> None:
    while os.getppid() == parent:
        try:
            stop_requests.get(timeout=PARENT_CHECK_INTERVAL)
        except queue.Empty:
            continue
        return
