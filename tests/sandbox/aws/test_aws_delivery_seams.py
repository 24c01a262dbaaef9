"""A contract with the emulator: what deliveries call and read of it is still there."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from ministack.core import iam_evaluator, responses
from ministack.services import (
    cloudwatch_logs,
    dynamodb,
    ecs,
    eventbridge,
    firehose,
    iam,
    kinesis,
    kms,
    lambda_svc,
    s3,
    sns,
    sqs,
    stepfunctions,
)

# By place: the parameters that the layer relies on, in their order.
CALLED: dict[tuple[Any, str], str] = {
    (cloudwatch_logs, "_create_log_stream"): "data",
    (cloudwatch_logs, "_put_log_events"): "data",
    (ecs, "_resolve_td_key"): "ref",
    (ecs, "_run_task"): "data",
    (eventbridge, "_build_api_destination_request"): "dest conn target_http_params payload",
    (eventbridge, "_connection_auth_headers"): "conn token_key force_refresh",
    (eventbridge, "_finalize_api_dest_headers"): "headers",
    (eventbridge, "_http_open"): "req timeout",
    (eventbridge, "_render_input_template"): "template replacements",
    (eventbridge, "_resolve_http_parameters"): "parameters event",
    (firehose, "_put_record"): "data",
    (iam_evaluator, "_permissions_boundary"): "store name account_id",
    (iam_evaluator, "_resolve_managed_policy_document"): "policy_arn account_id",
    (iam_evaluator, "combine_resource_policy"): "identity ctx policy owner_account required limits",
    (iam_evaluator, "evaluate"): "ctx policies limits",
    (iam_evaluator, "evaluate_resource_policy"): "doc ctx service named_only direct_only",
    (iam_evaluator, "parse_policy_document"): "doc",
    (kinesis, "_put_record"): "data",
    (kinesis, "_resolve_stream_by_arn"): "stream_arn",
    (kms, "_resolve_key"): "key_id_or_arn",
    (lambda_svc, "_execute_function_with_config_scope"): "func event",
    (lambda_svc, "_execution_record_for_config"): "func config",
    (lambda_svc, "_get_func_record_for_ref"): "function_ref",
    (sns, "publish_internal"): (
        "topic_arn message subject message_structure message_attributes message_group_id "
        "message_deduplication_id"
    ),
    (stepfunctions, "_resolve_state_machine_arn"): "arn",
    (stepfunctions, "_start_execution"): "data",
}
BY_ACCOUNT = [(iam, "_roles"), (s3, "_buckets")]
BY_ACCOUNT_AND_REGION = [
    (dynamodb, "_tables"),
    (ecs, "_clusters"),
    (ecs, "_task_defs"),
    (firehose, "_streams"),
    (kinesis, "_streams"),
    (kinesis, "_resource_policies"),
    (kms, "_keys"),
    (kms, "_grants"),
    (lambda_svc, "_functions"),
    (sns, "_topics"),
    (sqs, "_queues"),
    (stepfunctions, "_state_machines"),
]


def names(places: Any) -> list[str]:
    """``module.name`` of each."""
    return [f"{module.__name__.rpartition('.')[2]}.{name}" for module, name in places]


@pytest.mark.parametrize(("place", "parameters"), CALLED.items(), ids=names(CALLED))
def test_what_is_called(place: tuple[Any, str], parameters: str) -> None:
    """With these parameters; if this fails, ministack changed: read its change first."""
    assert list(inspect.signature(getattr(*place)).parameters) == parameters.split()


@pytest.mark.parametrize("place", BY_ACCOUNT, ids=names(BY_ACCOUNT))
def test_stores_by_account(place: tuple[Any, str]) -> None:
    """Roles and buckets are not regional."""
    assert isinstance(getattr(*place), responses.AccountScopedDict)


@pytest.mark.parametrize("place", BY_ACCOUNT_AND_REGION, ids=names(BY_ACCOUNT_AND_REGION))
def test_stores_by_account_and_region(place: tuple[Any, str]) -> None:
    """Everything else is."""
    assert isinstance(getattr(*place), responses.AccountRegionScopedDict)


def test_what_is_raised() -> None:
    """The errors that become a dead letter's message."""
    assert sqs._Err("Code", "text").message == "text"
    assert str(sns.SnsPublishError("Code", "text")) == "text"
    failure = firehose._DeliveryError("processing-failed", "text")
    assert (failure.output_type, failure.message) == ("processing-failed", "text")
