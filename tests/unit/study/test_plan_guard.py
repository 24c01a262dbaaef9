"""What may be applied: the plan that was reviewed, to the environment it was made for."""

import pytest

from gcbridge.errors import PlanOutdatedError
from gcbridge.model.plan import PlanBundle, PlannedStack, PlanSummary, ResourceChange
from gcbridge.model.stack import StackName
from gcbridge.study.plan_guard import check_continues, check_still_current

GENESYS, AWS = StackName.GENESYS, StackName.AWS
DIGESTS = {GENESYS: "g1", AWS: "a1"}


def summary(**changes):
    """A summary of the aws stack: address -> action."""
    return PlanSummary(
        stack=AWS,
        changes=tuple(ResourceChange(address=address, action=action) for address, action in changes.items()),
    )


def planned(stack, digest):
    return PlannedStack(
        stack_digest=digest,
        plan_file=f"{stack}.tfplan",
        plan_sha256="",
        lock_sha256="",
        has_changes=True,
        summary=PlanSummary(stack=stack, changes=()),
    )


BUNDLE = PlanBundle(
    id="b1",
    environment="dev",
    environment_digest="e1",
    created_at="2026-01-01T00:00:00+00:00",
    gcbridge_version="0",
    terraform_version="1",
    provider_versions={},
    genesys=planned(GENESYS, "g1"),
    aws=planned(AWS, "a1"),
)


def test_the_same_environment_may_be_applied():
    """Nothing differs, nothing is said."""
    check_still_current(BUNDLE, "dev", "e1", DIGESTS)


@pytest.mark.parametrize(
    ("environment", "digest", "stacks", "summary_part", "detail"),
    [
        ("prod", "e1", DIGESTS, "made for dev, not for prod", ""),
        (
            "dev",
            "e2",
            {GENESYS: "g1", AWS: "a2"},
            "dev was changed",
            "the aws stack would now be another one",
        ),
        (
            "dev",
            "e2",
            {GENESYS: "g2", AWS: "a2"},
            "dev was changed",
            "the genesys stack would now be another one\nthe aws stack would now be another one",
        ),
        (
            "dev",
            "e2",
            DIGESTS,
            "dev was changed",
            "both stacks are as planned; endpoints or how Terraform is run differ",
        ),
        (
            "dev",
            "e1",
            {GENESYS: "g2", AWS: "a1"},
            "genesys stack renders",
            "a template, a module or gcbridge",
        ),
    ],
)
def test_what_differs_is_named(environment, digest, stacks, summary_part, detail):
    """The error says which environment, which stack, and to plan again."""
    with pytest.raises(PlanOutdatedError) as refusal:
        check_still_current(BUNDLE, environment, digest, stacks)
    assert summary_part in refusal.value.summary
    assert refusal.value.detail.startswith(detail)
    assert refusal.value.hint == f"gcbridge plan {environment}"


@pytest.mark.parametrize(
    ("reviewed", "left"),
    [
        ({"a": "create", "b": "create"}, {"b": "create"}),
        ({"a": "create"}, {"a": "replace"}),
        ({"a": "update", "b": "delete"}, {"a": "update", "b": "delete"}),
        ({"a": "create"}, {}),
        ({"a": "replace"}, {"a": "create"}),
        ({"a": "replace"}, {"a (deposed object 0a1b2c3d)": "delete"}),
    ],
)
def test_the_rest_of_a_plan_may_be_applied(reviewed, left):
    """A resource created only half is replaced, one replaced only half is created or its old half deleted."""
    check_continues(BUNDLE, summary(**reviewed), summary(**left))


@pytest.mark.parametrize(
    ("reviewed", "left", "stranger"),
    [
        ({"a": "create"}, {"b": "create"}, "create b"),
        ({"a": "create"}, {"a": "update"}, "update a"),
        ({"a": "update"}, {"a": "replace"}, "replace a"),
        ({"a": "create"}, {"a": "delete"}, "delete a"),
        ({"a": "update"}, {"a (deposed object 0a1b2c3d)": "delete"}, "delete a (deposed object 0a1b2c3d)"),
    ],
)
def test_more_than_the_rest_is_refused(reviewed, left, stranger):
    """The stranger is named."""
    with pytest.raises(PlanOutdatedError) as refusal:
        check_continues(BUNDLE, summary(**reviewed), summary(**left))
    assert refusal.value.detail == stranger
