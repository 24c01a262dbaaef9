"""Checks of what a Lambda function has beside its code: variables that meet, secrets, permissions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from gcbridge.model.target_spec import LambdaTargetSpec
from gcbridge.study.target_names import queue_variable

Located = tuple[str, str]
"""Key inside the target (empty for the target itself), and what is wrong."""

RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Variables that Lambda sets and lets nobody set ("Defined runtime environment variables", Lambda developer guide)."""
NAME_MIN = 2
SECRET_ID = re.compile(r"-[A-Za-z0-9]{6}$")


def function_findings(spec: LambdaTargetSpec) -> Iterator[Located]:
    """What is wrong with a function's variables, secrets and permissions, each by its key.

    Args:
        spec: what was written of the target.
    """
    yield from _variable_findings(spec)
    for name, arn in spec.secrets.items():
        if not SECRET_ID.search(arn):
            yield (
                "secrets",
                f"{name}: the ARN must be whole, with the six characters that AWS puts at its end",
            )
    for permission in spec.permissions:
        if "*" in permission.resources and len(permission.resources) > 1:
            yield "permissions", "`*` stands alone: it holds whatever else is named beside it"


def _variable_findings(spec: LambdaTargetSpec) -> Iterator[Located]:
    sources: dict[str, list[str]] = defaultdict(list)
    for name in spec.environment:
        sources[name].append("environment")
    for name in spec.secrets:
        sources[name].append("secrets")
    for name in spec.queues:
        sources[queue_variable(name)].append(f"queues.{name}")
    for name, keys in sources.items():
        last = keys[-1].partition(".")[0]
        if len(keys) > 1:
            yield last, f"the variable {name} is set by {' and by '.join(keys)}: rename one of them"
        if name in RESERVED:
            yield last, f"{name} is set by Lambda itself, which lets nobody else set it: choose another name"
        if len(name) < NAME_MIN:
            yield last, f"{name} is too short: Lambda wants names of two characters or more"
