"""What the documentation claims of permissions and of the sandbox is checked against code and tests."""

import ast
import json
import re
from functools import cache
from pathlib import Path

from botocore import xform_name
from botocore.session import Session
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
PERMISSIONS = ROOT / "docs/permissions.md"
COVERAGE = ROOT / "src/gcbridge/sandbox/COVERAGE.md"
SERVICES = ("events", "sqs", "logs", "sts")
WITHOUT_RESOURCE = {
    "events:ListEventSources",
    "events:ListRules",
    "events:TestEventPattern",
    "logs:DeleteResourcePolicy",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
    "sqs:ListQueues",
}
"""Actions that take no resource (Service Authorization Reference of EventBridge, SQS and CloudWatch Logs)."""


# Permissions


def statements():
    found = MarkdownIt("commonmark").parse(PERMISSIONS.read_text(encoding="utf-8"))
    policies = [json.loads(token.content) for token in found if token.info == "json"]
    return [statement for policy in policies for statement in policy["Statement"]]


def actions_of(statement):
    actions = statement["Action"]
    return {actions} if isinstance(actions, str) else set(actions)


def granted():
    return {action for statement in statements() for action in actions_of(statement)}


@cache
def operations(service):
    """Method of a boto3 client -> API operation."""
    return {xform_name(name): name for name in Session().get_service_model(service).operation_names}


def test_policies_grant_single_actions_on_named_resources():
    """No action has a wildcard; every resource is `*` exactly where IAM knows none."""
    for statement in statements():
        actions = actions_of(statement)
        assert not [action for action in actions if "*" in action], statement["Sid"]
        assert (statement["Resource"] == "*") == bool(actions & WITHOUT_RESOURCE), statement["Sid"]
        assert statement["Resource"] != "*" or actions <= WITHOUT_RESOURCE, statement["Sid"]


def test_policies_name_actions_that_exist():
    """Every action of these services is an operation of the API."""
    known = {f"{service}:{name}" for service in SERVICES for name in operations(service).values()}

    assert {action for action in granted() if action.split(":")[0] in SERVICES} <= known


def test_policies_cover_what_docstrings_ask_for():
    """What the functions below `aws/` say they need is granted."""
    asked = set()
    for file in (ROOT / "src/gcbridge/aws").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                behind = (ast.get_docstring(node) or "").partition("IAM actions:")[2]
                asked |= set(re.findall(r"\b(?:events|sqs|logs|sts):[A-Z]\w+", behind))

    assert asked
    assert asked - {"sts:GetCallerIdentity"} <= granted()


def test_policies_cover_what_is_called():
    """Every method of a boto3 client that `aws/` calls is granted."""
    called = set()
    for file in (ROOT / "src/gcbridge/aws").glob("*.py"):
        text = file.read_text()
        for service, method, paginated in re.findall(r"\.(events|sqs|logs|sts)\.(\w+)\((?:\"(\w+)\")?", text):
            called.add(f"{service}:{operations(service)[paginated or method]}")

    assert called
    # IAM knows no action of its own for the batch (Service Authorization Reference of SQS: DeleteMessage).
    assert called - {"sts:GetCallerIdentity", "sqs:DeleteMessageBatch"} <= granted()


def test_permissions_name_every_resource_of_the_modules():
    """A new kind of resource needs a look at the policies."""
    used = {
        kind
        for file in (ROOT / "modules").glob("*/*.tf")
        for kind in re.findall(r'^resource "(\w+)"', file.read_text(), re.MULTILINE)
    }

    assert used == set(
        re.findall(r"^\| `(\w+)` \| `(?:aws|genesys)` \|$", PERMISSIONS.read_text(), re.MULTILINE)
    )


# What the sandbox does not do


def test_coverage_names_tests_that_exist():
    """A claim with a test beside it has that test."""
    named = set(re.findall(r"`(?:[\w/.]*::)?(test_\w+)`", COVERAGE.read_text()))
    files = set(re.findall(r"(?:\w+/)?(test_\w+\.py)", COVERAGE.read_text()))
    existing = {file.name: file.read_text() for file in (ROOT / "tests/sandbox").rglob("test_*.py")}

    assert files <= existing.keys()
    assert named - {f.removesuffix(".py") for f in files} <= set(
        re.findall(r"def (test_\w+)\(", "\n".join(existing.values()))
    )
    assert len(named) > 50


def test_coverage_lists_every_route_of_the_emulated_genesys():
    """A call that is emulated stands in the table."""
    text = COVERAGE.read_text()
    routes = {
        path
        for file in (ROOT / "src/gcbridge/sandbox/genesys").glob("*_routes.py")
        for path in re.findall(r'Route\("/(?:api/v2/)?([^"]+)"', file.read_text())
    }
    short = {"integrations/types/{type_id}": "/types/{id}"}
    short["integrations/types/{type_id}/configschemas/{kind}"] = "configschemas/{properties,advanced}"

    assert routes
    for route in routes:
        assert short.get(route, re.sub(r"\{\w+\}", "{id}", route)) in text, route
