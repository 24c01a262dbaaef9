"""Finds wildcards in the policies of a plan."""

import json

NAMELESS_YET = ("arn:aws:logs:", "arn:aws:s3:::")
"""Streams of a log group and objects of a bucket get their names later: `:*` or `/*` at the end is exact enough."""


def wildcards(plan):
    """Every action or resource with a wildcard in any policy document of a plan (`terraform show -json`)."""
    values = plan["planned_values"]["root_module"]
    return [
        f"{resource['address']}.{attribute}: {found}"
        for resource in _resources(values)
        for attribute, text in resource["values"].items()
        if isinstance(text, str) and '"Statement"' in text
        for found in _in_policy(json.loads(text))
    ]


def _resources(module):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _in_policy(policy):
    for statement in _listed(policy["Statement"]):
        assert not {"NotAction", "NotResource", "NotPrincipal"} & set(statement)
        yield from (action for action in _listed(statement["Action"]) if "*" in action)
        yield from (
            item for item in _listed(statement.get("Resource", [])) if "*" in item and not _nameless(item)
        )
        yield from (str(p) for p in _listed(statement.get("Principal", [])) if "*" in str(p))


def _nameless(resource):
    return resource.startswith(NAMELESS_YET) and resource.endswith((":*", "/*"))


def _listed(value):
    return value if isinstance(value, list) else [value]
