"""Observations say what is there, and judge names what is not."""

import json

import pytest

from gcbridge.aws.event_source import describe_event_source
from gcbridge.aws.observe import observe
from gcbridge.aws.session import open_aws
from gcbridge.model.result import GenesysObservation, IntegrationObservation, Observations
from gcbridge.study.judge import judge

pytestmark = pytest.mark.sandbox


def first_broken(aws, bridge):
    """The link that judge names, with a healthy sending side."""
    integration = IntegrationObservation(
        integration_id="1",
        name="gcbridge dev",
        intended_state="ENABLED",
        reported_state="ACTIVE",
        topics=bridge.integration.topics,
        event_source_suffix="dev",
        aws_account_id=bridge.aws.account_id,
        aws_region=bridge.aws.region,
    )
    sending = GenesysObservation(organization_id=bridge.organization.org_id, integration=integration)
    broken = judge(bridge, Observations(genesys=sending, aws=observe(aws, bridge))).first_broken
    return broken and broken.name


def test_life_of_an_event_source(aws, bridge, world):
    """A source is missing, then PENDING, then ACTIVE as soon as its bus exists."""
    name = bridge.event_source_name
    assert describe_event_source(aws, name) is None

    world.create_source()
    assert describe_event_source(aws, name).state == "PENDING"

    world.create_bus()
    assert describe_event_source(aws, name).state == "ACTIVE"


def test_bit_by_bit(aws, bridge, world):
    """While a bridge is being built, the link to build next is the broken one."""
    assert first_broken(aws, bridge) == "event source exists"
    world.create_source()
    assert first_broken(aws, bridge) == "event bus exists"
    world.create_bus()
    assert first_broken(aws, bridge) == "rule audits"
    world.create_rules()
    assert first_broken(aws, bridge) == "target log of rule audits"
    world.create_targets()
    assert first_broken(aws, bridge) is None


def test_healthy(aws, bridge, built):
    """Every rule is seen as declared, and every target as existing."""
    seen = observe(aws, bridge)

    assert seen.account_id == bridge.aws.account_id
    assert {rule.name: rule.state for rule in seen.rules} == {
        "audits": "ENABLED",
        "presence": "ENABLED",
        "paused": "DISABLED",
    }
    assert [rule.pattern for rule in seen.rules] == [
        next(declared.pattern for declared in bridge.rules if declared.name == rule.name)
        for rule in seen.rules
    ]
    targets = [target for rule in seen.rules for target in rule.targets]
    assert len(targets) == 4
    assert all(seen.resources[target.arn].exists for target in targets)


def set_queue(built, **attributes):
    url = built.queue_url(built.bridge.target("queue").queue_name)
    built.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def drop_queue(built):
    built.aws.sqs.delete_queue(QueueUrl=built.queue_url(built.bridge.target("queue").queue_name))


def narrow_queue_policy(built):
    target = built.bridge.target("queue")
    others = tuple(arn for arn in target.rule_arns if arn != built.bridge.rule_arn("presence"))
    narrow = target.model_copy(update={"rule_arns": others})
    set_queue(built, Policy=built.queue_policy(narrow))


BREAKS = {
    "target log of rule audits": lambda w: w.aws.logs.delete_log_group(
        logGroupName=w.bridge.target("log").log_group_name
    ),
    "target queue of rule audits": drop_queue,
    "permission of rule audits on target log": lambda w: w.aws.logs.delete_resource_policy(
        policyName="gcbridge-dev"
    ),
    "permission of rule presence on target queue": narrow_queue_policy,
    "permission of rule audits on target queue": lambda w: set_queue(w, KmsMasterKeyId="alias/aws/sqs"),
    "rule presence": lambda w: w.aws.events.disable_rule(
        Name="presence", EventBusName=w.bridge.event_bus_name
    ),
    "target queue of rule presence": lambda w: w.aws.events.remove_targets(
        Rule="presence", EventBusName=w.bridge.event_bus_name, Ids=["queue"]
    ),
    "event bus exists": lambda w: w.aws.events.delete_event_bus(Name=w.bridge.event_bus_name),
    "event source ACTIVE": lambda w: w.aws.events.deactivate_event_source(Name=w.bridge.event_source_name),
    "event source exists": lambda w: w.partner.delete_partner_event_source(
        Name=w.bridge.event_source_name, Account=w.bridge.aws.account_id
    ),
}


@pytest.mark.parametrize(("link", "break_it"), BREAKS.items(), ids=BREAKS)
def test_break(aws, bridge, built, link, break_it):
    """What somebody broke in AWS is the link that is named."""
    break_it(built)

    assert first_broken(aws, bridge) == link


def test_own_policy_of_a_log_group(aws, bridge, built):
    """A log group may let EventBridge in by a policy of its own instead of one of the account."""
    target = bridge.target("log")
    aws.logs.delete_resource_policy(policyName="gcbridge-dev")
    aws.logs.put_resource_policy(resourceArn=target.arn, policyDocument=built.log_policy(target))

    assert first_broken(aws, bridge) is None


def test_denied_by_the_queue(aws, bridge, built):
    """A deny in the policy wins over the permission that gcbridge gave."""
    target = bridge.target("queue")
    policy = json.loads(built.queue_policy(target))
    policy["Statement"].append({**policy["Statement"][0], "Effect": "Deny"})
    set_queue(built, Policy=json.dumps(policy))

    assert first_broken(aws, bridge) == "permission of rule audits on target queue"


def test_other_account(bridge, built):
    """Credentials of another account are told apart from an empty account."""
    stranger = open_aws(
        bridge.aws, environ={"AWS_ACCESS_KEY_ID": "210987654321", "AWS_SECRET_ACCESS_KEY": "x"}
    )

    assert observe(stranger, bridge).account_id == "210987654321"
    assert first_broken(stranger, bridge) == "aws account"
