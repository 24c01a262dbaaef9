"""JUnit XML as CI systems read it."""

from xml.etree import ElementTree

import pytest

from gcbridge.model.expectation import Difference, ExpectationReport, ExpectationResult
from gcbridge.study.traffic.junit import junit_text


def result(name="first", *differences):
    return ExpectationResult(
        name=name,
        where="environments/dev.yaml:30",
        event="environments/events/one.json",
        detail_type="v2.users.{id}.presence",
        rules=("presence",),
        differences=differences,
        seconds=0.0012,
    )


def parsed(*results):
    report = ExpectationReport(environment="dev", results=results, seconds=0.25)
    return ElementTree.fromstring(junit_text(report))


DIFFERENCE = Difference(
    kind="text differs", name="crm", message="receives <x>", expected="a & b", received="c"
)


def test_passed_and_failed_tests():
    """Counts, place of the test, and all that differs."""
    suites = parsed(result("one"), result("two & three", DIFFERENCE))

    suite = suites.find("testsuite")
    one, two = suite.findall("testcase")
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "time")} == {
        "name": "dev",
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "time": "0.250",
    }
    assert (one.get("name"), one.get("classname"), one.find("failure")) == ("one", "gcbridge.dev", None)
    assert (one.get("file"), one.get("line"), one.get("time")) == ("environments/dev.yaml", "30", "0.001")
    assert two.get("name") == "two & three"
    failure = two.find("failure")
    assert (failure.get("type"), failure.get("message")) == ("text differs", "crm receives <x>")
    assert "expected:\na & b\nreceived:\nc" in failure.text


def test_no_tests():
    """A suite without cases is no fault."""
    assert parsed().find("testsuite").get("tests") == "0"


@pytest.mark.parametrize("text", ["\x00", "\x1b[31m", "\ufffe", "\ud800", "😀", "]]>", "<![CDATA["])
def test_any_text_can_be_written(text):
    """What XML cannot hold is replaced; a file that no parser reads would hide the failure."""
    difference = Difference(kind="text differs", name="crm", message=text, expected=text, received=text)

    assert parsed(result("one", difference)).find(".//failure").text
