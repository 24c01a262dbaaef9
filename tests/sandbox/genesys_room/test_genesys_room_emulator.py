"""The room against both emulators: a caused change really arrives in a queue, and is recognized there."""

import json
import os
import subprocess
import sys
import time
import urllib.request

import boto3
import pytest

from gcbridge.errors import GenesysError, WaitTimeoutError
from gcbridge.genesys import (
    GenesysCredentials,
    Patience,
    cause_integration_notes,
    cause_oauth_client,
    cause_presence,
    open_genesys,
    wait_for_integration,
)
from gcbridge.model.bridge import Organization
from gcbridge.sandbox.aws.process import run_emulated_aws
from gcbridge.sandbox.loopback import find_free_port
from gcbridge.waiting import wait_until

pytestmark = pytest.mark.sandbox

ACCOUNT, REGION, SUFFIX = "123456789012", "eu-central-1", "room"
TOPICS = ["v2.audits.entitytype.{id}.entityid.{id}", "v2.users.{id}.presence"]
CREDENTIALS = GenesysCredentials(client_id="room-client", client_secret="room-secret")


def late(what):
    return lambda _seen, seconds: WaitTimeoutError(f"{what} did not come within {seconds:.0f} s")


class EmulatedOrganization:
    """Drives what Terraform would do, over plain HTTP, so that the room only reads."""

    def __init__(self, url):
        self.url = url

    def ask(self, method, path, body=None, **headers):
        """JSON in, JSON out."""
        headers = {"Content-Type": "application/json", **headers}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read() or b"null")

    def log_in(self):
        """A token by hand."""
        request = urllib.request.Request(
            f"{self.url}/oauth/token",
            data=b"grant_type=client_credentials",
            headers={"Authorization": "Basic cm9vbS1jbGllbnQ6cm9vbS1zZWNyZXQ="},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return {"Authorization": f"Bearer {json.load(answer)['access_token']}"}

    def provision(self, suffix, topics):
        """An enabled integration; returns its id."""
        bearer = self.log_in()
        body = {"integrationType": {"id": "amazon-eventbridge-source"}}
        path = f"/api/v2/integrations/{self.ask('POST', '/api/v2/integrations', body, **bearer)['id']}"
        current = self.ask("GET", f"{path}/config/current", **bearer)
        current["properties"] = {
            "eventSourceSuffix": suffix,
            "awsAccountId": ACCOUNT,
            "awsAccountRegion": REGION,
            "eventFilter": topics,
        }
        current["notes"] = "owned by platform"
        self.ask("PUT", f"{path}/config/current", current, **bearer)
        self.ask("PATCH", path, {"intendedState": "ENABLED"}, **bearer)
        return path.rsplit("/", 1)[1]

    def first_user_id(self):
        """Somebody whose presence can be changed."""
        return self.ask("GET", "/api/v2/users", **self.log_in())["entities"][0]["id"]


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    """A client maker for an emulated AWS."""
    with run_emulated_aws(tmp_path_factory.mktemp("aws"), ACCOUNT) as emulated:

        def connect(service):
            return boto3.client(
                service,
                endpoint_url=emulated.endpoint,
                region_name=REGION,
                aws_access_key_id=ACCOUNT,
                aws_secret_access_key="unused",
            )

        connect.endpoint = emulated.endpoint
        yield connect


@pytest.fixture(scope="module")
def emulated(aws, tmp_path_factory):
    """An emulated organization in a process of its own, as `gcbridge sandbox up` starts it."""
    port, folder = find_free_port(), tmp_path_factory.mktemp("genesys")
    options = ["--port", str(port), "--state-dir", str(folder), "--aws-endpoint-url", aws.endpoint]
    delays = ["--source-delay", "0.2", "--activation-delay", "0.5"]
    login = {"GENESYS_EMULATOR_CLIENT_ID": "room-client", "GENESYS_EMULATOR_CLIENT_SECRET": "room-secret"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gcbridge.sandbox.genesys", *options, *delays],
        env={**os.environ, **login},
        stderr=subprocess.DEVNULL,
    )
    try:
        organization = EmulatedOrganization(f"http://127.0.0.1:{port}")
        wait_until(
            lambda: is_healthy(organization),
            bool,
            describe=late("the emulator"),
            timeout_seconds=20,
            interval_seconds=0.1,
        )
        yield organization
    finally:
        process.terminate()
        process.wait(10)


def is_healthy(organization):
    try:
        return organization.ask("GET", "/_sandbox/health")["status"] == "ok"
    except OSError:
        return False


@pytest.fixture(scope="module")
def room(emulated):
    """The room, open towards the emulated organization."""
    organization = Organization(org_id="unused", region="eu-central-1", base_url=emulated.url)
    opened = open_genesys(organization, CREDENTIALS, patience=Patience(pause_seconds=0.01))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def integration(emulated, room):
    """The integration of these tests, waited for until it is ACTIVE."""
    emulated.provision(SUFFIX, TOPICS)
    return wait_for_integration(
        lambda: room.find_integration(SUFFIX, ACCOUNT, REGION), timeout_seconds=20, interval_seconds=0.1
    )


@pytest.fixture(scope="module")
def receive(aws, room, integration):
    """Reads the next events from a queue behind the partner event bus."""
    source = f"aws.partner/genesys.com/cloud/{room.organization().org_id}/{integration.event_source_suffix}"
    events, sqs = aws("events"), aws("sqs")
    wait_until(
        lambda: events.list_event_sources(NamePrefix=source)["EventSources"],
        bool,
        describe=late("the event source"),
        timeout_seconds=20,
        interval_seconds=0.1,
    )
    events.create_event_bus(Name=source, EventSourceName=source)
    queue = sqs.create_queue(QueueName="room")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": [source]})
    rule = events.put_rule(Name="room", EventBusName=source, EventPattern=pattern)["RuleArn"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": allow(arn, rule)})
    events.put_targets(Rule="room", EventBusName=source, Targets=[{"Id": "room", "Arn": arn}])

    def receive_events():
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        return [json.loads(message["Body"]) for message in messages.get("Messages", ())]

    return receive_events


def allow(queue_arn, rule_arn):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def collect(receive, caused, wanted, seconds=15):
    """The topics under which the caused event arrived, until all wanted ones are there."""
    arrived, deadline = set(), time.monotonic() + seconds
    while not wanted <= arrived and time.monotonic() < deadline:
        arrived |= {event["detail-type"] for event in receive() if caused.matches(event)}
    return arrived


def test_the_integration_is_observed_as_it_was_configured(room, integration):
    """By place and by id it is the same one."""
    assert (integration.reported_state, integration.intended_state) == ("ACTIVE", "ENABLED")
    assert sorted(integration.topics) == TOPICS
    assert (integration.aws_account_id, integration.aws_region) == (ACCOUNT, REGION)
    assert room.integration(integration.integration_id) == integration


def test_a_caused_presence_arrives_and_is_recognized(room, emulated, receive, tmp_path):
    """Under both topics; afterwards the user shows what was shown before."""
    user = emulated.first_user_id()
    before = room.presence(user)

    with cause_presence(room, user, "r1", journal=tmp_path / "journal") as cause:
        (caused,) = cause.make()
        assert room.presence(user) != before
        assert collect(receive, caused, set(caused.topics)) == set(TOPICS)

    assert room.presence(user) == before
    assert list(tmp_path.iterdir()) == []


def test_the_restoring_change_is_not_taken_for_the_caused_one(room, emulated, receive, tmp_path):
    """Putting the presence back sends events too, of another value."""
    with cause_presence(room, emulated.first_user_id(), "r2", journal=tmp_path / "journal") as cause:
        (caused,) = cause.make()
        collect(receive, caused, set(caused.topics))

    assert collect(receive, caused, {"never"}, seconds=3) == set()


def test_caused_notes_arrive_and_are_recognized(room, integration, receive, tmp_path):
    """Only the audit topic can carry them; afterwards the notes are as before."""
    identity = integration.integration_id

    with cause_integration_notes(room, identity, "r1", journal=tmp_path / "journal") as cause:
        (caused,) = cause.make()
        assert room.configuration(identity).notes == "owned by platform (gcbridge probe r1-1)"
        assert collect(receive, caused, set(caused.topics)) == set(caused.topics)

    assert room.configuration(identity).notes == "owned by platform"
    assert room.integration(identity) == integration


def test_a_throw_away_client_is_made_and_deleted(room, receive, tmp_path):
    """Both changes are audited, each is recognized, and no client is left."""
    before = room.oauth_clients()

    with cause_oauth_client(room, "r1", journal=tmp_path / "journal") as cause:
        changes = cause.make()
        told = [collect(receive, changes[0], {TOPICS[0]}, seconds=5)]
        changes = (changes[1], *cause.make())
        told += [collect(receive, changes[2], {TOPICS[0]}, seconds=5)]

    assert told == [{TOPICS[0]}, {TOPICS[0]}]
    assert room.oauth_clients() == before


def test_a_conflicting_write_is_repeated(room, emulated, integration, tmp_path):
    """The emulator refuses the next PUT as if Terraform had been quicker."""
    path = f"/api/v2/integrations/{integration.integration_id}/config/current"
    emulated.ask(
        "POST", "/_sandbox/faults", {"fail_next": {"method": "PUT", "path": path, "status": 409, "count": 1}}
    )

    with cause_integration_notes(
        room, integration.integration_id, "r2", journal=tmp_path / "journal"
    ) as cause:
        cause.make()
        assert room.configuration(integration.integration_id).notes.endswith("(gcbridge probe r2-1)")


def test_a_refused_activation_ends_the_wait(room, emulated):
    """ERROR comes with the reason that Genesys Cloud gives."""
    emulated.ask("POST", "/_sandbox/faults", {"activation_error": "AWS account does not exist"})
    try:
        identity = emulated.provision("broken", TOPICS)
        with pytest.raises(GenesysError, match="reports ERROR") as caught:
            wait_for_integration(lambda: room.integration(identity), timeout_seconds=20, interval_seconds=0.1)
    finally:
        emulated.ask("DELETE", "/_sandbox/faults")

    assert "AWS account does not exist" in caught.value.detail


@pytest.mark.parametrize(
    ("client_id", "client_secret"), [("nobody", "room-secret"), ("room-client", "wrong-secret")]
)
def test_wrong_credentials_are_refused(emulated, client_id, client_secret):
    """Unknown client and wrong secret answer differently, and read the same."""
    organization = Organization(org_id="unused", region="eu-central-1", base_url=emulated.url)
    genesys = open_genesys(organization, GenesysCredentials(client_id=client_id, client_secret=client_secret))

    with pytest.raises(GenesysError, match="does not accept the OAuth client"):
        genesys.organization()
    genesys.close()
