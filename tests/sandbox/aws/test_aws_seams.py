"""A contract with the emulator: what the layer replaces, and what it calls, is still there."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import pytest
from ministack import app
from ministack.core import iam_evaluator, persistence, responses
from ministack.services import cloudwatch, cloudwatch_logs, eventbridge, firehose, secretsmanager, sqs

from gcbridge.sandbox.aws.layer import ADDITIONS, LATE_SERVICES, SEAMS, find_changed_seams, late_seams

# Not replaced but called; the layer needs each with exactly these parameters.
CALLED: dict[tuple[Any, str], str] = {
    (eventbridge, "_dispatch_event"): "(event, view=None)",
    (eventbridge, "_archive_event"): "(event, view=None)",
    (eventbridge, "_pattern_event_view"): "(event)",
    (eventbridge, "_rule_key"): "(rule_name: str, bus_name: str) -> str",
    (eventbridge, "_matches_pattern_view"): "(pattern_str, view, owner='rule')",
    (secretsmanager, "_create_secret"): "(data)",
    (secretsmanager, "_put_secret_value"): "(data)",
    (secretsmanager, "_delete_secret"): "(data)",
    (eventbridge, "_opaque_offset_encode"): "(offset: int) -> str",
    (eventbridge, "_opaque_offset_decode"): "(token: str) -> int",
    (sqs, "_queue_by_arn"): "(arn: str) -> dict | None",
    (sqs, "_act_send_message"): "(data: dict, _u: str) -> dict".replace("_u", "qurl"),
    (sqs, "_get_q"): "(url: str, action: str | None = None) -> dict",
    (cloudwatch, "_metric_bucket"): "(key: tuple) -> list",
    (cloudwatch, "_dims_key"): "(dims: dict) -> str",
    (cloudwatch, "_evaluate_all_alarms"): "()",
    (cloudwatch, "_evaluate_parent_alarms"): "(child, seen=frozenset())",
    (cloudwatch, "_dispatch_alarm_actions"): "(alarm, old_state, new_state, reason)",
    (cloudwatch, "_record_history"): (
        "(alarm_name, old_state, new_state, reason, alarm_type='MetricAlarm', reason_data=None)"
    ),
    (cloudwatch, "_calc_stats"): "(points)",
    (cloudwatch, "_stat_value"): "(stats, stat_name, points=None)",
    (cloudwatch, "_store_datum"): "(namespace, name, dims, ts, unit, value, values, counts, stat_values)",
    (cloudwatch, "_xml"): "(status, root_tag, inner)",
    (firehose, "ingest_from_kinesis_source"): "(stream_arn: str, records: list) -> None",
    (firehose, "_hive_to_duckdb_type"): "(hive_type)",
    (cloudwatch_logs, "_create_log_stream"): "(data)",
    (cloudwatch_logs, "_put_log_events"): "(data)",
    (app, "_build_persistence_save_dict"): "()",
    (persistence, "save_all"): "(services: dict) -> None",
    (responses, "request_scope"): "(account_id: str, region: str)",
}
SCOPED_STORES = [
    (eventbridge, "_event_buses"),
    (eventbridge, "_rules"),
    (eventbridge, "_partner_event_sources"),
    (eventbridge, "_archives"),
    (eventbridge, "_replays"),
    (eventbridge, "_connections"),
    (eventbridge, "_api_destinations"),
    (eventbridge, "_event_bus_policies"),
    (cloudwatch, "_alarms"),
    (cloudwatch, "_metrics"),
    (cloudwatch_logs, "_delivery_sources"),
    (cloudwatch_logs, "_delivery_destinations"),
    (cloudwatch_logs, "_deliveries"),
    (cloudwatch_logs, "_log_groups"),
    (cloudwatch_logs, "_resource_policies"),
    (cloudwatch_logs, "_log_group_policies"),
]


def test_every_seam_is_as_the_layer_expects() -> None:
    """If this fails, ministack changed: read its change before touching the layer."""
    assert find_changed_seams() == []
    assert str(inspect.signature(app._get_module)) == "(name: str)"


@pytest.mark.parametrize("service", LATE_SERVICES)
def test_seams_of_services_that_are_loaded_late(service: str) -> None:
    """The layer looks at them only when the service is first asked for."""
    assert find_changed_seams(late_seams(service)) == []


@pytest.mark.parametrize("addition", ADDITIONS, ids=str)
def test_what_the_layer_adds_is_still_missing(addition: Any) -> None:
    """An emulator that answers the call itself may do it better."""
    assert addition.call not in getattr(addition.module, addition.table)


@pytest.mark.parametrize(("place", "signature"), CALLED.items(), ids=[name for _, name in CALLED])
def test_what_is_called(place: tuple[Any, str], signature: str) -> None:
    """Same for the functions the layer relies on."""
    assert str(inspect.signature(getattr(*place))) == signature


@pytest.mark.parametrize(("module", "name"), SCOPED_STORES, ids=[name for _, name in SCOPED_STORES])
def test_stores_are_kept_by_account_and_region(module: Any, name: str) -> None:
    """The layer reads other accounts' stores through these methods."""
    store = getattr(module, name)
    assert isinstance(store, responses.AccountRegionScopedDict)
    for method in ("contains_scoped", "set_scoped", "pop_scoped", "to_dict"):
        assert callable(getattr(store, method))


def test_the_policy_evaluator_takes_a_service() -> None:
    """Deliveries are judged for a service, not for a user."""
    assert "service" in inspect.signature(iam_evaluator.evaluate_resource_policy).parameters
    assert "service_context" in inspect.signature(iam_evaluator.EvalContext).parameters


def test_what_the_layer_keeps_is_part_of_the_saved_state() -> None:
    """ministack saves the stores the layer keeps its records in."""
    assert eventbridge.get_state().keys() >= {"partner_event_sources", "archives", "replays", "connections"}


def test_some_services_look_their_functions_up_in_a_table() -> None:
    """So that replacing them has to change that, too."""
    for seam in SEAMS:
        assert not seam.handles or seam.module._HANDLERS[seam.handles] is getattr(seam.module, seam.name)


def test_importing_changes_nothing_and_installing_does() -> None:
    """Only ``install`` replaces functions, and only once."""
    script = (
        "from gcbridge.sandbox.aws import layer\n"
        "now = lambda: [getattr(seam.module, seam.name) for seam in layer.SEAMS]\n"
        "before = now(); assert all(f.__module__.startswith('ministack') for f in before)\n"
        "layer.install(); first = now(); assert not set(map(id, first)) & set(map(id, before))\n"
        "layer.install(); assert all(a is b for a, b in zip(now(), first))\n"
        "print(len(first))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(SEAMS))]
