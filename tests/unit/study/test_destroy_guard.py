"""What a plan would lose, who has to say so, and what a refusal tells."""

import json
from pathlib import Path

import pytest

from gcbridge.errors import RefusedError
from gcbridge.model.plan import AttributeChange, PlanSummary, ResourceChange
from gcbridge.model.stack import StackName
from gcbridge.study.destroy_guard import (
    Asking,
    QueueDepth,
    check_named,
    check_touched,
    find_guarded,
    queues_at_stake,
)
from gcbridge.study.plan_summary import UNKNOWN, summarize_plan

RECORDED = Path(__file__).parents[2] / "fixtures" / "plans"
GENESYS, AWS = StackName.GENESYS, StackName.AWS
ASKING = Asking("dev", "the plan of dev", "gcbridge plan dev")

INTEGRATION = "module.integration.genesyscloud_integration.this"
BUS = "module.event_bus.aws_cloudwatch_event_bus.this"
LETTERS = "module.dead_letter_crm.aws_sqs_queue.this"
QUEUE = "module.target_crm.aws_sqs_queue.this"
PROPERTIES = "config[0].properties"


def recorded(name, stack=AWS):
    return summarize_plan(json.loads((RECORDED / f"{name}.json").read_text()), stack)


def summary(*changes, stack=AWS):
    return PlanSummary(stack=stack, changes=changes)


def change(address, action="delete", attributes=None, *, name=""):
    """One change; attributes are path -> (before, after)."""
    parts = address.partition(" ")[0].split(".")
    return ResourceChange(
        address=address,
        action=action,
        type=parts[-2],
        name=name,
        attributes=tuple(
            AttributeChange(path=path, before=before, after=after)
            for path, (before, after) in (attributes or {}).items()
        ),
    )


def guarded(*summaries, depths=None, **options):
    """Address -> what would be lost."""
    found = find_guarded(summaries, depths or {}, **options)
    return {item.address: item.loses for item in found}


EMPTY = QueueDepth(0)
NO_LETTERS = {"gcbridge-dev-crm-dead-letter": EMPTY, "gcbridge-dev-lake-dead-letter": EMPTY}


def test_what_keeps_events_is_guarded():
    """Targets taken out of an environment: whatever kept events has to be named, the rest goes quietly."""
    plan = recorded("targets_removed")
    depths = {**NO_LETTERS, "gcbridge-dev-crm": EMPTY}

    assert set(guarded(plan, depths=depths)) == {
        "module.archive.aws_cloudwatch_event_archive.this",
        "module.key_crm.aws_kms_key.this",
        "module.target_lake.aws_kinesis_firehose_delivery_stream.this",
        "module.target_lake.aws_s3_bucket.this",
        "module.target_latest.aws_dynamodb_table.this",
        "module.target_steps.aws_sfn_state_machine.this",
        "module.target_stream.aws_kinesis_stream.this",
        "module.target_trail.aws_cloudwatch_log_group.this",
    }


@pytest.mark.parametrize(
    ("address", "loses"),
    [
        ("module.lake_events.aws_glue_catalog_database.this", "every table and view in it"),
        ("module.lake_events.aws_athena_workgroup.this", "every query saved in it"),
        ("module.lake_events.module.delivery.aws_s3_bucket.this", "every object in it"),
        ("module.lake_events.aws_glue_catalog_table.this", None),
        ("module.alarm_presence.aws_cloudwatch_metric_alarm.this", None),
        ("module.dashboard_calls.aws_cloudwatch_dashboard.this", None),
    ],
)
def test_what_analysts_made_beside_a_table_is_guarded(address, loses):
    """The table itself, alarms and dashboards come back with the next apply, as they were."""
    found = guarded(summary(change(address)))
    assert {key: text.startswith(loses) for key, text in found.items()} == ({address: True} if loses else {})


def test_queues_are_asked_about_by_their_present_name():
    """A queue that is renamed is replaced, and what it holds is lost under its old name."""
    assert queues_at_stake([recorded("targets_removed")]) == (
        "gcbridge-dev-crm-dead-letter",
        "gcbridge-dev-lake-dead-letter",
        "gcbridge-dev-crm",
    )


@pytest.mark.parametrize(
    ("address", "depth", "loses"),
    [
        (LETTERS, EMPTY, None),
        (LETTERS, QueueDepth(1), "about 1 message that could not be delivered"),
        (LETTERS, QueueDepth(12), "about 12 messages that could not be delivered"),
        (QUEUE, EMPTY, None),
        (QUEUE, QueueDepth(3), "about 3 messages that nobody took yet"),
        (
            LETTERS,
            QueueDepth(None, "AWS did not allow counting", "allow sqs:GetQueueUrl"),
            "perhaps messages, which could not be counted: AWS did not allow counting; allow sqs:GetQueueUrl",
        ),
    ],
)
@pytest.mark.parametrize("action", ["delete", "replace"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_queue_is_guarded_while_it_holds_messages(address, depth, loses, action, whole):
    """Dead letters also where the whole environment goes. Not to know how many there are counts as messages."""
    plan = summary(change(address, action, name="q"))

    found = find_guarded([plan], {"q": depth}, whole=whole)

    must = address == LETTERS or not whole
    assert [(item.loses, item.must_be_named) for item in found] == ([(loses, must)] if loses else [])


def test_a_whole_environment_goes_by_the_word_destroy():
    """What goes with it is listed, and needs no second word."""
    plan = summary(change(BUS), change("module.archive.aws_cloudwatch_event_archive.this"))

    found = find_guarded([plan], {}, whole=True)

    assert [item.must_be_named for item in found] == [False, False]
    check_named(ASKING, found, ())


@pytest.mark.parametrize(
    ("resource", "is_guarded"),
    [
        (change("module.target_a.aws_cloudwatch_log_group.this", name="/aws/events/gcbridge/dev/a"), True),
        (change("module.target_a.aws_cloudwatch_log_group.this", name="my-own-name"), True),
        (change("module.target_a.aws_cloudwatch_log_group.this", name="/aws/lambda/f"), False),
        (change("module.target_a.aws_cloudwatch_log_group.this", name="/aws/kinesisfirehose/s"), False),
        (change("module.target_a.aws_cloudwatch_log_group.this[0]", name="/ecs/t"), False),
        (change(BUS, "update"), False),
        (change(BUS, "create"), False),
        (change(BUS, "replace"), True),
        (change(f"{BUS} (deposed object 00ff)"), True),
        (change("module.rule_a.aws_cloudwatch_event_rule.this"), False),
        (change("module.target_a.aws_sns_topic.this"), False),
    ],
)
def test_what_is_guarded(resource, is_guarded):
    """Log groups that services write about their own work to keep no events."""
    assert bool(guarded(summary(resource))) is is_guarded


def test_a_leftover_of_a_replacement_is_named_by_its_plain_address():
    """Terraform knows no other."""
    plan = summary(change(f"{BUS} (deposed object 00ff)"))

    (found,) = find_guarded([plan], {}, named=[BUS])

    assert (found.address, found.named) == (BUS, True)


def test_another_suffix_is_another_bridge():
    """The integration changes in place, which Terraform takes for harmless; the bus is replaced."""
    genesys, aws = recorded("other_suffix_genesys", GENESYS), recorded("other_suffix_aws")

    found = find_guarded([genesys, aws], {})

    assert [(item.stack, item.address, item.action, item.makes_another_bridge) for item in found] == [
        (GENESYS, INTEGRATION, "update", True),
        (AWS, BUS, "replace", False),
    ]
    assert found[0].loses == "genesys.event_source_suffix becomes two and was loop"


VENDORS = "module.integration.genesyscloud_integration.AwsEventBridgeIntegration"


@pytest.mark.parametrize(
    ("path", "before", "after", "part"),
    [
        (f"{PROPERTIES}.eventSourceSuffix", "a", "b", "genesys.event_source_suffix becomes b and was a"),
        (f"{PROPERTIES}.awsAccountId", "1", "2", "aws.account_id becomes 2 and was 1"),
        (f"{PROPERTIES}.awsAccountRegion", "x", "y", "aws.region becomes y and was x"),
        (f"{PROPERTIES}.awsAccountRegion", "x", "y", "what it has in AWS stays there"),
        (PROPERTIES, '{"eventSourceSuffix":"a"}', UNKNOWN, "not known before the apply"),
        (PROPERTIES, '{"eventSourceSuffix":"a"}', None, "not known before the apply"),
        ("config", [{"name": "a"}], UNKNOWN, "not known before the apply"),
    ],
)
@pytest.mark.parametrize("address", [INTEGRATION, VENDORS])
def test_what_makes_another_bridge(address, path, before, after, part):
    """The same for the bundled module and for the vendor's."""
    plan = summary(change(address, "update", {path: (before, after)}))

    (found,) = find_guarded([plan], {})

    assert part in found.loses
    assert found.makes_another_bridge


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (f"{PROPERTIES}.eventFilter", ["a"], ["b"]),
        (f"{PROPERTIES}.eventSourceSuffix", None, "b"),
        ("config[0].name", "a", "b"),
        ("config[0].name", "a", UNKNOWN),
    ],
)
def test_what_leaves_the_bridge_as_it_is(path, before, after):
    """Topics and names may change; an integration that never had a suffix was no bridge."""
    assert guarded(summary(change(INTEGRATION, "update", {path: (before, after)}))) == {}


def test_an_integration_turned_by_hand_may_be_turned_back():
    """Somebody typed another suffix in Genesys Cloud; the plan repairs the bridge that Terraform knows."""
    plan = recorded("turned_by_hand", GENESYS)

    assert [item.action for item in plan.changes] == ["update"]
    assert guarded(plan) == {}


def test_another_organization_is_another_bridge():
    """The integration is not found there and would be made anew; the bus says that there was one."""
    names = ("aws.partner/genesys.com/cloud/org-1/dev", "aws.partner/genesys.com/cloud/org-2/dev")
    plan = summary(change(BUS, "replace", {"name": names}))

    (found,) = find_guarded([plan], {})

    assert found.makes_another_bridge
    assert found.loses.startswith("genesys.org_id becomes org-2 and was org-1; every event until")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aws.partner/genesys.com/cloud/org-1/dev", "aws.partner/genesys.com/cloud/org-1/two"),
        ("team-a/orders", "team-b/orders"),
        ("orders", "invoices"),
        ("aws.partner/genesys.com/cloud/org-1/dev", UNKNOWN),
    ],
)
def test_another_bus_is_not_another_organization(before, after):
    """It is guarded all the same; a target's bus may be called as its owner likes."""
    (found,) = find_guarded([summary(change(BUS, "replace", {"name": (before, after)}))], {})

    assert not found.makes_another_bridge


def test_from_the_bundled_module_to_the_vendors():
    """The vendor's module names its resource differently, so one integration goes and another comes."""
    plan = summary(change(VENDORS, "create"), change(INTEGRATION), stack=GENESYS)

    assert list(guarded(plan)) == [INTEGRATION]


def refuse(plan, depths=None, named=(), asking=ASKING):
    found = find_guarded([plan], depths or {}, named=named)
    with pytest.raises(RefusedError) as refusal:
        check_named(asking, found, named)
    return refusal.value


def test_a_refusal_lists_each_address_and_the_command():
    """Everything needed at once, so that nobody types three times; what was named already stays named."""
    plan = summary(change(BUS), change("aws_kinesis_stream.a"), change('aws_kinesis_stream.b["x"]'))

    error = refuse(plan, named=["aws_kinesis_stream.a"])

    assert error.summary == "the plan of dev would lose what nothing brings back"
    assert error.detail.splitlines() == [
        f"delete {BUS}: every event until there is a bus again; what is sent meanwhile is dropped",
        'delete aws_kinesis_stream.b["x"]: every record in it, read or not',
    ]
    assert error.hint == (
        f"to lose all that: gcbridge plan dev --allow-destroy aws_kinesis_stream.a --allow-destroy {BUS}"
        " --allow-destroy 'aws_kinesis_stream.b[\"x\"]'"
    )


def test_a_refusal_for_letters_says_how_to_look_at_them():
    """They can be sent on, which is better than to lose them."""
    hint = refuse(summary(change(LETTERS, name="q")), {"q": QueueDepth(2)}).hint

    assert hint.startswith(
        "gcbridge dlq dev list shows what lies there, while environments/dev.yaml has the target as it was; "
    )
    assert hint.endswith(f"gcbridge plan dev --allow-destroy {LETTERS}")


def test_a_refusal_of_another_bridge_says_the_way():
    """A second environment, both at work, then the first goes."""
    error = refuse(recorded("other_suffix_genesys", GENESYS))

    assert error.summary == "the plan of dev would make another bridge of it"
    for step in ("environments/dev-2.yaml", "gcbridge apply dev-2", "gcbridge destroy dev"):
        assert step in error.detail
    assert error.hint == f"to change over all the same: gcbridge plan dev --allow-destroy {INTEGRATION}"


def test_what_was_named_may_go():
    """Each by its own address."""
    plan = summary(change(BUS), change(LETTERS, name="q"))
    found = find_guarded([plan], {"q": QueueDepth(2)}, named=[BUS, LETTERS])

    assert all(item.named for item in found)
    check_named(ASKING, found, [BUS, LETTERS])


def test_an_address_that_is_not_touched_is_a_typing_mistake():
    """The closest of what would go is offered."""
    plan = summary(change(BUS), change(LETTERS, name="q"), change("aws_cloudwatch_event_rule.this", "update"))

    with pytest.raises(RefusedError) as refusal:
        check_touched(ASKING, [plan], [BUS, LETTERS.replace("letter", "leter")])

    assert refusal.value.summary.startswith("the plan of dev does not touch module.dead_leter_crm")
    assert refusal.value.hint == f"did you mean --allow-destroy {LETTERS}? otherwise: gcbridge plan dev"


def test_an_address_may_be_named_though_nothing_is_lost_with_it():
    """A queue that is empty now may have messages when the plan is applied."""
    check_touched(ASKING, [summary(change(LETTERS, name="q"))], [LETTERS])
    check_named(ASKING, find_guarded([summary(change(LETTERS, name="q"))], {"q": EMPTY}), [LETTERS])


def test_a_plan_that_touches_nothing_has_nothing_to_offer():
    """The address is left over from another plan."""
    with pytest.raises(RefusedError) as refusal:
        check_touched(ASKING, [summary()], [BUS])

    assert refusal.value.hint == "leave it out: gcbridge plan dev"
