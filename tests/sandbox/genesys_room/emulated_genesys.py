"""An emulated organization in a process of its own, and what tests do in it over plain HTTP."""

import contextlib
import os
import subprocess
import sys
import time

import urllib3

from gcbridge.genesys import GenesysCredentials
from gcbridge.sandbox.loopback import find_free_port

CREDENTIALS = GenesysCredentials(client_id="listening-client", client_secret="listening-secret")
START_SECONDS = 30


class EmulatedGenesys:
    """Changes things in the organization, and breaks its notification service."""

    def __init__(self, url):
        self.url = url
        self._http = urllib3.PoolManager(retries=False)
        self._token = ""

    def call(self, method, path, body=None):
        """JSON in, JSON out; a token that was revoked is replaced."""
        answer = self._send(method, path, body)
        if answer.status == 401:
            self._log_in()
            answer = self._send(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data!r}"
        return answer.json() if answer.data else None

    def break_it(self, **switches):
        """Sets fault switches; those that are not named stay."""
        return self.call("POST", "/_sandbox/faults", switches)

    def heal(self):
        """Everything works again; channels that are left are gone, as the limit of twenty is for all tests together."""
        self.call("DELETE", "/_sandbox/faults")
        self.break_it(expire_tokens=True)

    def seed(self, **numbers):
        """Ids of users, queues, ..., of which there are as many as named."""
        return self.call("POST", "/_sandbox/seed", numbers)

    def set_presence(self, user, system_presence):
        """Shows a user otherwise; the presence as it is then."""
        body = {"presenceDefinition": {"systemPresence": system_presence}}
        return self.call("PATCH", f"/api/v2/users/{user}/presences/purecloud", body)

    def emit(self, topic, detail):
        """Sends an event of a topic, also into what analytics knows of conversations."""
        settings = {f"eventBody.{key}": value for key, value in detail["eventBody"].items()}
        body = {"topic": topic, "detail": detail, "set": settings | {"topicName": detail["topicName"]}}
        return self.call("POST", "/_sandbox/emit", body)

    def notifications(self):
        """Counts of channels, sockets, topics and messages."""
        return self.call("GET", "/_sandbox/health")["notifications"]

    def is_healthy(self):
        """Whether it answers yet."""
        try:
            return self._http.request("GET", f"{self.url}/_sandbox/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def close(self):
        """Closes the connections."""
        self._http.clear()

    def _send(self, method, path, body):
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._http.request(method, self.url + path, json=body, headers=headers)

    def _log_in(self):
        login = f"{CREDENTIALS.client_id}:{CREDENTIALS.client_secret}"
        answer = self._http.request(
            "POST",
            f"{self.url}/oauth/token",
            fields={"grant_type": "client_credentials"},
            encode_multipart=False,
            headers=urllib3.make_headers(basic_auth=login),
        )
        assert answer.status == 200, answer.data
        self._token = answer.json()["access_token"]


@contextlib.contextmanager
def run_emulated_genesys(folder, *options):
    """Runs it, as `gcbridge sandbox up` does, without an AWS behind it.

    Args:
        folder: for its state.
        options: of its command line, such as `--heartbeat 0.5`.
    """
    port = find_free_port()
    command = [
        sys.executable,
        "-m",
        "gcbridge.sandbox.genesys",
        "--port",
        str(port),
        "--state-dir",
        str(folder),
    ]
    login = {
        "GENESYS_EMULATOR_CLIENT_ID": CREDENTIALS.client_id,
        "GENESYS_EMULATOR_CLIENT_SECRET": CREDENTIALS.client_secret,
    }
    process = subprocess.Popen(
        [*command, "--aws-endpoint-url", "http://127.0.0.1:9", *options],
        env={**os.environ, **login},
        stderr=subprocess.DEVNULL,
    )
    emulated = EmulatedGenesys(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + START_SECONDS
        while not emulated.is_healthy():
            assert time.monotonic() < deadline, "the emulator did not start"
            assert process.poll() is None, "the emulator ended"
            time.sleep(0.05)
        yield emulated
    finally:
        emulated.close()
        process.terminate()
        process.wait(10)
