"""A small HTTP server that answers as a test tells it, in the shapes of the Genesys Cloud API."""

import contextlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

ORGANIZATION = {"id": "3f1c1d8e-0000-4000-8000-000000000001", "name": "Acme"}
LOGIN = "POST /oauth/token"
ME = "GET /api/v2/organizations/me"


@dataclass
class Answer:
    """What the server sends back; `hang_up` closes the connection instead, `after` waits first."""

    body: object = None
    status: int = 200
    headers: dict = field(default_factory=dict)
    hang_up: bool = False
    after: threading.Event | threading.Barrier | None = None


@dataclass
class Request:
    """What the server was asked."""

    line: str
    query: dict
    headers: dict
    body: str

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)


class ScriptedGenesys:
    """Gives each `METHOD /path` its list of answers in order; the last one stays."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.requests = []
        self._answers = {
            LOGIN: [Answer({"access_token": "token-1", "token_type": "bearer", "expires_in": 86400})]
        }
        self._lock = threading.Lock()

    def answer(self, line, *answers):
        """Sets what a request gets, such as `GET /api/v2/organizations/me`."""
        self._answers[line] = [answer if isinstance(answer, Answer) else Answer(answer) for answer in answers]

    def lines(self):
        """What was asked, in order."""
        return [request.line for request in self.requests]

    def take(self, request):
        """Notes a request and finds its answer."""
        with self._lock:
            self.requests.append(request)
            answers = self._answers.get(request.line)
            if not answers:
                return Answer(
                    {"status": 404, "code": "not.found", "message": f"no {request.line}"}, status=404
                )
            return answers.pop(0) if len(answers) > 1 else answers[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Says nothing on the terminal."""

    def _respond(self):
        length = int(self.headers.get("Content-Length") or 0)
        address = urlsplit(self.path)
        request = Request(
            f"{self.command} {address.path}",
            dict(parse_qsl(address.query)),
            dict(self.headers.items()),
            self.rfile.read(length).decode(),
        )
        answer = self.server.genesys.take(request)
        if answer.after:
            answer.after.wait(10)
        if answer.hang_up:
            self.close_connection = True
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._send(answer)

    def _send(self, answer):
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json", "Inin-Correlation-Id": "c-1", **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_PATCH = _respond  # noqa: N815


@contextlib.contextmanager
def serve_scripted_genesys():
    """Runs the server on a free port of 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.genesys = ScriptedGenesys(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.genesys
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
