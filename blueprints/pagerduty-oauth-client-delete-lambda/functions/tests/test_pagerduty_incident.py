"""One incident for each deleted OAuth client: what is sent, what counts as done, and what is tried again."""

import contextlib
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pagerduty_incident import handler
from pagerduty_incident.handler import Answer, Keys, NotOpenedError, Settings

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pagerduty-AbCdEf"
SETTINGS = Settings("PABC123", "on-call@example.com", ARN)
OPENED = Answer(201, {"incident": {"id": "Q123"}})
OPEN_ALREADY = Answer(
    400,
    {
        "error": {
            "message": "Arguments Caused Error",
            "code": 2002,
            "errors": ["Open incident with matching dedup key already exists on this service"],
        }
    },
)
NO_SUCH_SERVICE = Answer(
    400, {"error": {"message": "Arguments Caused Error", "code": 2002, "errors": ["Service not found"]}}
)


def an_event(**audit):
    """The audit of a deleted OAuth client, as captured; `audit` replaces parts of its body."""
    body = {
        "id": "5c0ffee0-0000-4000-8000-000000000003",
        "userId": "5c0ffee0-0000-4000-8000-000000000002",
        "userHomeOrgId": "0f8c2a3e-1111-4222-8333-444455556666",
        "clientId": {},
        "eventTime": "2021-05-31T09:49:25.000Z",
        "action": "Delete",
        "entityType": "OAuthClient",
        "entity": {"id": "5c0ffee0-0000-4000-8000-000000000001", "name": "My OAuth Client"},
    }
    return {
        "id": "5c0ffee0-0000-4000-8000-000000000004",
        "source": "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/example",
        "detail": {"eventBody": {**body, **audit}, "metadata": {"CorrelationId": "c-1"}},
    }


class PagerDuty:
    """Answers in order, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def post(self, url, headers, body):
        """One request."""
        self.asked.append((url, dict(headers), json.loads(body)))
        return self.answers.pop(0)


class Secrets:
    """A secret that is another one at each read."""

    def __init__(self, *texts):
        self.texts = list(texts)
        self.read = []

    def __call__(self, arn):
        """GetSecretValue."""
        self.read.append(arn)
        return self.texts.pop(0)


def open_incident(pagerduty, *keys, event=None):
    return handler.open_incident(event or an_event(), SETTINGS, Keys(Secrets(*keys)), pagerduty.post)


def test_the_request_is_what_pagerduty_wants():
    """Address, headers and body, to the letter."""
    pagerduty = PagerDuty(OPENED)

    assert open_incident(pagerduty, "key-1\n") == "opened"

    ((url, headers, body),) = pagerduty.asked
    assert url == "https://api.pagerduty.com/incidents"
    assert headers == {
        "Authorization": "Token token=key-1",
        "From": "on-call@example.com",
        "Accept": "application/vnd.pagerduty+json;version=2",
        "Content-Type": "application/json",
    }
    details = body["incident"]["body"].pop("details").splitlines()
    assert body == {
        "incident": {
            "type": "incident",
            "title": "OAuth client deleted in Genesys Cloud: My OAuth Client",
            "service": {"id": "PABC123", "type": "service_reference"},
            "incident_key": "5c0ffee0-0000-4000-8000-000000000001-5c0ffee0-0000-4000-8000-000000000003",
            "body": {"type": "incident_body"},
        }
    }
    assert "by user: 5c0ffee0-0000-4000-8000-000000000002" in details
    assert "by client: not told" in details


def test_the_same_audit_in_another_envelope_has_the_same_key():
    """Genesys Cloud may send an event twice; EventBridge gives the second one an id of its own."""
    first, second = an_event(), {**an_event(), "id": "another"}
    keys = {handler.make_incident(event, SETTINGS)["incident_key"] for event in (first, second)}
    assert len(keys) == 1


def test_two_deletions_have_two_keys():
    """A client cannot be deleted twice, but two clients can have one name."""
    first, second = (
        an_event(),
        an_event(id="another record", entity={"id": "other", "name": "My OAuth Client"}),
    )
    keys = {handler.make_incident(event, SETTINGS)["incident_key"] for event in (first, second)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("audit", "title"),
    [
        ({"entity": {"id": "c", "name": 'a "quoted"\nname'}}, 'a "quoted" name'),
        ({"entity": {"id": "c"}}, "without a name"),
        ({"entity": {"id": "c", "name": " "}}, "without a name"),
        ({"entity": {"id": "c", "name": "x" * 300}}, "x" * 200),
    ],
)
def test_a_name_cannot_keep_the_incident_from_being_opened(audit, title):
    """Whatever stands in it, the body is JSON and the title is not too long."""
    incident = handler.make_incident(an_event(**audit), SETTINGS)
    assert json.loads(json.dumps(incident))["title"] == f"OAuth client deleted in Genesys Cloud: {title}"


def test_an_incident_that_is_open_already_is_done():
    """Lambda delivers at least once, and so does EventBridge."""
    assert open_incident(PagerDuty(OPEN_ALREADY), "key") == "open already"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NO_SUCH_SERVICE, "400 Arguments Caused Error; Service not found"),
        (
            Answer(400, {"error": {"message": "Invalid Input Provided", "code": 2001}}),
            "Invalid Input Provided",
        ),
        (Answer(402, {}), "402"),
        (Answer(403, {}), "403"),
        (Answer(404, {}), "404"),
        (Answer(302, {}), "302"),
        (Answer(429, {}), "429"),
        (Answer(500, {}), "500"),
        (Answer(503, {"error": "not an object"}), "503"),
    ],
)
def test_every_other_answer_is_an_error(answer, why):
    """So that Lambda tries again, and the dead-letter queue keeps the event in the end."""
    with pytest.raises(NotOpenedError, match=why):
        open_incident(PagerDuty(answer), "key")


def test_a_rotated_key_is_read_again():
    """A 401 means that the key which is kept is old: once, the secret is read anew."""
    pagerduty, secrets = PagerDuty(OPENED, Answer(401, {}), OPENED), Secrets("old", "new")
    keys = Keys(secrets)

    for _ in range(2):
        handler.open_incident(an_event(), SETTINGS, keys, pagerduty.post)

    assert [headers["Authorization"] for _, headers, _ in pagerduty.asked] == [
        "Token token=old",
        "Token token=old",
        "Token token=new",
    ]
    assert secrets.read == [ARN, ARN]


def test_a_key_that_is_wrong_is_an_error_after_one_more_try():
    """It does not ask for ever."""
    pagerduty = PagerDuty(Answer(401, {}), Answer(401, {}))
    with pytest.raises(NotOpenedError, match="401"):
        open_incident(pagerduty, "wrong", "wrong")


@pytest.mark.parametrize("text", ["", "  \n", "key\r\nX-Other: 1", "schlüssel"])
def test_a_secret_that_is_no_key_is_not_sent(text):
    """Nor does it stand in the error: http.client would quote the whole header."""
    pagerduty = PagerDuty()
    with pytest.raises(NotOpenedError, match="holds no API key") as caught:
        open_incident(pagerduty, text)
    assert not text.strip() or text not in str(caught.value)
    assert pagerduty.asked == []


def test_nothing_secret_is_logged(caplog):
    """Neither when it works nor when it fails."""
    caplog.set_level(logging.DEBUG)
    for answer in (OPENED, OPEN_ALREADY, Answer(500, {})):
        with contextlib.suppress(NotOpenedError):
            open_incident(PagerDuty(answer), "key-5b1f")
    assert len(caplog.records) == 2
    assert "key-5b1f" not in caplog.text


@pytest.mark.parametrize(
    ("url", "expected"), [("", "https://api.pagerduty.com"), ("http://127.0.0.1:8", "http://127.0.0.1:8")]
)
def test_settings_are_the_environment(url, expected):
    """An empty address is PagerDuty's own."""
    environment = {
        "PAGERDUTY_SERVICE_ID": "PABC123",
        "PAGERDUTY_FROM": "on-call@example.com",
        "PAGERDUTY_API_KEY_ARN": ARN,
        "PAGERDUTY_URL": url,
    }
    assert Settings.from_environment(environment) == Settings("PABC123", "on-call@example.com", ARN, expected)


def test_a_secret_that_cannot_be_read_leaves_time_to_say_so(monkeypatch):
    """The template gives the function 30 seconds, of which PagerDuty may take 10."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    config = handler._client.__wrapped__().meta.config
    assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) < 20


class Echo(BaseHTTPRequestHandler):
    """Answers as the path says: `/<status>`."""

    def do_POST(self):
        """Say what was sent."""
        text = self.rfile.read(int(self.headers["Content-Length"]))
        status = int(self.path.strip("/"))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/201")
        self.end_headers()
        self.wfile.write(b"<html>" if status == 502 else json.dumps({"was": json.loads(text)}).encode())

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def web():
    """A server's address."""
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("status", [201, 302, 400, 500])
def test_an_answer_of_any_status_is_an_answer(web, status):
    """A redirect is not followed: the key would go along to another address."""
    assert handler.post(f"{web}/{status}", {"X-A": "b"}, b'{"a":1}') == Answer(status, {"was": {"a": 1}})


def test_an_answer_that_is_no_json_is_empty(web):
    """A proxy's page, for example."""
    assert handler.post(f"{web}/502", {}, b"{}") == Answer(502, {})


def test_a_server_that_is_not_there_is_an_error():
    """Lambda tries again."""
    with HTTPServer(("127.0.0.1", 0), Echo) as gone:
        port = gone.server_port
    with pytest.raises(OSError, match="refused"):
        handler.post(f"http://127.0.0.1:{port}/201", {}, b"{}")


def test_only_http_is_spoken():
    """A file is no service."""
    with pytest.raises(ValueError, match="http"):
        handler.post("file:///etc/passwd", {}, b"{}")
