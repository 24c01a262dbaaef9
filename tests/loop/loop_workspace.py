"""A workspace with a sandbox of its own, in which gcbridge is typed as a person types it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import boto3
import urllib3
from botocore.config import Config
from typed_commands import Running

from gcbridge.sandbox.loopback import call_json
from gcbridge.sandbox.runtime import (
    SandboxState,
    sandbox_credentials,
    sandbox_status,
    start_sandbox,
    stop_sandbox,
)

PRESENCE = "v2.users.{id}.presence"
AUDIT = "v2.audits.entitytype.{id}.entityid.{id}"
FOREIGN_ACCOUNT = "210987654321"
FOREIGN_ORG = "11111111-2222-3333-4444-555555555555"

BUS_ONLY = """\
extends: ../.gcbridge/_sandbox/environment.yaml
genesys:
  region: eu-central-1
  org_id: {org_id}
  event_source_suffix: {name}
  topics:
    - v2.users.{{id}}.presence
    - v2.audits.entitytype.{{id}}.entityid.{{id}}
aws:
  region: eu-central-1
  account_id: "{account_id}"
waits: {{integration_seconds: 5, event_source_seconds: 5}}
verify: {{cause: presence, user: test.user@example.com, settle_seconds: 0, timeout_seconds: 15}}
"""

ONE_LOG_GROUP = (
    BUS_ONLY
    + """\
rules:
  everything:
    targets: [log]
targets:
  log: {{type: log_group, dead_letter: false}}
"""
)

TWO_LOG_GROUPS = (
    BUS_ONLY
    + """\
rules:
  presence: {{topics: ["v2.users.{{id}}.presence"], targets: [presence]}}
  audits: {{topics: ["v2.audits.entitytype.{{id}}.entityid.{{id}}"], targets: [audits]}}
targets:
  presence: {{type: log_group, dead_letter: false}}
  audits: {{type: log_group, dead_letter: false}}
"""
)


def wait_until(look, seconds=30):
    """What `look` returns as soon as that is something."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return seen


def processes_below(root, but_not=None):
    """Command lines by pid of everything that runs in a folder or below."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            directory = (folder / "cwd").readlink()
        except OSError:
            continue
        if directory.is_relative_to(root) and not (but_not and directory.is_relative_to(but_not)):
            found[int(folder.name)] = command
    return found


@dataclass
class LoopWorkspace:
    """A workspace folder, its sandbox, and the variables that a shell would hold."""

    root: Path
    sandbox: SandboxState
    environ: Mapping[str, str]

    @classmethod
    def open(cls, root, **delays):
        """Start a sandbox in a new workspace."""
        (root / "environments").mkdir(parents=True)
        options = {"source_delay_seconds": 0.2, "activation_delay_seconds": 0.1, **delays}
        sandbox = start_sandbox(root / ".gcbridge" / "_sandbox", **options)
        return cls(root, sandbox, {**os.environ, **sandbox_credentials(sandbox)})

    def close(self):
        """Stop the sandbox."""
        stop_sandbox(self.sandbox.folder)

    def restart(self):
        """Bring the sandbox up again, whatever of it still runs."""
        self.sandbox = start_sandbox(
            self.sandbox.folder, source_delay_seconds=0.2, activation_delay_seconds=0.1
        )

    def file(self, name):
        """An environment's file."""
        return self.root / "environments" / f"{name}.yaml"

    def write(self, text, name="loop"):
        """Write an environment; ids are filled in as `init` would."""
        self.file(name).write_text(
            text.format(name=name, org_id=self.sandbox.org_id, account_id=self.sandbox.account_id)
        )

    def start(self, *arguments, **environ):
        """Type a command and look on while it runs."""
        return Running(
            subprocess.Popen(
                [sys.executable, "-m", "gcbridge", *arguments],
                cwd=self.root,
                env={**self.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )

    def run(self, *arguments, **environ):
        """Type a command and wait for its end."""
        return self.start(*arguments, **environ).end()

    def ok(self, *arguments, **environ):
        """Type a command that must succeed."""
        done = self.run(*arguments, **environ)
        assert done.exit_code == 0, f"exit {done.exit_code}\n{done.stdout}\n{done.stderr}"
        return done

    def plan(self, name="loop"):
        """Plan; the bundle as JSON."""
        return self.ok("plan", name, "--json").data

    def bundles(self, name="loop"):
        """Folders of all plan bundles, oldest first."""
        return sorted((self.root / ".gcbridge" / name / "plans").iterdir())

    def aws(self, service):
        """A boto3 client of the emulated account, in the region that receives."""
        return boto3.client(
            service,
            endpoint_url=self.sandbox.aws.url,
            region_name="eu-central-1",
            aws_access_key_id=self.sandbox.account_id,
            aws_secret_access_key="by-hand",
            verify=False,
            config=Config(proxies={}),
        )

    def faults(self, **switches):
        """Make the emulated Genesys Cloud misbehave."""
        call_json(f"{self.sandbox.genesys.url}/_sandbox/faults", switches)

    def no_faults(self):
        """The emulated Genesys Cloud works again."""
        with urllib3.PoolManager(retries=False) as http:
            answer = http.request("DELETE", f"{self.sandbox.genesys.url}/_sandbox/faults")
            assert answer.status == 204, answer.data

    def genesys(self, method, path, body=None):
        """One authorized call of the emulated Genesys Cloud, as its own pages make it."""
        credentials = sandbox_credentials(self.sandbox)
        login = ":".join(credentials[f"GENESYSCLOUD_OAUTHCLIENT_{part}"] for part in ("ID", "SECRET"))
        with urllib3.PoolManager(retries=False) as http:
            token = http.request(
                "POST",
                f"{self.sandbox.genesys.url}/oauth/token",
                body="grant_type=client_credentials",
                headers=urllib3.make_headers(basic_auth=login),
            ).json()["access_token"]
            bearer = {"Authorization": f"Bearer {token}"}
            answer = http.request(method, self.sandbox.genesys.url + path, json=body, headers=bearer)
            assert answer.status < 300, answer.data
            return answer.json() if answer.data else None

    def presence(self):
        """What the test user shows."""
        (user,) = (
            user
            for user in self.genesys("GET", "/api/v2/users")["entities"]
            if user["email"] == "test.user@example.com"
        )
        shown = self.genesys("GET", f"/api/v2/users/{user['id']}/presences/purecloud")
        return shown["presenceDefinition"]["systemPresence"], shown.get("message")

    def source_name(self, suffix="loop"):
        """Name of the partner event source and of its bus."""
        return f"aws.partner/genesys.com/cloud/{self.sandbox.org_id}/{suffix}"

    def kill(self, server):
        """SIGKILL one of the two servers: `aws` or `genesys`."""
        os.kill(getattr(self.sandbox, server).pid, signal.SIGKILL)
        wait_until(lambda: not getattr(sandbox_status(self.sandbox.folder), f"{server}_running"))

    def left(self):
        """What the emulated clouds hold beyond what every account has."""
        status = sandbox_status(self.sandbox.folder)
        buses = self.aws("events").list_event_buses()["EventBuses"]
        sources = self.aws("events").list_event_sources()["EventSources"]
        return {
            "integrations": status.integrations,
            "sources": [source["Name"] for source in sources],
            "buses": [bus["Name"] for bus in buses if bus["Name"] != "default"],
            "queues": self.aws("sqs").list_queues().get("QueueUrls", []),
            "log groups": [
                group["logGroupName"] for group in self.aws("logs").describe_log_groups()["logGroups"]
            ],
        }

    def contents(self):
        """Kind -> how many the emulated AWS holds, over all accounts and regions."""
        return call_json(f"{self.sandbox.aws.url}/_sandbox/contents")

    def processes(self):
        """Command lines of terraform and its providers that work in this workspace."""
        return list(processes_below(self.root / ".gcbridge", but_not=self.sandbox.folder).values())


NOTHING = {"integrations": 0, "sources": [], "buses": [], "queues": [], "log groups": []}


def changes(bundle, stack):
    """`action address` of every change of a stack."""
    return [f"{change['action']} {change['address']}" for change in bundle[stack]["summary"]["changes"]]
