"""Recorded `terraform show -json` documents become summaries."""

import json
from pathlib import Path

import pytest

from gcbridge.errors import TerraformError
from gcbridge.model.stack import StackName
from gcbridge.study.plan_summary import SENSITIVE, UNKNOWN, summarize_plan

RECORDED = Path(__file__).parents[2] / "fixtures" / "plans"


def summarize(name):
    return summarize_plan(json.loads((RECORDED / f"{name}.json").read_text()), StackName.AWS)


def change(summary, address):
    (found,) = [change for change in summary.changes if change.address == address]
    return found


def attributes(summary, address):
    return {item.path: (item.before, item.after) for item in change(summary, address).attributes}


def test_actions_in_terraforms_order():
    """Reads and no-ops are left out; both kinds of replacement read `replace`."""
    summary = summarize("replaces")

    assert [(item.address, item.action) for item in summary.changes] == [
        ("terraform_data.dropped[1]", "delete"),
        ("terraform_data.early", "replace"),
        ("terraform_data.edited", "update"),
        ("terraform_data.guarded", "replace"),
        ("terraform_data.shaken", "replace"),
    ]
    assert [item.address for item in summary.destroys] == ["terraform_data.dropped[1]"]
    assert len(summary.replaces) == 3
    assert summary.output_changes == ("secret", "word")


def test_data_sources_that_are_read_later_are_no_change():
    """A policy document that waits for an ARN is nothing that anyone applies."""
    summary = summarize("aws_changes")

    assert not [item for item in summary.changes if item.address.startswith("data.")]
    assert [item.action for item in summary.changes].count("create") == 3


def test_change_inside_an_event_pattern_is_shown_at_its_leaf():
    """An event pattern is JSON in a string; people want to see what changed inside."""
    assert attributes(summarize("aws_changes"), "aws_cloudwatch_event_rule.audits") == {
        "event_pattern.detail.eventBody.action": (["CREATE"], ["UPDATE"]),
        "event_pattern.detail.eventBody.entityType": (None, ["OAuthClient"]),
        'tags["gcbridge:environment"]': ("test", "dev"),
        "tags.owner": (None, "platform"),
        'tags_all["gcbridge:environment"]': ("test", "dev"),
        "tags_all.owner": (None, "platform"),
    }


def test_change_inside_a_policy_is_shown_at_its_leaf():
    """Policies are JSON in a string too, keys with colons included."""
    assert attributes(summarize("aws_changes"), "aws_sqs_queue.events") == {
        'policy.Statement[0].Condition.ArnEquals["aws:SourceArn"]': (
            ["arn:aws:events:eu-central-1:123456789012:rule/a"],
            ["arn:aws:events:eu-central-1:123456789012:rule/b"],
        ),
        "visibility_timeout_seconds": (30, 60),
    }


def test_replacement_says_why_and_what_is_not_known_yet():
    """The attribute that forces it, and computed ones as Terraform writes them."""
    summary = summarize("aws_changes")
    rule = "aws_cloudwatch_event_rule.presence"

    assert change(summary, rule).replace_reasons == ("name",)
    assert attributes(summary, rule)["name"] == ("presence", "presence-renamed")
    assert attributes(summary, rule)["arn"][1] == UNKNOWN
    assert "description" not in attributes(summary, rule), 'null and "" are one to older provider SDKs'


def test_tainted_resource_says_so():
    """Nothing about it changes, and it is replaced all the same."""
    assert change(summarize("replaces"), "terraform_data.shaken").replace_reasons == ("(tainted)",)


def test_sensitive_values_are_masked():
    """That a secret changes is told, the secret is not."""
    summary = summarize("replaces")

    assert attributes(summary, "terraform_data.guarded")["triggers_replace.secret"] == (SENSITIVE, SENSITIVE)
    assert "hush" not in summary.model_dump_json()


@pytest.mark.parametrize(("name", "actions"), [("creates", {"create"}), ("destroys", {"delete"})])
def test_whole_stacks_come_and_go(name, actions):
    """Created and deleted resources list no attributes."""
    summary = summarize(name)

    assert {item.action for item in summary.changes} == actions
    assert not [item for item in summary.changes if item.attributes]


def test_plan_without_changes_is_empty():
    """What apply would not touch is not mentioned."""
    summary = summarize("nothing")

    assert not summary.has_changes
    assert summary.changes == ()


def plan_of(before, after, **more):
    """Write a plan of one updated resource."""
    planned = {"actions": ["update"], "before": before, "after": after, **more}
    resource = {"address": "a.b", "mode": "managed", "change": planned}
    return {"format_version": "1.2", "resource_changes": [resource]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": [1, 2]}, {"a": [1]}, {"a": ([1, 2], [1])}),
        ({"a": None}, {"a": {"b": [1]}}, {"a.b": (None, [1])}),
        ({"a": [{"b": 1}]}, {"a": [{"b": True}]}, {"a[0].b": (1, True)}),
        ({"a": []}, {"a": None}, {"a": ([], None)}),
        ({"a": ""}, {"a": None}, {}),
        ({"a": "{}"}, {"a": "not json"}, {"a": ("{}", "not json")}),
        ({"a": '{"b":1}'}, {"a": '{"b": 1}'}, {"a": ('{"b":1}', '{"b": 1}')}),
        ({"a": '{"x":{"a.b":[1]}}'}, {"a": '{"x":{"a.b":[2]}}'}, {'a.x["a.b"]': ([1], [2])}),
        ({"a": {"b": 1}}, {"a": "text"}, {"a": ({"b": 1}, "text")}),
    ],
)
def test_leaf_differences(before, after, expected):
    """Each row is an attribute before and after, and what is shown."""
    summary = summarize_plan(plan_of(before, after), StackName.GENESYS)

    assert attributes(summary, "a.b") == expected


def test_unknown_element_of_a_list_hides_no_secret():
    """What becomes unknown shows its old value, but never a sensitive part of it."""
    plan = plan_of(
        {"a": {"user": "me", "password": "hush"}},
        {"a": None},
        after_unknown={"a": True},
        before_sensitive={"a": {"password": True}},
    )

    assert attributes(summarize_plan(plan, StackName.AWS), "a.b") == {
        "a": ({"user": "me", "password": SENSITIVE}, UNKNOWN)
    }


def test_deposed_object_is_told_apart_from_its_successor():
    """What a failed replacement left behind is deleted under the same address."""
    plan = {
        "format_version": "1.2",
        "resource_changes": [
            {"address": "a.b", "mode": "managed", "deposed": "00ff", "change": {"actions": ["delete"]}}
        ],
    }

    assert summarize_plan(plan, StackName.AWS).changes[0].address == "a.b (deposed object 00ff)"


def test_what_would_go_has_its_name():
    """The cloud is asked about a queue by this name; a bucket's stands in another attribute."""
    names = {item.address: (item.type, item.name) for item in summarize("targets_removed").changes}

    assert names["module.dead_letter_crm.aws_sqs_queue.this"] == (
        "aws_sqs_queue",
        "gcbridge-dev-crm-dead-letter",
    )
    assert names["module.target_crm.aws_sqs_queue.this"] == ("aws_sqs_queue", "gcbridge-dev-crm")
    assert names["module.target_lake.aws_s3_bucket.this"] == (
        "aws_s3_bucket",
        "gcbridge-123456789012-eu-central-1-dev-lake",
    )
    assert names["module.key_crm.aws_kms_key.this"] == ("aws_kms_key", "")


def test_a_sensitive_name_is_not_told():
    """Nor is the name of what stays."""
    stays, goes = plan_of({"name": "hush"}, {"name": "new"}), plan_of({"name": "hush"}, None)
    goes["resource_changes"][0]["change"] |= {"actions": ["delete"], "before_sensitive": {"name": True}}

    assert [summarize_plan(plan, StackName.AWS).changes[0].name for plan in (stays, goes)] == ["", ""]


def test_a_change_that_undoes_what_somebody_did_by_hand_is_marked():
    """The suffix was turned in Genesys Cloud; the plan turns it back to what the state says."""
    (item,) = change(
        summarize("turned_by_hand"), "module.integration.genesyscloud_integration.this"
    ).attributes

    assert (item.path, item.before, item.after) == (
        "config[0].properties.eventSourceSuffix",
        "byhand",
        "loop",
    )
    assert item.undoes_drift


def test_a_change_to_something_else_than_before_is_no_repair():
    """Somebody turned it by hand, and the environment says a third thing now."""
    plan = plan_of({"a": "by hand"}, {"a": "new"})
    plan["resource_drift"] = plan_of({"a": "old"}, {"a": "by hand"})["resource_changes"]

    (item,) = summarize_plan(plan, StackName.AWS).changes[0].attributes

    assert not item.undoes_drift


def test_unknown_plan_format_is_refused():
    """A plan that cannot be read for sure is not summarized."""
    with pytest.raises(TerraformError, match=r"plan format 2\.0"):
        summarize_plan({"format_version": "2.0"}, StackName.AWS)
