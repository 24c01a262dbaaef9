"""Checks of targets that need more than one value: what a new one needs, what fits together, names, sizes.

A target that is malformed in itself is stepped around: the value-by-value validation says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from gcbridge.model import target as decided
from gcbridge.model import target_spec as written
from gcbridge.model.bridge import AwsAccount
from gcbridge.model.naming import LOG_RESOURCE_POLICIES_PER_REGION_MAX, TARGET_SERVICES
from gcbridge.model.origin import KeyPath
from gcbridge.study.function_checks import function_findings
from gcbridge.study.input_checks import input_findings
from gcbridge.study.lake import lake_findings, lake_names
from gcbridge.study.resolve_targets import resolve_target

Finding = tuple[KeyPath, str]
Located = tuple[str, str]
"""Key inside the target (empty for the target itself), and what is wrong."""

PARSER: TypeAdapter[Any] = TypeAdapter(written.TargetSpec)
QUEUE_NAME_MAX = 80
FIREHOSE_PARTITIONING_MB_MIN = 64
ENCRYPTED_BY_EVENTS = frozenset({"sqs", "sns", "kinesis"})
EXISTING_SERVICES = frozenset({"sqs", "sns", "lambda", "kinesis", "firehose", "logs", "states", "events"})
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def target_findings(environment: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings in `targets`, none where all is well.

    Args:
        environment: name of the environment.
        values: the whole environment as written.
    """
    account = _account(values)
    owners: dict[str, str] = {}
    log_groups = 0
    for name, spec in _parsed(values):
        for key, text in _findings_of(spec, account):
            yield (("targets", name, key) if key else ("targets", name)), text
        target = resolve_target(environment, account, name, spec, ())
        log_groups += isinstance(target, decided.LogGroupTarget) or _service(target.arn) == "logs"
        yield from _name_findings(name, target, owners)
    if log_groups > LOG_RESOURCE_POLICIES_PER_REGION_MAX:
        need = f"{log_groups} log groups need a CloudWatch Logs resource policy each"
        limit = f"AWS allows {LOG_RESOURCE_POLICIES_PER_REGION_MAX} a region: let rules share log groups"
        yield ("targets",), f"{need}; {limit}"


def _account(values: Mapping[str, Any]) -> AwsAccount:
    aws = values.get("aws")
    aws = aws if isinstance(aws, Mapping) else {}
    return AwsAccount(account_id=str(aws.get("account_id") or "0" * 12), region=str(aws.get("region", "")))


def _parsed(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    targets = values.get("targets")
    for name, target in targets.items() if isinstance(targets, Mapping) else ():
        try:
            yield str(name), PARSER.validate_python(target)
        except ValidationError:
            continue


def _service(arn: str | None) -> str:
    return arn.split(":")[2] if arn else ""


def _findings_of(spec: Any, account: AwsAccount) -> Iterator[Located]:
    yield from _arn_findings(spec, account)
    yield from _encryption_findings(spec)
    for text in input_findings(spec):
        yield "input", text
    check = _CHECKS.get(spec.type)
    if check is not None:
        yield from check(spec)


def _arn_findings(spec: Any, account: AwsAccount) -> Iterator[Located]:
    arn = getattr(spec, "arn", None)
    if arn is None:
        return
    service, region, owner = arn.split(":")[2:5]
    allowed = {TARGET_SERVICES[spec.type]} if spec.type in TARGET_SERVICES else EXISTING_SERVICES
    if service not in allowed:
        yield "arn", f"is an ARN of {service}; {spec.type} takes one of {', '.join(sorted(allowed))}"
    elif service != "events" and (region, owner) != (account.region, account.account_id):
        place = f"lies in account {owner}, region {region}"
        reach = f"gcbridge lets events out of {account.account_id}, {account.region} to event buses only"
        yield "arn", f"{place}; {reach}: send to a bus there (type event_bus) and on from it"
    elif service == "sns" and arn.endswith(".fifo"):
        reason = "is a FIFO topic, which needs a message group, and EventBridge gives none to topics"
        yield "arn", f"{reason}: send to a standard topic, or to a FIFO queue"
    for key in sorted(spec.model_fields_set & _MADE_ANEW.get(spec.type, set())):
        yield key, "belongs to a new one, and `arn` names one that exists: keep one of the two"


_MADE_ANEW: dict[str, set[str]] = {
    "sqs": {"queue_name", "fifo", "message_retention_seconds", "visibility_timeout_seconds"},
    "sns": {"topic_name"},
    "lambda": {
        "source",
        "function_name",
        "handler",
        "runtime",
        "timeout_seconds",
        "memory_mb",
        "environment",
        "secrets",
        "permissions",
        "queues",
    },
    "kinesis": {"stream_name", "retention_hours", "shard_count", "to_s3"},
    "firehose": {"stream_name", "bucket_name", "prefix", "partition_by_topic", "buffer_seconds", "buffer_mb"},
    "log_group": {"log_group_name", "retention_days"},
    "step_functions": {"state_machine_name", "definition", "machine_type", "execution_role_arn"},
    "event_bus": {"event_bus_name", "region"},
}
"""Target type -> keys that describe a new one."""


def _encryption_findings(spec: Any) -> Iterator[Located]:
    if not spec.encryption.startswith("arn:"):
        return
    kind = _service(spec.arn) if spec.type == "existing" else spec.type
    if kind not in ENCRYPTED_BY_EVENTS:
        reason = f"EventBridge uses no key to deliver to {kind}, so there is nothing to grant"
        yield (
            "encryption",
            f"{reason}: give the key to the resource itself; new_key is for the dead-letter queue",
        )


def _sqs(spec: written.SqsTargetSpec) -> Iterator[Located]:
    is_fifo = spec.arn.endswith(".fifo") if spec.arn else spec.fifo
    if spec.message_group and not is_fifo:
        yield "message_group", "only a FIFO queue has message groups: set fifo: true, or leave it out"


def _lambda(spec: written.LambdaTargetSpec) -> Iterator[Located]:
    if not spec.arn and not spec.source:
        yield "", "needs source, the folder or zip file of a new function, or arn, one that exists"
    yield from function_findings(spec)


def _step_functions(spec: written.StepFunctionsTargetSpec) -> Iterator[Located]:
    if not spec.arn and not spec.definition:
        yield "", "needs definition, the states of a new machine, or arn, one that exists"


def _firehose(spec: written.FirehoseTargetSpec) -> Iterator[Located]:
    if spec.partition_by_topic and spec.buffer_mb < FIREHOSE_PARTITIONING_MB_MIN:
        yield "buffer_mb", f"with partition_by_topic, Firehose wants at least {FIREHOSE_PARTITIONING_MB_MIN}"
    if spec.partition_by_topic and spec.buffer_seconds == 0:
        yield "buffer_seconds", "with partition_by_topic, Firehose has no buffering of 0 seconds: 60 or more"
    if not spec.create_bucket and not spec.bucket_name:
        yield "create_bucket", "is false, so bucket_name must say which bucket exists"


def _api_destination(spec: written.ApiDestinationTargetSpec) -> Iterator[Located]:
    if not spec.arn and (not spec.url or not spec.authorization):
        yield "", "needs url and authorization of a new one, or arn, one that exists"
    if getattr(spec.authorization, "body_key", None) and not spec.arn and spec.method in WITHOUT_BODY:
        yield "authorization", f"body_key needs a body, and {spec.method} has none"
    if spec.url:
        url = urlsplit(spec.url)
        if url.scheme != "https" and url.hostname not in LOOPBACK:
            yield "url", "EventBridge calls https only"
        stars = spec.url.count("*")
        if stars != len(spec.path_values):
            yield "path_values", f"has {len(spec.path_values)} entries; the url has {stars} `*`"


def _event_bus(spec: written.EventBusTargetSpec) -> Iterator[Located]:
    if spec.arn and ":event-bus/" not in spec.arn:
        yield "arn", "is no event bus"
    if spec.arn and ":event-bus/aws." in spec.arn:
        yield "arn", "is a partner event bus, which takes its partner's events only"


def _ecs_task(spec: written.EcsTaskTargetSpec) -> Iterator[Located]:
    if bool(spec.image) == bool(spec.task_definition_arn):
        yield "", "needs image, for a new task definition, or task_definition_arn, one that exists"
    if spec.task_definition_arn and not spec.pass_role_arns:
        yield "pass_role_arns", "EventBridge has to pass the roles of that task definition: name them"


def _dynamodb(spec: written.DynamodbTargetSpec) -> Iterator[Located]:
    if spec.table_arn and spec.table_name:
        yield "table_name", "belongs to a new table, and table_arn names one that exists: keep one of the two"


_CHECKS: dict[str, Callable[[Any], Iterator[Located]]] = {
    "sqs": _sqs,
    "lambda": _lambda,
    "step_functions": _step_functions,
    "kinesis": lake_findings,
    "firehose": _firehose,
    "api_destination": _api_destination,
    "event_bus": _event_bus,
    "ecs_task": _ecs_task,
    "dynamodb": _dynamodb,
}


def _name_findings(name: str, target: decided.AnyTarget, owners: dict[str, str]) -> Iterator[Finding]:
    for kind, physical, longest in _created(target):
        if len(physical) > longest:
            has = f"the {kind} {physical} would have {len(physical)} characters"
            yield ("targets", name), f"{has}; AWS allows {longest}: shorten the name"
        owner = owners.setdefault(f"{kind} {physical}", name)
        if owner != name:
            yield ("targets", name), f"would create {kind} {physical}, which targets.{owner} creates already"


def _created(target: decided.AnyTarget) -> Iterator[tuple[str, str, int]]:
    """What a target makes: kind, name, longest name that AWS allows."""
    for kind, attribute, longest in _NAMES:
        physical = getattr(target, attribute, None)
        if physical and not (isinstance(target, decided.EventBusTarget) and not target.is_new):
            yield kind, physical, longest
    if isinstance(target, decided.KinesisTarget) and target.lake is not None:
        yield from lake_names(target.lake)
    for queue in target.queues if isinstance(target, decided.LambdaTarget) else ():
        yield "queue", queue.queue_name, QUEUE_NAME_MAX


_NAMES = (
    ("queue", "queue_name", QUEUE_NAME_MAX),
    ("topic", "topic_name", 256),
    ("function", "function_name", 64),
    ("stream", "stream_name", 64),
    ("bucket", "bucket_name", 63),
    ("log group", "log_group_name", 512),
    ("state machine", "state_machine_name", 80),
    ("API destination", "destination_name", 64),
    ("event bus", "event_bus_name", 256),
    ("task", "task_name", 255),
    ("queue", "dead_letter_queue_name", QUEUE_NAME_MAX),
)
