"""Bridge -> Definition: what is needed to route its traffic in another process."""

from __future__ import annotations

import json
from typing import Any

from gcbridge.model.bridge import Bridge
from gcbridge.study.traffic.billing import billing_of
from gcbridge.study.traffic.definition import ARCHIVE, Definition


def define(bridge: Bridge) -> Definition:
    """The rules that are enabled, where they send, and the archive's pattern among them where it has one.

    Args:
        bridge: the environment, decided.
    """
    enabled = [rule for rule in bridge.rules if rule.enabled]
    account = bridge.aws.account_id
    return Definition(
        topics=frozenset(bridge.integration.topics),
        origin={"source": bridge.event_source_name, "account": account, "region": bridge.aws.region},
        patterns={**{rule.name: rule.pattern for rule in enabled}, **_archive(bridge)},
        targets_of={rule.name: rule.targets for rule in enabled},
        rule_arns={rule.name: rule.arn for rule in enabled},
        inputs={target.name: target.input for target in bridge.targets if target.input is not None},
        unit_bytes={target.name: billing_of(target, account).unit_bytes for target in bridge.targets},
    )


def _archive(bridge: Bridge) -> dict[str, Any]:
    if bridge.archive is None or bridge.archive.pattern_json is None:
        return {}
    return {ARCHIVE: json.loads(bridge.archive.pattern_json)}
