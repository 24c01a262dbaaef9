"""An OAuth client is deleted, and PagerDuty has one incident: through the Events API, and through a function.

Both variants are proved alike; each makes its bridge once, and its tests run in this order.
"""

from dataclasses import dataclass

import pytest
from blueprint_steps import (
    begin,
    delete_client,
    drop_secret,
    end,
    keep_secret,
    letters,
    make_client,
    show_presence,
    verified,
    wait_until,
)
from pagerduty_server import run_pagerduty
from test_loop_secrets import holders

pytestmark = pytest.mark.sandbox

SECRET = "pagerduty-key"
ROUTING_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"  # 32 characters, as PagerDuty has it
API_KEY = "u+rest-api-key-not-in-any-file"
SERVICE = "PWIXJZS"
FROM = "on-call@example.com"


@dataclass(frozen=True)
class Variant:
    """One of the two blueprints, and what tells its requests from the other's."""

    blueprint: str
    key: str
    owner: str
    path: str
    second: str
    """What the second request of a key comes to: `joined` or `refused`."""
    fails: tuple[int, int]
    """How often PagerDuty must answer with which status for the event to become a dead letter."""

    def answers(self, workspace, pagerduty):
        """Path -> value of what init asks for."""
        secret = keep_secret(workspace, SECRET, self.key)
        if self.path == "/incidents":
            return {
                "targets.pagerduty.secrets.PAGERDUTY_API_KEY_ARN": secret,
                "targets.pagerduty.environment.PAGERDUTY_SERVICE_ID": SERVICE,
                "targets.pagerduty.environment.PAGERDUTY_FROM": FROM,
                "targets.pagerduty.environment.PAGERDUTY_URL": pagerduty.url,
            }
        return {
            "targets.pagerduty.authorization.secret.secret_arn": secret,
            "targets.pagerduty.url": f"{pagerduty.url}{self.path}",
        }


EVENTS_API = Variant(
    "pagerduty-oauth-client-delete", ROUTING_KEY, ROUTING_KEY, "/v2/enqueue", "joined", (1, 400)
)
REST_API = Variant(
    "pagerduty-oauth-client-delete-lambda", API_KEY, SERVICE, "/incidents", "refused", (3, 503)
)


@pytest.fixture(scope="module")
def pagerduty():
    """A server that behaves as PagerDuty."""
    with run_pagerduty() as server:
        yield server


@pytest.fixture(scope="module", params=[EVENTS_API, REST_API], ids=["events-api", "rest-api"])
def variant(request):
    """One of the two."""
    return request.param


@pytest.fixture(scope="module")
def bridge(tmp_path_factory, pagerduty, variant):
    """A workspace with the blueprint's bridge, applied."""
    pagerduty.requests.clear()
    pagerduty.incidents.clear()
    root = tmp_path_factory.mktemp("pagerduty")
    workspace = begin(root, variant.blueprint, lambda workspace: variant.answers(workspace, pagerduty))
    yield workspace
    workspace.close()


def incident_of(pagerduty, client):
    """The incidents of a client, as soon as there is one."""
    return wait_until(lambda: [one for one in pagerduty.incidents if one.key.startswith(client)])


def asked_for(pagerduty, client):
    """All requests about a client."""
    return [request for request in pagerduty.requests if client in str(request.body)]


def test_a_second_plan_is_clean(bridge):
    """Although the key went past Terraform, or the code was packaged anew."""
    bridge.ok("plan", "loop", "--detailed-exitcode")


def test_the_environment_s_own_tests_pass(bridge):
    """With the sample events that came along."""
    bridge.ok("test", "loop")


def test_the_key_stands_nowhere(bridge, variant):
    """In no file, and in nothing that was said."""
    assert list(holders(bridge.root, (variant.key,))) == []
    assert variant.key not in "".join(done.stdout + done.stderr for done in bridge.said)


def test_a_deleted_client_is_one_incident(bridge, pagerduty, variant):
    """With the key in the right place, and what somebody who is woken needs to know; no other change asks PagerDuty anything."""
    show_presence(bridge, "Busy")
    kept = make_client(bridge, "stays")
    client = delete_client(bridge, 'the "old" dashboard')

    (incident,) = incident_of(pagerduty, client)

    assert incident.owner == variant.owner
    (request,) = pagerduty.requests
    assert (request.path, request.status) == (variant.path, 202 if variant is EVENTS_API else 201)
    check = check_event if variant is EVENTS_API else check_incident
    check(request, client)
    bridge.genesys("DELETE", f"/api/v2/oauth/clients/{kept}")
    incident_of(pagerduty, kept)


def check_event(request, client):
    """What the Events API was told; the body is compared to the letter in test_loop_blueprint_pagerduty_body.py."""
    assert request.headers["x-routing-key"] == request.body["routing_key"] == ROUTING_KEY
    assert request.body["event_action"] == "trigger"
    assert request.body["dedup_key"].startswith(f"{client}-")
    payload = request.body["payload"]
    assert client in payload["summary"]
    assert payload["component"] == 'the "old" dashboard'
    assert payload["source"].endswith("/loop")


def check_incident(request, client):
    """What the REST API was told."""
    assert request.headers["authorization"] == f"Token token={API_KEY}"
    assert request.headers["from"] == FROM
    assert request.headers["accept"] == "application/vnd.pagerduty+json;version=2"
    incident = request.body["incident"]
    assert incident["title"] == 'OAuth client deleted in Genesys Cloud: the "old" dashboard'
    assert incident["service"] == {"id": SERVICE, "type": "service_reference"}
    assert incident["incident_key"].startswith(f"{client}-")
    assert f'OAuth client: the "old" dashboard ({client})' in incident["body"]["details"]


def test_an_event_that_comes_twice_is_one_incident(bridge, pagerduty, variant):
    """Genesys Cloud sends it twice: PagerDuty is asked twice, and opens one."""
    bridge.faults(duplicate_eventbridge_percent=100)
    try:
        client = delete_client(bridge, "twice")
        requests = wait_until(lambda: len(asked_for(pagerduty, client)) == 2 and asked_for(pagerduty, client))
    finally:
        bridge.no_faults()

    (incident,) = incident_of(pagerduty, client)
    seconds = {"joined": (1, [202, 202]), "refused": (0, [201, 400])}
    assert (len(incident.joined), [request.status for request in requests]) == seconds[variant.second]
    assert letters(bridge, "pagerduty") == 0


def test_pagerduty_that_is_busy_is_asked_again(bridge, pagerduty, variant):
    """Until it takes the event; there is one incident."""
    pagerduty.will_fail(2, 503)

    client = delete_client(bridge, "busy")

    assert len(incident_of(pagerduty, client)) == 1
    assert [request.status for request in asked_for(pagerduty, client)][:2] == [503, 503]
    assert letters(bridge, "pagerduty") == 0


def test_what_pagerduty_does_not_take_is_kept_and_sent_again(bridge, pagerduty, variant):
    """In the dead-letter queue, from which `dlq redrive` opens the incident after all."""
    count, status = variant.fails
    pagerduty.will_fail(count, status)

    client = delete_client(bridge, "refused")

    wait_until(lambda: letters(bridge, "pagerduty") == 1)
    assert [request.status for request in asked_for(pagerduty, client)] == [status] * count
    assert not [one for one in pagerduty.incidents if one.key.startswith(client)]
    bridge.ok("dlq", "loop", "redrive", "--target", "pagerduty", "--yes")
    assert len(incident_of(pagerduty, client)) == 1
    assert letters(bridge, "pagerduty") == 0


def test_verify_pages_nobody_unless_it_is_asked_to(bridge, pagerduty):
    """The cause of the environment is harmless; `oauth_client` opens exactly one incident."""
    before = len(pagerduty.requests)
    verified(bridge)
    assert len(pagerduty.requests) == before

    verified(bridge, "--cause", "oauth_client")

    wait_until(lambda: len(pagerduty.requests) > before)
    assert len(pagerduty.requests) == before + 1
    assert "gcbridge-probe-" in str(pagerduty.requests[-1].body)


def test_destroy_leaves_nothing(bridge):
    """But the secret, which was there before."""
    drop_secret(bridge, SECRET)
    end(bridge)
