"""The sandbox as a whole: two real background servers that work together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from ruamel.yaml import YAML

from gcbridge.sandbox import runtime
from gcbridge.sandbox.daemon import command_line

PRESENCE = "v2.users.{id}.presence"
PROPERTIES = {
    "eventSourceSuffix": "dev",
    "awsAccountId": "123456789012",
    "awsAccountRegion": "eu-central-1",
    "eventFilter": [PRESENCE],
}


def start(folder: Path) -> runtime.SandboxState:
    """A sandbox in a hurry."""
    return runtime.start_sandbox(folder, source_delay_seconds=0.1, activation_delay_seconds=0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of one sandbox for this file; every test finds it running or stopped and says which it needs."""
    path = tmp_path_factory.mktemp("workspace") / ".gcbridge" / "sandbox"
    yield path
    runtime.stop_sandbox(path, reset=True)


@pytest.fixture
def sandbox(folder: Path) -> runtime.SandboxState:
    """The sandbox, running."""
    return start(folder)


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Fails when the condition does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def call_genesys(state: runtime.SandboxState, method: str, path: str, body: Any = None) -> Any:
    """One authorized call of the emulated Genesys Cloud."""
    credentials = runtime.sandbox_credentials(state)
    client = f"{credentials['GENESYSCLOUD_OAUTHCLIENT_ID']}:{credentials['GENESYSCLOUD_OAUTHCLIENT_SECRET']}"
    with urllib3.PoolManager(retries=False) as http:
        login = http.request(
            "POST",
            f"{state.genesys.url}/oauth/token",
            body="grant_type=client_credentials",
            headers=urllib3.make_headers(basic_auth=client),
        )
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
        answer = http.request(method, state.genesys.url + path, json=body, headers=headers)
        assert answer.status < 300, answer.data
        return answer.json()


def connect_aws(state: runtime.SandboxState, service: str) -> Any:
    """A boto3 client of the customer's account."""
    credentials = runtime.sandbox_credentials(state)
    new_client: Any = boto3.client
    return new_client(
        service,
        endpoint_url=state.aws.url,
        region_name=PROPERTIES["awsAccountRegion"],
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        verify=False,
    )


def test_up_twice_is_one_sandbox(folder: Path, sandbox: runtime.SandboxState) -> None:
    """The second start says that it runs already and changes nothing."""
    again = start(folder)
    assert again.already_running
    assert again == sandbox.model_copy(update={"already_running": True})
    assert runtime.read_state(folder) == sandbox.model_copy(update={"already_running": False})


def test_the_environment_fragment_names_the_endpoints(sandbox: runtime.SandboxState) -> None:
    """What environments/sandbox.yaml extends."""
    fragment = YAML(typ="safe").load(sandbox.environment_file)
    assert fragment == {
        "genesys": {"region": "eu-central-1", "base_url": sandbox.genesys.url},
        "aws": {"region": "eu-central-1", "endpoint_url": sandbox.aws.url},
        "terraform": {"provider_mirror": str(sandbox.provider_mirror)},
        "verify": {"user": "test.user@example.com", "settle_seconds": 0},
    }
    assert list(sandbox.provider_mirror.glob("registry.terraform.io/mypurecloud/genesyscloud/*/*/*"))


def test_secrets_stay_in_one_private_file(folder: Path, sandbox: runtime.SandboxState) -> None:
    """Not in the state, the logs, the fragment, or a command line."""
    secret = runtime.sandbox_credentials(sandbox)["GENESYSCLOUD_OAUTHCLIENT_SECRET"]
    holders = [p for p in folder.rglob("*") if p.is_file() and secret in p.read_text(errors="replace")]
    assert [(p.name, p.stat().st_mode & 0o777) for p in holders] == [("genesys-client.json", 0o600)]
    commands = [command_line(server.pid or 0) for server in (sandbox.aws, sandbox.genesys)]
    assert all("gcbridge.sandbox" in command and secret not in command for command in commands)


def test_servers_listen_on_loopback_only(sandbox: runtime.SandboxState) -> None:
    """Another address of this machine reaches nobody."""
    for server in (sandbox.aws, sandbox.genesys):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.2", server.port)) != 0


def test_an_event_travels_from_genesys_to_a_queue(sandbox: runtime.SandboxState) -> None:
    """Integration -> partner source PENDING -> bus -> ACTIVE -> rule -> SQS; then everything is taken down."""
    identity = call_genesys(
        sandbox, "POST", "/api/v2/integrations", {"integrationType": {"id": "amazon-eventbridge-source"}}
    )["id"]
    configuration = {"name": "dev", "version": 1, "properties": PROPERTIES}
    call_genesys(sandbox, "PUT", f"/api/v2/integrations/{identity}/config/current", configuration)
    call_genesys(sandbox, "PATCH", f"/api/v2/integrations/{identity}", {"intendedState": "ENABLED"})
    events, queues = connect_aws(sandbox, "events"), connect_aws(sandbox, "sqs")
    source = f"aws.partner/genesys.com/cloud/{sandbox.org_id}/dev"

    def source_states() -> list[tuple[str, str]]:
        return [(s["Name"], s["State"]) for s in events.list_event_sources()["EventSources"]]

    wait_until(lambda: source_states() == [(source, "PENDING")])
    events.create_event_bus(Name=source, EventSourceName=source)
    wait_until(lambda: source_states() == [(source, "ACTIVE")])
    url = queues.create_queue(QueueName="arrivals")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [allow | {"Action": "sqs:SendMessage"}]}
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    pattern = json.dumps({"source": [source], "detail-type": [PRESENCE]})
    events.put_rule(Name="presence", EventBusName=source, EventPattern=pattern)
    events.put_targets(Rule="presence", EventBusName=source, Targets=[{"Id": "queue", "Arn": arn}])

    emitted = runtime.emit(sandbox, PRESENCE, 3, {"eventBody.message": "hello"})
    assert (emitted.sent, [i.source for i in emitted.integrations]) == (3, [source])
    arrived: list[dict[str, Any]] = []

    def receive() -> bool:
        answer = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        arrived.extend(json.loads(message["Body"]) for message in answer.get("Messages", []))
        return len(arrived) >= 3

    wait_until(receive)
    assert {(e["source"], e["detail-type"], e["detail"]["eventBody"]["message"]) for e in arrived} == {
        (source, PRESENCE, "hello")
    }
    call_genesys(sandbox, "POST", "/_sandbox/seed", {"flows": 2})
    status = runtime.sandbox_status(sandbox.folder)
    assert (status.integrations, status.partner_sources, status.queues) == (1, 1, 1)
    assert (status.triggers, status.flows) == (0, 2)
    assert (status.event_buses, status.rules, status.log_groups) == (1, 1, 0)
    call_genesys(sandbox, "DELETE", f"/api/v2/integrations/{identity}")
    wait_until(lambda: source not in [name for name, state in source_states() if state != "DELETED"])


def test_a_dead_half_comes_back_on_its_port_with_its_data(
    folder: Path, sandbox: runtime.SandboxState
) -> None:
    """SIGKILL for Genesys; AWS keeps its process."""
    assert sandbox.genesys.pid is not None
    os.kill(sandbox.genesys.pid, signal.SIGKILL)
    wait_until(lambda: not runtime.sandbox_status(folder).genesys_running)
    assert not runtime.sandbox_status(folder).running
    again = start(folder)
    assert not again.already_running
    assert (again.genesys.url, again.org_id) == (sandbox.genesys.url, sandbox.org_id)
    assert again.genesys.pid != sandbox.genesys.pid
    assert again.aws == sandbox.aws


def test_down_and_up_continue(folder: Path, sandbox: runtime.SandboxState) -> None:
    """Same organization, same ports; a second down has nothing to do."""
    assert runtime.stop_sandbox(folder)
    assert not runtime.stop_sandbox(folder)
    stopped = runtime.read_state(folder)
    assert stopped is not None
    assert (stopped.aws.pid, stopped.genesys.pid) == (None, None)
    with pytest.raises(runtime.SandboxError, match="does not answer"):
        runtime.emit(sandbox, PRESENCE)
    again = start(folder)
    assert (again.org_id, again.aws.url, again.genesys.url) == (
        sandbox.org_id,
        sandbox.aws.url,
        sandbox.genesys.url,
    )


def test_a_port_taken_meanwhile_is_replaced(folder: Path, sandbox: runtime.SandboxState) -> None:
    """Somebody sits on the old port of AWS: both halves agree on a new one."""
    runtime.stop_sandbox(folder)
    with socket.create_server(("127.0.0.1", sandbox.aws.port)):
        again = start(folder)
    assert again.aws.port != sandbox.aws.port
    assert runtime.sandbox_status(folder).running


def test_a_foreign_process_is_never_ended(folder: Path, sandbox: runtime.SandboxState) -> None:
    """A pid file whose number went to somebody else."""
    runtime.stop_sandbox(folder)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (folder / "aws.pid").write_text(f"{stranger.pid}\n")
        assert not runtime.stop_sandbox(folder)
        assert stranger.poll() is None
        stranger.terminate()


def test_an_interrupted_start_leaves_nothing_running(tmp_path: Path) -> None:
    """Ctrl-C after the servers came up, before the start was done."""

    def interrupt(mirror: Path, python: str) -> Path:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runtime.start_sandbox(tmp_path / "box", install_provider=interrupt)
    assert [path.name for path in (tmp_path / "box").glob("*.pid")] == []


def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    """The end of the log is in the error."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such module >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(runtime.SandboxError) as failure:
        runtime.start_sandbox(tmp_path / "box", python=str(broken))
    assert "ended right after its start" in failure.value.summary
    assert "no such module" in failure.value.hint


def test_another_account_needs_a_reset(folder: Path, sandbox: runtime.SandboxState) -> None:
    """One sandbox plays one account."""
    with pytest.raises(runtime.SandboxError, match="holds account 123456789012"):
        runtime.start_sandbox(folder, account_id="210987654321")
    assert runtime.sandbox_status(folder).running


def test_errors_of_emit_are_readable(sandbox: runtime.SandboxState) -> None:
    """A misspelt topic names close ones; no integration says why nothing was sent."""
    with pytest.raises(runtime.SandboxError, match="presence"):
        runtime.emit(sandbox, "v2.users.{id}.presense")
    assert runtime.emit(sandbox, PRESENCE).skipped == "there is no integration"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=1", 1),
        ("a.b=text", "text"),
        ('a.b="1"', "1"),
        ("a.b=", ""),
        ("a.b=x=y", "x=y"),
        ("a.b=[1]", [1]),
    ],
)
def test_set_values_are_json_or_text(text: str, value: Any) -> None:
    """As `--set` takes them."""
    assert runtime.parse_set_values([text]) == {"a.b": value}


def test_a_set_value_without_a_path_is_an_error() -> None:
    """It says what the form is."""
    with pytest.raises(runtime.SandboxError, match="path=value"):
        runtime.parse_set_values(["=1"])


def test_status_of_nothing(tmp_path: Path) -> None:
    """A folder without a sandbox."""
    assert not runtime.sandbox_status(tmp_path).running


def test_reset_deletes_the_data(folder: Path, sandbox: runtime.SandboxState) -> None:
    """The next start makes another organization."""
    assert runtime.stop_sandbox(folder, reset=True)
    assert [path.name for path in folder.iterdir()] == ["lock"]
    assert start(folder).org_id != sandbox.org_id
