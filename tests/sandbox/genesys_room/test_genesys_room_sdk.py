"""The SDK is imported without its watcher, its configuration file and its traces."""

import json
import os
import subprocess
import sys
import textwrap
import time

import pytest

pytestmark = pytest.mark.sandbox


def run_python(script, home):
    """Runs a script in a Python of its own, where nothing has imported the SDK yet, and reads its JSON."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_import_leaves_no_thread_no_file_and_no_silence(tmp_path):
    """With warnings as errors: HOME, loggers and folders are as before, and no thread watches anything."""
    seen = run_python(
        """
        import json, logging, os, threading
        from gcbridge.genesys.sdk import load_sdk
        home = os.environ["HOME"]
        sdk = load_sdk()
        import PureCloudPlatformClientV2
        print(json.dumps({
            "threads": threading.active_count(),
            "same_home": os.environ["HOME"] == home and os.path.expanduser("~") == home,
            "same_package": PureCloudPlatformClientV2 is sdk is load_sdk(),
            "urllib3": [logging.getLogger("urllib3").level, logging.getLogger("urllib3").propagate],
        }))
        """,
        tmp_path,
    )

    assert seen == {"threads": 1, "same_home": True, "same_package": True, "urllib3": [0, True]}
    assert list(tmp_path.iterdir()) == []


def test_the_configuration_file_of_the_user_has_no_say(tmp_path):
    """A host or a gateway written there for other programs would send requests elsewhere."""
    folder = tmp_path / ".genesyscloudpython"
    folder.mkdir()
    (folder / "config").write_text(
        "[general]\nhost = https://elsewhere\n[gateway]\nhost = elsewhere\nprotocol = https\n"
    )
    seen = run_python(
        """
        import json
        from gcbridge.genesys.sdk import load_sdk
        configuration = load_sdk().configuration
        print(json.dumps([configuration.host, configuration.gateway_configuration]))
        """,
        tmp_path,
    )

    assert seen == ["https://api.mypurecloud.com", None]


def test_importing_the_room_does_not_import_the_sdk(tmp_path):
    """Only the first call pays."""
    script = (
        "import json, sys, gcbridge.genesys; print(json.dumps('PureCloudPlatformClientV2' in sys.modules))"
    )

    assert run_python(script, tmp_path) is False


def test_prefetch_and_load_share_one_import(tmp_path):
    """Whoever needs the SDK while it is being fetched waits for the same import."""
    seen = run_python(
        """
        import json
        from gcbridge.genesys.sdk import load_sdk, prefetch
        thread = prefetch()
        sdk = load_sdk()
        thread.join()
        print(json.dumps([thread.is_alive(), hasattr(sdk, "IntegrationsApi"), load_sdk() is sdk]))
        """,
        tmp_path,
    )

    assert seen == [False, True, True]


def test_a_broken_installation_is_one_error(tmp_path):
    """Half an import is taken back, and the error says what to type."""
    package = tmp_path / "PureCloudPlatformClientV2"
    package.mkdir()
    (package / "__init__.py").touch()
    seen = run_python(
        f"""
        import json, sys
        sys.path.insert(0, {str(tmp_path)!r})
        from gcbridge.errors import GenesysError
        from gcbridge.genesys.sdk import load_sdk
        try:
            load_sdk()
        except GenesysError as error:
            print(json.dumps([error.summary, error.hint, "PureCloudPlatformClientV2" in sys.modules]))
        """,
        tmp_path,
    )

    assert seen[0] == "the Python package PureCloudPlatformClientV2 cannot be imported"
    assert "pip install" in seen[1]
    assert seen[2] is False


def test_opening_the_room_is_free(open_room):
    """Nothing is imported, nothing is sent."""
    started = time.monotonic()
    open_room("http://127.0.0.1:1")

    assert time.monotonic() - started < 0.1
