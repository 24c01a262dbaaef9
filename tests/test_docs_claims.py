"""What the documentation claims of permissions and of the sandbox is checked against code and tests."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import get_args

from botocore import xform_name
from botocore.session import Session
from markdown_it import MarkdownIt

from gcbridge.model.target_spec import TargetSpec

ROOT = Path(__file__).resolve().parent.parent
PERMISSIONS = ROOT / "docs/permissions.md"
COVERAGE = ROOT / "src/gcbridge/sandbox/COVERAGE.md"
SERVICES = {
    "athena": "athena",
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "ecs": "ecs",
    "events": "events",
    "firehose": "firehose",
    "glue": "glue",
    "iam": "iam",
    "kinesis": "kinesis",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "states": "stepfunctions",
    "sts": "sts",
}
"""Service in an IAM action -> name of its boto3 client."""
WITHOUT_RESOURCE = {
    "cloudwatch:GetMetricData",
    "ecs:DeregisterTaskDefinition",
    "ecs:DescribeTaskDefinition",
    "events:ListEventSources",
    "events:ListReplays",
    "events:ListRules",
    "events:PutPermission",
    "events:RemovePermission",
    "events:TestEventPattern",
    "kinesis:DescribeLimits",
    "kinesis:UpdateShardCount",
    "kinesis:UpdateStreamMode",
    "kms:CreateKey",
    "logs:DeleteResourcePolicy",
    "logs:DescribeDeliveries",
    "logs:DescribeDeliveryDestinations",
    "logs:DescribeDeliverySources",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetQueryResults",
    "logs:PutResourcePolicy",
    "logs:StopQuery",
    "sqs:ListQueues",
    "states:ValidateStateMachineDefinition",
}
"""Actions that take no resource (Service Authorization Reference of these services)."""
NAMED_OTHERWISE = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
}
"""API operation -> the IAM action that allows it, where that has another name (Service Authorization Reference)."""
WITHOUT_OPERATION = {"iam:PassRole", "s3:DeleteObjectVersion"}
"""Actions that allow a part of other operations (Service Authorization Reference)."""
ALLOWED_TO_EVERYBODY = {"sts:GetCallerIdentity"}
SELDOM = {"iam:GetPolicy", "iam:GetPolicyVersion"}
"""Needed only where somebody else attached managed policies, so that prose names them, and no policy."""


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


def sections():
    """Title -> the statements of the policies below it."""
    found, title = {}, ""
    tokens = MarkdownIt("commonmark").parse(PERMISSIONS.read_text(encoding="utf-8"))
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open":
            title = token.content.strip("`")
            found[title] = []
        elif token.info == "json":
            found[title] += json.loads(token.content)["Statement"]
    return found


def parts():
    """Name of a part -> its statements."""
    found = list(sections().items())
    titles = [title for title, _ in found]
    return dict(found[titles.index("Parts") + 1 : titles.index("verify")])


@cache
def operations(service):
    """Method of a boto3 client -> the IAM action that allows what it does."""
    names = Session().get_service_model(SERVICES[service]).operation_names
    return {xform_name(name): action_of(f"{service}:{name}") for name in names}


def action_of(operation):
    return NAMED_OTHERWISE.get(operation, operation)


def test_policies_grant_single_actions_on_named_resources():
    """No action has a wildcard; every resource is `*` exactly where IAM knows none."""
    for statement in statements():
        actions = actions_of(statement)
        assert not [action for action in actions if "*" in action], statement["Sid"]
        assert (statement["Resource"] == "*") == bool(actions & WITHOUT_RESOURCE), statement["Sid"]
        assert statement["Resource"] != "*" or actions <= WITHOUT_RESOURCE, statement["Sid"]


def test_resources_are_arns_or_stand_for_one():
    """In angle brackets stands what the table at the top of the page explains."""
    for statement in statements():
        resources = statement["Resource"]
        for resource in [resources] if isinstance(resources, str) else resources:
            assert resource == "*" or re.match(r"arn:aws:\w+:|<[a-z]+-arn>$", resource), statement["Sid"]


def test_roles_are_passed_to_one_service_each():
    """Without the condition a role could be passed to whatever trusts it."""
    passing = [statement for statement in statements() if "iam:PassRole" in actions_of(statement)]

    assert passing
    for statement in passing:
        assert actions_of(statement) == {"iam:PassRole"}, statement["Sid"]
        assert statement["Condition"].keys() == {"StringEquals"}, statement["Sid"]
        assert re.fullmatch(
            r"[a-z-]+\.amazonaws\.com", statement["Condition"]["StringEquals"]["iam:PassedToService"]
        )


def test_every_type_of_target_has_a_part():
    """Whoever uses a type finds what it needs."""
    types = {get_args(spec.model_fields["type"].annotation)[0] for spec in get_args(get_args(TargetSpec)[0])}

    assert types <= parts().keys()
    text = PERMISSIONS.read_text()
    assert [name for name in types if f"| `type: {name}`" not in text] == []


def test_a_part_says_who_needs_its_statements():
    """`Read` reads; every `Sid` begins with one of the three words, and is unique, as IAM wants it."""
    for name, found in parts().items():
        sids = [statement["Sid"] for statement in found]
        assert len(set(sids)) == len(sids), name
        assert [sid for sid in sids if not re.match(r"(Read|Write|Redrive)[A-Z]", sid)] == [], name
        reading = [statement for statement in found if statement["Sid"].startswith("Read")]
        for action in {action for statement in reading for action in actions_of(statement)}:
            assert re.match(r"\w+:(Get|Describe|List|Validate)|sts:AssumeRole$", action), name


def test_policies_name_actions_that_exist():
    """Every action is an operation of the API, or is known to allow one."""
    known = {action for service in SERVICES for action in operations(service).values()}

    assert granted() <= known | WITHOUT_OPERATION


def test_prose_names_actions_that_exist():
    """What the page says beside the policies."""
    known = {action for service in SERVICES for action in operations(service).values()} | WITHOUT_OPERATION
    named = set(re.findall(rf"`((?:{'|'.join(SERVICES)}):[A-Z]\w+)`", PERMISSIONS.read_text()))

    assert named - known == {"iam:PassedToService"}


def test_the_page_lists_what_takes_no_resource():
    """Exactly the actions that stand with `*`."""
    listed = PERMISSIONS.read_text().partition("IAM knows no resource")[2].partition(".\n\n")[0]
    starred = {action for statement in statements() for action in actions_of(statement)} & WITHOUT_RESOURCE

    assert set(re.findall(r"`(\w+:\w+)`", listed)) == starred == WITHOUT_RESOURCE


def sources():
    return [ast.parse(file.read_text()) for file in (ROOT / "src/gcbridge/aws").rglob("*.py")]


def test_policies_cover_what_docstrings_ask_for():
    """What the functions below `aws/` say they need is granted."""
    asked = set()
    for node in (node for source in sources() for node in ast.walk(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            behind = re.split(r"IAM actions?\b", ast.get_docstring(node) or "", maxsplit=1)[1:]
            asked |= set(re.findall(rf"\b(?:{'|'.join(SERVICES)}):[A-Z]\w+", "".join(behind)))

    assert len({action.partition(":")[0] for action in asked}) > 10
    assert asked - ALLOWED_TO_EVERYBODY - SELDOM <= granted()
    assert all(f"`{action}`" in PERMISSIONS.read_text() for action in SELDOM)


def test_policies_cover_what_is_called():
    """Every method of a boto3 client that `aws/` calls is granted."""
    called = {action for source in sources() for action in actions_called(source)}

    assert len({action.partition(":")[0] for action in called}) > 10
    assert called - ALLOWED_TO_EVERYBODY - SELDOM <= granted()


def actions_called(source):
    """`<client>.<method>(...)` and `<client>.get_paginator("<method>")`, wherever the client comes from."""
    for function in (node for node in source.body if isinstance(node, ast.FunctionDef | ast.ClassDef)):
        clients = dict(clients_named(function))
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Attribute):
                continue
            method, owner = call.func.attr, call.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            service = clients.get(name, name)
            if service in SERVICES:
                paginated = call.args[0].value if method == "get_paginator" else method
                yield operations(service)[paginated]
            else:
                assert name != "client", f"{function.name}: whose {method}?"


def clients_named(function):
    """Variable -> service, for `name = aws.client("service")`, also among several."""
    services = {client: service for service, client in SERVICES.items()}
    for node in (node for node in ast.walk(function) if isinstance(node, ast.Assign)):
        targets, values = node.targets[0], node.value
        pairs = (
            zip(targets.elts, values.elts, strict=True)
            if isinstance(targets, ast.Tuple) and isinstance(values, ast.Tuple)
            else [(targets, values)]
        )
        for target, value in pairs:
            opens = isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "client"
            if opens and isinstance(value.args[0], ast.Constant):
                yield target.id, services[value.args[0].value]


def test_calls_are_found_wherever_the_client_comes_from():
    """The check itself, on the ways in which `aws/` gets at a client."""
    text = """
def f(aws, iam):
    client, name = aws.client("stepfunctions"), "crm"
    client.start_execution(name=name)
    iam.get_paginator("list_role_policies")
    aws.sqs.delete_message_batch(Entries=[])
    return lambda: aws.events.exceptions.Gone
"""

    assert set(actions_called(ast.parse(text))) == {
        "states:StartExecution",
        "iam:ListRolePolicies",
        "sqs:DeleteMessage",
    }


def test_permissions_name_every_resource_of_the_modules():
    """A new kind of resource needs a look at the policies; what Terraform keeps by itself (terraform_data) calls nobody."""
    used = {
        kind
        for file in (ROOT / "modules").glob("*/*.tf")
        for kind in re.findall(r'^resource "(\w+)"', file.read_text(), re.MULTILINE)
        if kind != "terraform_data"
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
        for file in (ROOT / "src/gcbridge/sandbox/genesys").rglob("*_routes.py")
        for path in re.findall(r'Route\("/(?:api/v2/)?([^"]+)"', file.read_text())
    }
    short = {"integrations/types/{type_id}": "/types/{id}"}
    short["integrations/types/{type_id}/configschemas/{kind}"] = "configschemas/{properties,advanced}"

    assert routes
    for route in routes:
        assert short.get(route, re.sub(r"\{\w+\}", "{id}", route)) in text, route
