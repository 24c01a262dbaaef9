"""No secret reaches a file, a stream or a command line, whatever succeeds or fails."""

import contextlib
import threading
import zipfile
from pathlib import Path

import pytest
from loop_workspace import BUS_ONLY

from gcbridge.sandbox.runtime import sandbox_credentials

pytestmark = pytest.mark.sandbox

AWS_SECRET = "aws-secret-Q7/x+41dd0c6e"
WRONG_SECRET = "wrong-genesys-secret-93ab"


class CommandLines(threading.Thread):
    """Looks at every command line of this machine, again and again, until it is told to stop."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen = set()
        self.stopping = threading.Event()

    def run(self):
        """Until the block ends."""
        while not self.stopping.wait(0.05):
            for folder in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    self.seen.add((folder / "cmdline").read_bytes())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stopping.set()
        self.join()


def holders(root, secrets):
    """Files that contain one of the secrets; plan files are zip archives and are looked into."""
    for path in root.rglob("*"):
        if not path.is_file() or "_sandbox" in path.parts or "providers" in path.parts:
            continue
        texts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(name) for name in archive.namelist()]
        if any(secret.encode() in text for secret in secrets for text in texts):
            yield path.relative_to(root)


def test_secrets_stay_in_the_environment(workspace):
    """Plan, apply, verify, destroy and a failing run leave neither secret anywhere but in the variables."""
    workspace.write(BUS_ONLY)
    workspace.environ = {**workspace.environ, "AWS_SECRET_ACCESS_KEY": AWS_SECRET}
    secret = sandbox_credentials(workspace.sandbox)["GENESYSCLOUD_OAUTHCLIENT_SECRET"]
    wrong = {"GENESYSCLOUD_OAUTHCLIENT_SECRET": WRONG_SECRET}
    with CommandLines() as lines:
        done = [
            workspace.ok("plan", "loop"),
            workspace.run("apply", "loop", **wrong),
            workspace.ok("apply", "loop"),
            workspace.ok("verify", "loop"),
            workspace.run("plan", "loop", **wrong),
            workspace.run("--debug", "apply", "loop", **wrong),
            workspace.run("verify", "loop", **wrong),
            workspace.run("doctor", "loop", **wrong),
        ]
    assert [one.exit_code for one in done] == [0, 1, 0, 0, 1, 4, 3, 1]
    secrets = (secret, AWS_SECRET, WRONG_SECRET)
    assert list(workspace.bundles()[0].glob("*.tfplan")), "there is nothing to look into"
    assert list(holders(workspace.root, secrets)) == []
    assert not [one for one in done for hidden in secrets if hidden in one.stdout + one.stderr]
    assert any(b"terraform" in line for line in lines.seen)
    assert not [line for line in lines.seen for hidden in secrets if hidden.encode() in line]
