"""The pytest plugin: the fixture `bridge`, and what a failing test says besides.

pytest loads this file in every run on the machine, whether or not a test asks for a bridge: nothing but pytest itself
is imported before the fixture is used.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gcbridge.errors import GcbridgeError
    from gcbridge.testing.bridge import BridgeUnderTest

MARKER = "gcbridge(environment): the environment whose bridge this test uses"
NONE_NAMED = (
    "no environment is named: pytest --gcbridge-env NAME, or gcbridge_environment = NAME in pytest's ini file"
)
BRIDGE = pytest.StashKey["BridgeUnderTest"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and settings; each setting goes without its option."""
    group = parser.getgroup("gcbridge", "proof of arrival from Genesys Cloud to AWS")
    group.addoption("--gcbridge-env", metavar="NAME", help="environment whose bridge the tests use")
    group.addoption(
        "--gcbridge-workspace",
        metavar="FOLDER",
        help="folder that holds environments/; default: found upwards from pytest's rootdir",
    )
    group.addoption(
        "--gcbridge-witness",
        action="store_true",
        help="listen to the notification service too, so that a failing test tells what EventBridge lost",
    )
    group.addoption(
        "--gcbridge-skip-missing",
        action="store_true",
        help="skip tests of a bridge where no environment is named or none of that name exists; otherwise they fail",
    )
    parser.addini("gcbridge_environment", "environment whose bridge the tests use", default="")
    parser.addini(
        "gcbridge_workspace", "folder that holds environments/, relative to pytest's rootdir", default=""
    )
    parser.addini(
        "gcbridge_topics",
        "topic templates that the probe reads; default: every event of the source",
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known, for `--strict-markers`."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def gcbridge_environment(request: pytest.FixtureRequest) -> str:
    """Name of the environment: the test's marker, else --gcbridge-env, else the ini file; override it to say otherwise."""
    marker = request.node.get_closest_marker("gcbridge")
    marked = marker and (marker.kwargs.get("environment") or (marker.args[0] if marker.args else ""))
    named = marked or request.config.getoption("--gcbridge-env")
    return str(named or request.config.getini("gcbridge_environment"))


@pytest.fixture(scope="session")
def _gcbridge_open(request: pytest.FixtureRequest) -> Iterator[Callable[[str], BridgeUnderTest]]:
    """Opens the bridge of an environment at its first use, and closes all of them at the end of the run."""
    from gcbridge.errors import GcbridgeError  # noqa: PLC0415

    opened: dict[str, BridgeUnderTest | GcbridgeError] = {}
    with ExitStack() as stack:

        def open_once(name: str) -> BridgeUnderTest:
            if name not in opened:
                try:
                    opened[name] = stack.enter_context(_opening(name, request.config))
                except GcbridgeError as error:
                    opened[name] = error
            found = opened[name]
            if isinstance(found, GcbridgeError):
                raise found
            return found

        yield open_once


def _opening(name: str, config: pytest.Config) -> AbstractContextManager[BridgeUnderTest]:
    from gcbridge.testing import open_bridge  # noqa: PLC0415

    return open_bridge(
        name,
        workspace=_workspace(config),
        topics=config.getini("gcbridge_topics"),
        witness=config.getoption("--gcbridge-witness"),
    )


def _workspace(config: pytest.Config) -> Path:
    from gcbridge.workspace.layout import find_workspace  # noqa: PLC0415

    if given := config.getoption("--gcbridge-workspace"):
        return Path(config.invocation_params.dir, given)
    if written := config.getini("gcbridge_workspace"):
        return Path(config.rootpath, written)
    return find_workspace(config.rootpath).root


@pytest.fixture
def bridge(
    request: pytest.FixtureRequest,
    gcbridge_environment: str,
    _gcbridge_open: Callable[[str], BridgeUnderTest],
) -> Iterator[BridgeUnderTest]:
    """The bridge of the environment, with one probe for the whole run; what a test changes is put back at its end.

    `bridge.cause("presence").arrives(at="crm-queue", within=30)` and the other assertions: docs/testing.md.
    """
    from gcbridge.errors import EnvironmentMissingError, GcbridgeError  # noqa: PLC0415

    may_skip = request.config.getoption("--gcbridge-skip-missing")
    if not gcbridge_environment:
        _give_up(NONE_NAMED, may_skip)
    try:
        opened = _gcbridge_open(gcbridge_environment)
    except EnvironmentMissingError as error:
        _give_up(_told(error), may_skip)
    except GcbridgeError as error:
        pytest.fail(_told(error), pytrace=False)
    with opened.fresh() as test:
        request.node.stash[BRIDGE] = test
        yield test


def _give_up(reason: str, may_skip: bool) -> None:
    if may_skip:
        pytest.skip(reason)
    pytest.fail(reason, pytrace=False)


def _told(error: GcbridgeError) -> str:
    """Everything that an error of gcbridge carries."""
    lines = [
        error.summary,
        error.where and f"at {error.where}",
        error.detail,
        error.hint and f"next: {error.hint}",
    ]
    return "\n".join(line for line in lines if line)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """A test that fails for a reason of its own says where its events are; an error of gcbridge says what to type."""
    outcome = yield
    report = outcome.get_result()
    test = item.stash.get(BRIDGE, None)
    if test is None or not report.failed or call.excinfo is None:
        return
    from gcbridge.errors import GcbridgeError  # noqa: PLC0415
    from gcbridge.testing.failures import ArrivalError  # noqa: PLC0415

    title, error = f"gcbridge {test.environment}", call.excinfo.value
    if isinstance(error, GcbridgeError):
        report.sections.append((title, _told(error)))
    elif not isinstance(error, ArrivalError) and test.changes:
        report.sections.append((title, test.story()))
