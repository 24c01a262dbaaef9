"""Target -> the module calls that make it: its key, itself, its dead-letter queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gcbridge.model import target as decided
from gcbridge.model.bridge import AwsAccount
from gcbridge.model.stack import FunctionPackage
from gcbridge.study.function_arguments import queue_arguments, queues_label
from gcbridge.study.lake import lake_arguments, lake_label
from gcbridge.study.target_arguments import Arguments, describe, module_of, new_key, without_none


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """A call of one of the bundled modules in a root module.

    Args:
        name: label of the call, such as `target_crm`.
        module: folder below `modules/`.
        rule_arns: rules that may send there, last in the text since they are many; None: no rule does.
        arguments: argument name -> value; what is None is left to the module's default.
        receiver: alias of the provider that a target in another account or region is made with.
    """

    name: str
    module: str
    rule_arns: tuple[str, ...] | None
    arguments: Mapping[str, Any]
    receiver: str | None = None

    @property
    def source(self) -> str:
        """What `source` says."""
        return f"./modules/{self.module}"


def target_calls(
    aws: AwsAccount, target: decided.AnyTarget, packages: Mapping[str, FunctionPackage]
) -> tuple[ModuleCall, ...]:
    """The module calls of one target: its key where it has one of its own, itself, and what stands beside it.

    Args:
        aws: account that receives.
        target: what to make.
        packages: target name -> code of its function.

    Raises:
        GcbridgeError: the code of a function is missing.
    """
    common = _common(aws)
    arns = target.rule_arns
    own = {**common, **describe(target, packages)}
    calls = [ModuleCall(f"target_{target.name}", module_of(target), arns, own, _receiver(target))]
    if target.encryption == "new_key":
        description = f"Events for {target.name}, on their way and undeliverable"
        calls.insert(
            0, ModuleCall(f"key_{target.name}", "event-key", arns, {"description": description, **common})
        )
    if target.dead_letter_queue_name is not None:
        queue = {"queue_name": target.dead_letter_queue_name, "kms_key_arn": new_key(target)}
        calls.append(
            ModuleCall(f"dead_letter_{target.name}", "target-sqs", arns, {**common, **without_none(queue)})
        )
    if isinstance(target, decided.LambdaTarget) and target.queues:
        queues = {**common, **queue_arguments(target)}
        calls.append(ModuleCall(queues_label(target), "function-queues", None, queues))
    if isinstance(target, decided.KinesisTarget) and target.lake is not None:
        lake = lake_arguments(target, target.lake, target.key_arn or new_key(target))
        calls.append(ModuleCall(lake_label(target), "stream-to-s3", None, {**common, **without_none(lake)}))
    return tuple(calls)


def _common(aws: AwsAccount) -> Arguments:
    return {
        "aws_partition": aws.partition,
        "aws_region": aws.region,
        "aws_account_id": aws.account_id,
    }


def _receiver(target: decided.AnyTarget) -> str | None:
    return f"receiver_{target.name}" if isinstance(target, decided.EventBusTarget) else None
