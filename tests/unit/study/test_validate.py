"""Every problem of an environment is found at once, with its line and what is allowed."""

import copy

import pytest

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.origin import Origin
from gcbridge.study.validate import validate_environment

VALID = {
    "genesys": {
        "region": "eu-central-1",
        "event_source_suffix": "dev",
        "topics": ["v2.users.{id}.presence", "v2.audits.entitytype.{id}.entityid.{id}"],
    },
    "aws": {"region": "eu-central-1"},
    "rules": {"presence": {"topics": ["v2.users.{id}.presence"], "targets": ["queue"]}},
    "targets": {"queue": {"type": "sqs"}},
}


def with_change(path: tuple, value):
    changed = copy.deepcopy(VALID)
    node = changed
    for key in path[:-1]:
        node = node.setdefault(key, {}) if isinstance(key, str) else node[key]
    node[path[-1]] = value
    return changed


def problems_of(values, origins=None) -> str:
    with pytest.raises(EnvironmentInvalidError) as caught:
        validate_environment("dev", values, origins or {})
    return caught.value.detail


def test_a_valid_environment_is_accepted():
    """The table below changes one thing of this environment at a time."""
    assert validate_environment("dev", VALID, {}).rules["presence"].targets == ("queue",)


RULE = ("rules", "presence")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("genesys", "regoin"), "x", "genesys.regoin: unknown key; did you mean region? allowed: base_url"),
        (("genesys", "region"), "mars-1", "no Genesys Cloud region; allowed: ap-northeast-1"),
        (("genesys", "org_id"), "ABC", "a lower-case UUID"),
        (("genesys", "event_source_suffix"), "a/b", "1 to 64 letters, digits"),
        (("genesys", "event_source_suffix"), "x" * 65, "1 to 64 letters, digits"),
        (("genesys", "topics"), [], "has 0 entries; at least 1 are allowed"),
        (("genesys", "topics", 0), "presence", "is no topic; allowed: a topic template"),
        (("genesys", "topics", 0), "v2.system.token_revoked.{id}", "never reaches EventBridge"),
        (
            ("genesys", "topics", 0),
            "v2.users.0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11.presence",
            "templates: v2.users.{id}.presence",
        ),
        (("aws", "account_id"), 12345678901, "'012345678901' (a YAML number loses leading zeros)"),
        (("aws", "account_id"), "1234", "12 digits"),
        (("aws", "region"), "Frankfurt", "no AWS region; allowed: af-south-1"),
        (("aws", "endpoint_url"), "localhost:4566", "http(s)://host[:port]"),
        (("aws", "assume_role"), {"role_arn": "admin"}, "an IAM role's ARN"),
        (("terraform", "backend"), {"type": "gcs"}, "type 'gcs' is unknown; allowed: local, s3"),
        (
            ("terraform", "backend"),
            {"type": "s3", "region": "eu-west-1"},
            "terraform.backend.bucket: is missing",
        ),
        (("terraform", "providers", "aws"), "latest", "a Terraform version constraint"),
        (("rules", "bad name"), {"targets": ["queue"]}, "letters, digits, '-' and '_'"),
        (("rules", "r" * 65), {"targets": ["queue"]}, "has 65 characters; at most 64"),
        ((*RULE, "targets"), [], "has 0 entries"),
        ((*RULE, "targets"), ["queue"] * 6, "has 6 entries; at most 5 are allowed"),
        ((*RULE, "targets"), ["quue"], "quue is no target; did you mean queue? targets: queue"),
        ((*RULE, "targets"), ["queue", "queue"], "queue is named twice"),
        ((*RULE, "topics"), ["v2.users.{id}.presense"], "did you mean v2.users.{id}.presence?"),
        ((*RULE, "description"), "x" * 513, "has 513 characters; at most 512"),
        ((*RULE, "enabled"), "no", "enabled: input should be a valid boolean"),
        ((*RULE, "pattern"), {"detail": {"a": [1]}}, "stands instead of topics and where"),
        (
            (*RULE, "where"),
            {"eventBody": {"action": "Delete"}},
            'values stand in an array; write ["Delete"]',
        ),
        ((*RULE, "where"), {"eventBody": {}}, "an empty object matches nothing"),
        ((*RULE, "where"), {"a": []}, "an empty array matches nothing"),
        ((*RULE, "where"), {"a": [["x"]]}, "an array inside an array; list the values in one array"),
        ((*RULE, "where"), {"a": [{"prefix": "x", "suffix": "y"}]}, "exactly one key, not 2"),
        ((*RULE, "where"), {"a": ["x" * 2000]}, "EventBridge allows 2048: split the rule"),
        (("targets", "queue", "retention"), 4, "allowed: arn, dead_letter"),
        (("targets", "queue", "retry"), {"attempts": 186}, "less than or equal to 185"),
        (("targets", "queue"), {"type": "sqqs"}, "did you mean sqs?"),
        (("targets", "queue"), {}, "type is missing"),
        ((*RULE, "where"), {"a": [1.0]}, "another number than 1.0"),
        ((*RULE, "where"), {"a": [float("inf")]}, "another number than inf"),
        ((*RULE, "where"), {"a": [2**53 + 1]}, "another number than 9007199254740993"),
        (("aws", "tags"), {"AWS:team": "x"}, "AWS keeps tags that begin with aws: for itself"),
        (("aws", "tags"), {"team": "x" * 257}, "has 257 characters; at most 256"),
        (("targets", "unused"), {"type": "sqs"}, "no rule sends to it"),
        (("targets", "q" * 60), {"type": "sqs"}, "AWS allows 80: shorten the name"),
        (("verify", "cause"), "presence", "needs verify.user"),
        (("wait",), {}, "wait: unknown key; did you mean waits?"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(path, value, message):
    """Each line: where, what was written, and what the message says about it."""
    assert message in problems_of(with_change(path, value))


@pytest.mark.parametrize(
    "written",
    [
        "hunter2",
        {"environment_variable": "hunter2 "},
        {"secret_arn": "hunter2"},
        {"environment_variable": 2222},
    ],
)
def test_a_secret_in_the_place_of_its_name_is_not_repeated(written):
    """The message may end in the log of a pipeline."""
    authorization = {"type": "api_key", "secret": written}
    web = {"type": "api_destination", "url": "https://example.com/", "authorization": authorization}

    said = problems_of(with_change(("targets", "queue"), web))

    assert "targets.queue.authorization.secret" in said
    assert "(not shown)" in said
    assert not {"hunter2", "2222"} & set(said.replace("'", " ").split())


def test_a_key_that_a_secret_does_not_have():
    """What it may have is said."""
    authorization = {"type": "api_key", "secret": {"value": "hunter2"}}
    web = {"type": "api_destination", "url": "https://example.com/", "authorization": authorization}

    said = problems_of(with_change(("targets", "queue"), web))

    assert "unknown key; allowed: environment_variable, secret_arn" in said
    assert "hunter2" not in said


def test_a_raw_pattern_may_not_choose_its_own_source():
    """A rule whose source is not this bridge's would silently match nothing."""
    rule = {"pattern": {"source": ["aws.partner/genesys.com"], "detial": {"a": [1]}}, "targets": ["queue"]}

    problems = problems_of(with_change(RULE, rule))

    assert "rules.presence.pattern.source: leave it out" in problems
    assert "rules.presence.pattern.detial: an EventBridge event has no such field" in problems


def test_two_targets_may_not_create_the_same_queue():
    """The second would take over the first one's queue at apply."""
    values = with_change(("targets", "other"), {"type": "sqs", "queue_name": "gcbridge-dev-queue"})
    values["rules"]["presence"]["targets"] = ["queue", "other"]

    assert (
        "targets.other: would create queue gcbridge-dev-queue, which targets.queue creates already"
        in problems_of(values)
    )


def test_a_target_may_not_create_the_dead_letter_queue_of_another():
    """Both would be one queue: undeliverable events among the delivered ones."""
    values = with_change(("targets", "queue-dead-letter"), {"type": "sqs"})
    values["rules"]["presence"]["targets"] = ["queue", "queue-dead-letter"]

    assert "targets.queue-dead-letter: would create queue gcbridge-dev-queue-dead-letter" in problems_of(
        values
    )


def test_two_targets_may_not_create_the_same_log_group():
    """Not even where only one of them spells its name out."""
    values = with_change(("targets", "log"), {"type": "log_group"})
    values["targets"]["other"] = {"type": "log_group", "log_group_name": "/aws/events/gcbridge/dev/log"}
    values["rules"]["presence"]["targets"] = ["queue", "log", "other"]

    assert "targets.other: would create log group /aws/events/gcbridge/dev/log" in problems_of(values)


@pytest.mark.parametrize(("region", "limit"), [("eu-central-1", 300), ("af-south-1", 100)])
def test_rules_per_bus(region, limit):
    """Two regions have a lower quota."""
    values = with_change(("aws", "region"), region)
    values["rules"] = {f"rule{number}": {"targets": ["queue"]} for number in range(limit)}
    validate_environment("dev", values, {})
    values["rules"]["one-more"] = {"targets": ["queue"]}

    assert f"has {limit + 1} entries; " in problems_of(values)


@pytest.mark.parametrize("number", [1, -5, 0.5, 300.25, 2**53, True])
def test_numbers_that_stay_as_they_are(number):
    """EventBridge compares how a number is written, so only those that Terraform rewrites are refused."""
    validate_environment("dev", with_change((*RULE, "where"), {"a": [number]}), {})


def test_a_cause_needs_a_topic_that_carries_it():
    """Otherwise verify would wait for an event that cannot come."""
    values = with_change(("verify",), {"cause": "integration_notes"})
    values["genesys"]["topics"] = ["v2.users.{id}.presence"]

    assert "add one to genesys.topics, or choose another cause" in problems_of(values)


def test_all_problems_come_at_once_in_the_order_of_the_file():
    """People mend a file in one go."""
    values = with_change(("aws", "region"), "nowhere")
    values["genesys"]["region"] = "mars-1"
    values["rules"]["presence"]["targets"] = ["gone"]
    origins = {
        ("genesys", "region"): Origin("environments/dev.yaml", 2),
        ("aws", "region"): Origin("environments/dev.yaml", 7),
        ("rules",): Origin("environments/dev.yaml", 9),
    }

    lines = problems_of(values, origins).splitlines()

    assert [line.split(": ")[0] for line in lines] == [
        "targets.queue",  # no longer used by any rule; its own line is not known here
        "environments/dev.yaml:2",
        "environments/dev.yaml:7",
        "environments/dev.yaml:9",
    ]


def test_a_list_of_wrong_entries_is_not_called_too_short():
    """One mistake, one problem."""
    values = with_change(("genesys", "topics"), ["presence"])
    values["rules"] = {}
    values["targets"] = {}

    assert problems_of(values).count("genesys.topics") == 1


def test_more_log_groups_than_a_region_has_policies_for_are_refused():
    """The eleventh would fail in the middle of an apply."""
    targets = {f"log{number}": {"type": "log_group"} for number in range(11)}
    values = with_change(("targets",), {"queue": {"type": "sqs"}, **targets})
    values["rules"] |= {name: {"targets": [name]} for name in targets}

    assert "11 log groups need a CloudWatch Logs resource policy each; AWS allows 10" in problems_of(values)
