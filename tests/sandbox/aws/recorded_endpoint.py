"""An HTTP server on 127.0.0.1 that remembers what it was asked and answers as told."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request; the names of its headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Endpoint:
    """What was asked so far, and what is answered: the next of ``answers``, and 200 when there is none left."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    delay_seconds: float = 0.0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def will_answer(self, *statuses: int, body: Any = None, **headers: str) -> None:
        """Answer the next requests so; ``Retry_After`` is a header's name."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, fields, body) for status in statuses]


@contextlib.contextmanager
def run_endpoint() -> Iterator[Endpoint]:
    """The endpoint for the length of a ``with`` block."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            endpoint.asked.append(Asked(self.command, self.path, headers, self.rfile.read(size).decode()))
            time.sleep(endpoint.delay_seconds)
            status, fields, body = endpoint.answers.pop(0) if endpoint.answers else (200, {}, None)
            text = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**fields, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(text)

        do_GET = do_POST = do_PUT = answer  # noqa: N815  # names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint = Endpoint(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
