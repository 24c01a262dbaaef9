"""What a copy of an environment must not share with the one that it was made from."""

import pytest

from gcbridge.study.copied_environment import collisions

ACCOUNT = "123456789012"
FOREIGN = "arn:aws:sns:eu-central-1:210987654321:alerts"


def told(values, other=None):
    """Collisions of a copy that changed nothing."""
    return [(str(found), found.refused) for found in collisions(other or values, values, ACCOUNT)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"targets": {"crm": {"type": "sqs", "queue_name": "crm"}}},
            [("targets.crm.queue_name: crm is the other environment's name too", False)],
        ),
        (
            {"archive": {"name": "all"}, "genesys": {"integration_name": "bridge"}},
            [
                ("archive.name: all is the other environment's name too", False),
                ("genesys.integration_name: bridge is the other environment's name too", False),
            ],
        ),
        (
            {"targets": {"bi": {"type": "firehose", "bucket_name": "acme-bi"}}},
            [("targets.bi.bucket_name: acme-bi exists: a bucket's name is unique in the world", True)],
        ),
        (
            {
                "targets": {
                    "bi": {"type": "kinesis", "to_s3": {"bucket_name": "acme-bi", "create_bucket": False}}
                }
            },
            [("targets.bi.to_s3.bucket_name: acme-bi is the other environment's name too", False)],
        ),
        (
            {"rules": {"a": {"alarm": {"notify": [FOREIGN]}}}},
            [(f"rules.a.alarm.notify[0]: {FOREIGN} is in account 210987654321, not in {ACCOUNT}", False)],
        ),
        (
            {"terraform": {"backend": {"type": "s3", "key_prefix": "bridges"}}},
            [
                (
                    "terraform.backend.key_prefix: bridges holds the other environment's state too, below a key of its own",
                    False,
                )
            ],
        ),
        (
            {
                "targets": {"x": {"arn": FOREIGN.replace("210987654321", ACCOUNT)}},
                "tests": {"t": {"name": "n"}},
            },
            [],
        ),
        ({"targets": {"queue_name": {"type": "sqs"}}, "rules": {"name": {"description": "name"}}}, []),
    ],
)
def test_what_both_would_mean_is_told(values, expected):
    """With its path; a bucket that would be made twice cannot be."""
    assert told(values) == expected


QUEUE = "6c1f0e52-0001-4000-8000-000000000001"
HOME = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
AWAY = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a12"
IN_GENESYS = {
    "genesys": {"org_id": HOME},
    "rules": {"a": {"where": {"eventBody": {"queueId": [QUEUE]}}}},
    "triggers": {"t": {"workflow": QUEUE}},
    "flows": {"log": {"file": "flows/log.yaml"}},
    "tests": {"t": {"event": {"detail": {"id": QUEUE}}}},
}


@pytest.mark.parametrize(
    ("org_id", "expected"),
    [
        (
            AWAY,
            [
                f"rules.a.where.eventBody.queueId[0]: {QUEUE} looks like an id of the other organization",
                f"triggers.t.workflow: {QUEUE} looks like an id of the other organization",
            ],
        ),
        (
            HOME,
            [
                "flows.log.file: flows/log.yaml is the other environment's workflow too, in the same organization"
            ],
        ),
        (None, []),
    ],
)
def test_what_belongs_to_an_organization_is_told(org_id, expected):
    """Ids mean nothing in another one; in the same one a file that both deploy is one workflow, which either removes."""
    new = {**IN_GENESYS, "genesys": {"org_id": org_id}}

    assert [str(found) for found in collisions(IN_GENESYS, new, ACCOUNT)] == expected


def test_a_name_of_its_own_collides_with_nothing():
    """Whoever set another one has decided."""
    other = {"targets": {"crm": {"queue_name": "crm"}}}

    assert told({"targets": {"crm": {"queue_name": "crm-qa"}}}, other) == []
