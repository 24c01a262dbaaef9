"""The fixture `bridge` in somebody's own test run, with a bridge whose events come as the run says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gcbridge.testing.live  # noqa: F401  # kept between runs in this process

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest
from stand_in import AUDIT, BROKEN, event, under_test

OPENED = []

@pytest.fixture(scope="session")
def _gcbridge_open():
    def open_once(name):
        OPENED.append(name)
        return BRIDGE

    yield open_once

BRIDGE, PROOF = under_test((0.4, event(1)), (0.9, event(2, AUDIT)), broken=BROKEN)

@pytest.fixture(autouse=True, scope="session")
def tell():
    yield
    print("opened", *OPENED, "and put back", *PROOF.undone)
"""
PASSING = """
def test_presence(bridge):
    bridge.cause("presence").arrives(at="crm-queue", within=30)
"""
FAILING = """
def test_away(bridge):
    bridge.cause("presence").arrives(at="away-queue", within=30)
"""
WRONG = """
def test_text(bridge):
    arrived = bridge.cause("presence").arrives(at="crm-queue", within=30)
    assert arrived.detail["eventBody"] == {}
"""

LEAN = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""Without what this suite brings along: hypothesis takes more than a second in each run."""


@pytest.fixture
def project(pytester, monkeypatch):
    """Somebody's own project, where every warning is an error."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    pytester.makeini(
        "[pytest]\ngcbridge_environment = dev\nfilterwarnings = error\naddopts = --strict-markers\n"
    )
    # What this run of ours sets must not reach theirs.
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return pytester


def run(project, *arguments, **tests):
    """What came of the project's tests."""
    project.makeconftest(CONFTEST)
    project.makepyfile(**tests)
    return project.runpytest_inprocess(*LEAN, *arguments)


def test_a_passing_test(project):
    """One line is enough, and what it changed is put back."""
    done = run(project, "-s", test_one=PASSING)
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["*opened dev and put back presence"])


def test_a_failing_test_shows_its_own_line_and_the_hops(project):
    """No line of gcbridge's own stands between them; nothing is told twice."""
    done = run(project, test_one=FAILING)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            '>   *bridge.cause("presence").arrives(at="away-queue", within=30)',
            "E   *presence of Ada set to Busy: not in target away-queue: no rule sends it there",
            'E   *FAILED*rule away*does not match: *systemPresence: "BUSY" is not "AWAY"',
            "E   *first broken link: permission of rule presence on target crm-queue",
            "E   *next:     type: gcbridge plan dev && gcbridge apply dev",
            "test_one.py:2: ArrivalError",
        ]
    )
    assert "change.py" not in done.stdout.str()
    assert "gcbridge dev" not in [line.strip(" -") for line in done.outlines]


def test_a_test_that_fails_for_a_reason_of_its_own_tells_the_way_too(project):
    """In a section below its traceback."""
    done = run(project, test_one=WRONG)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*- gcbridge dev -*",
            "presence of Ada set to Busy",
            "*passed*target crm-queue of rule presence*",
            "events read from the event bus during the test: 1",
        ]
    )


def test_a_mistake_of_the_test_is_told_with_what_to_write(project):
    """An error of gcbridge carries more than its first line."""
    done = run(project, test_one=PASSING.replace("crm-queue", "crm-que"))
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "E   *UsageError: there is no target crm-que",
            "test_one.py:2: UsageError",
            "*- gcbridge dev -*",
            "there is no target crm-que",
            "there is away-queue, crm-queue, *",
            "next: did you mean crm-queue[?]",
        ]
    )


def test_one_probe_serves_the_whole_run_and_each_test_puts_back_its_own(project):
    """Also where a test fails in between."""
    done = run(project, "-s", test_one=PASSING + FAILING + WRONG)
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(["*put back presence presence presence"])


@pytest.mark.parametrize(
    ("arguments", "test", "opened"),
    [
        ([], PASSING, "dev"),
        (["--gcbridge-env", "staging"], PASSING, "staging"),
        (
            ["--gcbridge-env", "staging"],
            f"import pytest\n@pytest.mark.gcbridge(environment='prod'){PASSING}",
            "prod",
        ),
        (
            [],
            f"import pytest\n@pytest.fixture\ndef gcbridge_environment():\n    return 'own'\n{PASSING}",
            "own",
        ),
    ],
    ids=["ini", "option", "marker", "fixture"],
)
def test_how_an_environment_is_named(project, arguments, test, opened):
    """The nearest to the test counts."""
    done = run(project, "-s", *arguments, test_one=test)
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines([f"*opened {opened} *"])


def run_for_real(project, *arguments):
    """A run whose fixture opens a real environment."""
    project.makepyfile(test_one=PASSING)
    return project.runpytest_inprocess(*LEAN, *arguments)


def test_no_environment_is_an_error_that_says_how_to_name_one(project):
    """Without a traceback; a skip has to be asked for."""
    project.makeini("[pytest]\nfilterwarnings = error\n")
    done = run_for_real(project)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["no environment is named: pytest --gcbridge-env NAME, or *"])
    assert "Traceback" not in done.stdout.str()
    skipped = run_for_real(project, "--gcbridge-skip-missing", "-rs")
    skipped.assert_outcomes(skipped=1)
    skipped.stdout.fnmatch_lines(["SKIPPED*no environment is named*"])


def test_an_environment_that_is_missing(project):
    """It is looked for in the workspace, and those that are there are named."""
    folder = project.mkdir("infra") / "environments"
    folder.mkdir()
    (folder / "dave.yaml").write_text("genesys: {}\n")
    place = ("--gcbridge-workspace", "infra")
    done = run_for_real(project, *place)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        ["environment dev does not exist", "at environments/dev.yaml", "environments here: dave"]
    )
    run_for_real(project, *place, "--gcbridge-skip-missing").assert_outcomes(skipped=1)


def test_an_environment_with_problems_is_never_skipped(project):
    """All of them are listed."""
    folder = project.mkdir("environments")
    (folder / "dev.yaml").write_text("genesys: {region: nowhere}\n")
    done = run_for_real(project, "--gcbridge-skip-missing")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        ["environment dev has * problems", "*environments/dev.yaml:1: genesys.region: *"]
    )


def test_a_second_test_is_told_the_same_at_once(project):
    """A bridge that could not be opened is not tried again for each test."""
    folder = project.mkdir("environments")
    (folder / "dev.yaml").write_text("genesys: {region: nowhere}\n")
    project.makepyfile(test_one=PASSING + PASSING.replace("test_presence", "test_again"))
    done = project.runpytest_inprocess(*LEAN)
    done.assert_outcomes(errors=2)


def test_two_workers(project):
    """Each has a bridge of its own."""
    project.makeconftest(CONFTEST)
    project.makepyfile(test_one=PASSING, test_two=PASSING)
    done = project.runpytest_subprocess("-n", "2")
    done.assert_outcomes(passed=2)


def test_without_the_plugin(project):
    """Whoever does not want it, does not have it."""
    project.makeini("[pytest]\nfilterwarnings = error\n")
    project.makepyfile(test_one="def test_nothing():\n    pass\n", test_two=PASSING)
    done = project.runpytest_subprocess(*LEAN, "-p", "no:gcbridge")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*fixture 'bridge' not found*"])


def test_help_tells_the_options(project):
    """Marker and settings included."""
    done = project.runpytest_inprocess("--help")
    done.stdout.fnmatch_lines(["*--gcbridge-env=NAME*", "*--gcbridge-skip-missing*", "*gcbridge_topics*"])
    markers = project.runpytest_inprocess("--markers")
    markers.stdout.fnmatch_lines(["@pytest.mark.gcbridge(environment): *"])


HEAVY = {"boto3", "botocore", "pydantic", "PureCloudPlatformClientV2", "orjson", "jinja2", "websockets"}


def test_loading_the_plugin_costs_next_to_nothing(record_property):
    """pytest loads it in every run on the machine, also where no test asks for a bridge."""
    code = "import pytest, sys; before = set(sys.modules); import gcbridge.testing.plugin; print(*set(sys.modules) - before)"
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    assert HEAVY & {name.partition(".")[0] for name in loaded.stdout.split()} == set()
    assert {name for name in loaded.stdout.split() if name.startswith("gcbridge")} == {
        "gcbridge",
        "gcbridge.testing",
        "gcbridge.testing.plugin",
    }
    (line,) = (line for line in loaded.stderr.splitlines() if line.endswith(" gcbridge.testing.plugin"))
    milliseconds = int(line.split("|")[1]) / 1000
    record_property("figures", f"loading the plugin takes {milliseconds:.1f} ms")
    assert milliseconds < 100
