"""What init leaves behind when it cannot go on, and what it says."""

import subprocess
import sys

import pytest
from init_workspace import rooms_in, write_blueprint

from gcbridge.errors import EnvironmentInvalidError, GenesysError, RefusedError, UsageError
from gcbridge.model.initialization import InitChoices
from gcbridge.workflows.init import PLACEHOLDER, init
from gcbridge.workspace.yaml_values import parse_assignments

REGIONS = {("genesys", "region"): "eu-central-1", ("aws", "region"): "eu-west-1"}


def written(folder):
    """Files, relative to the folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("genesys_region", "aws_region", "topics", "key"),
    [
        ("eu-centrall-1", "eu-central-1", [], "genesys.region"),
        ("eu-central-1", "eu-centrall-1", [], "aws.region"),
        ("eu-central-1", "eu-central-1", ["not a topic"], "genesys.topics[0]"),
    ],
)
def test_a_mistyped_option_leaves_no_file_behind(tmp_path, genesys_region, aws_region, topics, key):
    """A file would win over the corrected command, which would then fail with the same message."""
    values = {("genesys", "region"): genesys_region, ("aws", "region"): aws_region}

    with pytest.raises(EnvironmentInvalidError) as caught:
        init(rooms_in(tmp_path), "dev", InitChoices(values=values, topics=tuple(topics)))

    assert [problem.key for problem in caught.value.problems] == [key]
    assert "environments/dev.yaml" not in caught.value.detail
    assert "nothing was written" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("genesys.regoin=eu-central-1", "genesys.regoin: unknown key; did you mean region?"),
        ("targets.events.fifo=maybe", "targets.events.fifo: "),
        ("rules.everything.targets=[eventz]", "rules.everything.targets[0]: eventz is no target"),
    ],
)
def test_a_mistyped_set_leaves_no_file_behind(tmp_path, assignment, message):
    """Unknown paths and values that cannot be are found by what checks every environment."""
    choices = InitChoices(values=REGIONS | parse_assignments([assignment]))

    with pytest.raises(EnvironmentInvalidError) as caught:
        init(rooms_in(tmp_path), "dev", choices)

    assert message in caught.value.detail
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_has_to_be_text_is_told_how_to_write_for_a_shell(tmp_path):
    """A shell eats one pair of quotes."""
    assignments = [
        "targets.events.type=lambda",
        "targets.events.source=x",
        "targets.events.environment.ID=0123",
    ]
    choices = InitChoices(values=REGIONS | parse_assignments(assignments))

    with pytest.raises(EnvironmentInvalidError) as caught:
        init(rooms_in(tmp_path), "dev", choices)

    assert "targets.events.environment.ID" in caught.value.detail
    assert """--set 'targets.events.environment.ID="..."'""" in caught.value.hint


def test_a_valid_file_is_written_before_anybody_is_asked(tmp_path):
    """Without credentials init ends there, and the file can be edited until they are set."""
    with pytest.raises(GenesysError):
        init(rooms_in(tmp_path), "dev", InitChoices(values=REGIONS))

    assert written(tmp_path) == ["environments/dev.yaml", "environments/schema.json"]
    text = (tmp_path / "environments/dev.yaml").read_text()
    assert "\n  org_id:\n" in text
    assert "\n  account_id:\n" in text


def test_with_a_blueprint_its_files_are_there_too(tmp_path):
    """Functions, events and flows, each where the environment file names it."""
    write_blueprint(tmp_path)
    values = REGIONS | parse_assignments(["targets.crm.visibility_timeout_seconds=60"])

    with pytest.raises(GenesysError):
        init(rooms_in(tmp_path), "dev", InitChoices(blueprint="tiny", values=values))

    made = [path for path in written(tmp_path) if not path.startswith("blueprints/")]
    assert made == [
        "environments/dev.yaml",
        "environments/events/presence.json",
        "environments/schema.json",
        "functions/crm_sync/handler.py",
    ]


def test_everything_that_is_missing_is_said_at_once(tmp_path):
    """With what to type for each; what has a default is not among it, and nothing is written."""
    write_blueprint(tmp_path / "own")

    with pytest.raises(UsageError) as caught:
        init(rooms_in(tmp_path / "own"), "dev", InitChoices(blueprint="tiny"))

    assert caught.value.summary == "environment dev does not exist, and a new one needs 3 values more"
    assert caught.value.hint == (
        "add --genesys-region REGION --aws-region REGION --set targets.crm.visibility_timeout_seconds=VALUE"
    )
    assert "Seconds a reader has (such as 60)" in caught.value.detail
    assert not (tmp_path / "own" / "environments").exists()


def test_regions_are_found_out_where_the_machine_knows_them(tmp_path):
    """The variables that the Genesys provider and AWS's own tools read."""
    environ = {"GENESYSCLOUD_REGION": "eu-west-2", "AWS_REGION": "us-east-1"}

    with pytest.raises(GenesysError):
        init(rooms_in(tmp_path, **environ), "dev")

    text = (tmp_path / "environments/dev.yaml").read_text()
    assert "\n  region: eu-west-2\n" in text
    assert "\n  region: us-east-1\n" in text


def test_a_copy_of_another_environment_is_no_blueprint(tmp_path):
    """Which of the two would win is nothing that anybody could guess."""
    with pytest.raises(UsageError, match="--from and --blueprint"):
        init(rooms_in(tmp_path), "dev", InitChoices(blueprint="tiny", other="prod"))


def test_an_existing_file_is_compared_and_stays_byte_for_byte(tmp_path):
    """Every difference is told with its line; nothing is changed."""
    file = tmp_path / "environments" / "dev.yaml"
    file.parent.mkdir()
    file.write_text(
        "genesys: # mine\n  region: eu-central-1\n  event_source_suffix: dev\n  topics: [v2.audits]\n"
    )
    before = file.read_bytes()
    choices = InitChoices(
        values={("genesys", "region"): "us-east-1", ("aws", "region"): "eu-west-1"}, topics=("v2.users",)
    )

    with pytest.raises(RefusedError) as caught:
        init(rooms_in(tmp_path), "dev", choices)

    assert caught.value.detail.splitlines() == [
        "environments/dev.yaml:2: genesys.region is 'eu-central-1', not 'us-east-1'",
        "environments/dev.yaml:4: genesys.topics is ['v2.audits'], not ['v2.users']",
    ]
    assert file.read_bytes() == before


@pytest.mark.parametrize("choices", [InitChoices(blueprint="tiny"), InitChoices(other="prod")])
def test_an_existing_file_is_not_called_complete_where_nothing_of_a_source_is_in_it(tmp_path, choices):
    """Nothing would be added, and files of a blueprint would be copied for rules that are not there."""
    write_blueprint(tmp_path)
    environments = tmp_path / "environments"
    environments.mkdir()
    (environments / "prod.yaml").write_text(
        "rules:\n  presence: {targets: [crm]}\ntargets:\n  crm: {type: sqs}\n"
    )
    (environments / "dev.yaml").write_text("rules:\n  mine: {targets: [q]}\ntargets:\n  q: {type: sqs}\n")
    before = written(tmp_path)

    with pytest.raises(RefusedError, match=r"environments/dev.yaml exists, and has nothing of") as caught:
        init(rooms_in(tmp_path), "dev", choices)

    assert "presence" in caught.value.detail
    assert written(tmp_path) == before


def test_an_existing_file_of_that_blueprint_is_completed(tmp_path):
    """The same command again, also where somebody has taken some of it out."""
    write_blueprint(tmp_path)
    values = REGIONS | parse_assignments(["targets.crm.visibility_timeout_seconds=60"])
    choices = InitChoices(blueprint="tiny", values=values)
    with pytest.raises(GenesysError):
        init(rooms_in(tmp_path), "dev", choices)
    file = tmp_path / "environments" / "dev.yaml"
    text = file.read_text().replace("  presence:\n", "  renamed:\n").replace("[presence]", "[renamed]")
    file.write_text(text)

    with pytest.raises(GenesysError):
        init(rooms_in(tmp_path), "dev", choices)

    assert file.read_text() == text


BUCKET = """\
genesys: {{region: eu-central-1, event_source_suffix: {name}, topics: ["v2.users.{{id}}.presence"]}}
aws: {{region: eu-central-1}}
rules: {{all: {{targets: [bi]}}}}
targets:
  bi: {{type: firehose, bucket_name: acme-bi}}
"""


@pytest.mark.parametrize(
    ("there", "hint"), [(False, "--set targets.bi.bucket_name=NAME"), (True, "edit environments/prod.yaml")]
)
def test_a_bucket_is_not_made_twice(tmp_path, there, hint):
    """Known before anybody is asked for credentials, and after a first try too."""
    environments = tmp_path / "environments"
    environments.mkdir()
    (environments / "dev.yaml").write_text(BUCKET.format(name="dev"))
    if there:
        (environments / "prod.yaml").write_text(BUCKET.format(name="prod"))
    before = written(tmp_path)

    with pytest.raises(RefusedError, match="buckets") as caught:
        init(rooms_in(tmp_path), "prod", InitChoices(other="dev"))

    assert hint in caught.value.hint
    assert written(tmp_path) == before


def test_commands_of_a_blueprint_name_the_environment():
    """Whichever of the two words stands there; other words stay."""
    assert (
        PLACEHOLDER.sub("dev", "gcbridge tail {environment} ENV ENVIRONMENT")
        == "gcbridge tail dev dev ENVIRONMENT"
    )


def test_only_who_is_asked_pays_for_the_library_that_asks():
    """Every other command starts without it."""
    code = "import sys, gcbridge.cli.app; print('questionary' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
