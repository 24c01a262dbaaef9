"""The text of an environment file before it is written."""

from dataclasses import dataclass, field

import pytest
from init_workspace import rooms_in, write_blueprint

from gcbridge.errors import GenesysError, UsageError
from gcbridge.model.initialization import InitChoices
from gcbridge.study.key_paths import parse_path
from gcbridge.workflows.init import init
from gcbridge.workflows.init_answers import chosen_topics, with_answers, with_found, with_regions
from gcbridge.workflows.init_draft import existing_draft, new_draft
from gcbridge.workspace.blueprints import read_blueprint

REGIONS = {("genesys", "region"): "eu-central-1", ("aws", "region"): "eu-west-1"}

WHOLE = """\
# yaml-language-server: $schema=./schema.json
#
# dev, from the blueprint tiny. Every key: gcbridge env schema
#
# Presence changes for the CRM.

# What the environment is for; for people.
description: Presence in a queue

# The Genesys Cloud side. Credentials come from GENESYSCLOUD_OAUTHCLIENT_ID and _SECRET, never from a file.
genesys:
  # AWS region code that the organization lives in, such as eu-central-1.
  region: eu-central-1
  # Organization id; `gcbridge init` looks it up and writes it here.
  org_id:
  # Last part of the partner event source's name. Never change it in place: it names another bridge.
  event_source_suffix: dev
  # only these
  topics:
    - v2.users.{id}.presence

# The AWS side. Credentials come from the AWS environment variables, profile or role, never from a file.
aws:
  # Account that receives; `gcbridge init` looks it up and writes it here.
  account_id:
  # Region that receives.
  region: eu-west-1

# Rules by name; EventBridge allows 300 a bus.
rules:
  # who is there
  presence:
    # Topics to match; must be among genesys.topics. Empty: all of them.
    topics: ["v2.users.{id}.presence"]
    # Names of targets; EventBridge allows 5 a rule.
    targets: [crm]

# Targets by name.
targets:
  # An SQS queue that exactly its rules may write to.
  crm:
    type: sqs
    # 0 to 43,200.
    visibility_timeout_seconds: 60

# Tests by name; `gcbridge test` runs them, and so does `plan` before it plans.
tests:
"""


def drafted(root, choices, name="dev"):
    """A new draft in a workspace whose own blueprint is tiny."""
    workspace = rooms_in(root).workspace
    blueprint = read_blueprint(workspace, choices.blueprint) if choices.blueprint else None
    return new_draft(workspace, name, choices, blueprint), blueprint


@pytest.fixture
def root(tmp_path):
    """A workspace with a blueprint and a file to extend."""
    write_blueprint(tmp_path)
    (tmp_path / "base.yaml").write_text(
        "genesys: {region: us-east-1}\naws: {region: us-east-1}\nverify: {user: a@b.cc}\n"
    )
    return tmp_path


def test_a_blueprint_becomes_a_whole_file_that_explains_itself(root):
    """Sections in the order of the schema, the blueprint's own comments, and the schema's words where it has none."""
    draft, blueprint = drafted(root, InitChoices(blueprint="tiny", values=REGIONS))
    draft = draft.put(parse_path("targets.crm.visibility_timeout_seconds"), 60)
    text = with_answers(draft, blueprint.about, None).explained()

    assert text.startswith(WHOLE)
    assert "asked for by init" not in text
    assert text.rstrip().endswith("user: tester@example.com")


def test_every_key_that_the_schema_describes_is_explained_once(root):
    """The second rule does not repeat what the first one said."""
    draft, _ = drafted(root, InitChoices(blueprint="tiny", values=REGIONS))
    text = draft.put(("rules", "second"), {"targets": ["crm"]}).explained()

    assert text.count("# Names of targets; EventBridge allows 5 a rule.") == 1


def test_what_the_extended_file_says_is_not_said_again(root):
    """Regions and the user are known there; the path is relative to the environment file."""
    draft, blueprint = drafted(root, InitChoices(blueprint="tiny", extends=root / "base.yaml"))
    draft = draft.put(parse_path("targets.crm.visibility_timeout_seconds"), 60)
    text = with_answers(draft, blueprint.about, None).text

    assert "extends: ../base.yaml" in text
    assert "region" not in text
    assert "a@b.cc" not in text
    assert draft.values()["genesys"]["region"] == "us-east-1"


def test_a_region_that_is_said_wins_over_the_extended_one(root):
    """A flag is the last word."""
    draft, _ = drafted(root, InitChoices(extends=root / "base.yaml", values=REGIONS))

    assert draft.values()["aws"]["region"] == "eu-west-1"


def test_an_extended_environment_needs_no_starter(root):
    """It has topics, rules and targets of its own, which a starter would replace."""
    base = root / "environments" / "_base.yaml"
    base.parent.mkdir()
    base.write_text(
        "genesys: {topics: [v2.audits]}\nrules: {all: {targets: [log]}}\ntargets: {log: {type: log_group}}\n"
    )

    draft, _ = drafted(root, InitChoices(extends=base))

    assert draft.values()["rules"].keys() == {"all"}
    assert "extends: _base.yaml" in draft.text
    assert "topics" not in draft.text


def test_a_blueprint_keeps_the_topics_of_what_it_extends(root):
    """Lists replace each other, and the inherited rules need theirs."""
    base = root / "topics.yaml"
    base.write_text("genesys: {topics: [v2.audits]}\n")

    draft, _ = drafted(root, InitChoices(blueprint="tiny", extends=base, topics=("v2.x",)))

    assert draft.values()["genesys"]["topics"] == ["v2.users.{id}.presence", "v2.audits", "v2.x"]


def test_a_file_to_extend_must_be_there(root):
    """And a sandbox has to be started first."""
    with pytest.raises(UsageError, match="there is no file") as caught:
        drafted(root, InitChoices(extends=root / "nowhere.yaml"))
    assert "gcbridge sandbox up" in caught.value.hint


OTHER = """\
# The team's production; written by: gcbridge init prod
extends: ../base.yaml
description: production organization # for whoever reads this

genesys:
  org_id: "7d3e8a54-2b41-4f6c-8e0d-1c9b5a7f4e22" # written by: gcbridge init prod
  event_source_suffix: prod
  region: eu-central-1
  topics: [v2.audits]

aws: {account_id: "210987654321"}
"""


def test_a_copy_keeps_comments_and_loses_what_belongs_to_the_other(root):
    """Ids are looked up again; the suffix is the new name; a region that this machine names wins over the other's."""
    (root / "environments").mkdir()
    (root / "environments" / "prod.yaml").write_text(OTHER)
    rooms = rooms_in(root, GENESYSCLOUD_REGION="eu-west-2")

    draft, _ = drafted(root, InitChoices(other="prod", topics=("v2.users",)), name="qa")
    text = with_found(rooms, draft).explained()

    assert text.startswith("# The team's production; written by: gcbridge init qa\nextends: ../base.yaml\n")
    assert "description: qa, made from prod # for whoever reads this\n" in text
    assert "  org_id: # written by: gcbridge init qa\n" in text
    assert "  event_source_suffix: qa\n" in text
    assert "  region: eu-west-2\n" in text
    assert "    - v2.audits\n    - v2.users\n" in text
    assert "210987654321" not in text
    assert "7d3e8a54" not in text


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        (
            "topics: # few\n    # who is there\n    - v2.a # often\n    - v2.b\n",
            "topics: # few\n    # who is there\n    - v2.a # often\n    - v2.b\n    - v2.c\n    - v2.d\n",
        ),
        ("topics: [v2.a, v2.b]\n", "topics:\n    - v2.a\n    - v2.b\n    - v2.c\n    - v2.d\n"),
    ],
)
def test_a_topic_more_leaves_the_others_as_they_are_written(root, topics, expected):
    """Comments between topics say why they are there."""
    (root / "environments").mkdir()
    (root / "environments" / "prod.yaml").write_text(f"genesys:\n  region: eu-west-1\n  {topics}")

    draft, _ = drafted(root, InitChoices(other="prod", topics=("v2.c", "v2.a", "v2.d")), name="qa")

    assert expected in draft.text


def test_an_existing_file_gets_only_what_is_missing(root):
    """Each with its explanation; every line that was there is there still."""
    file = root / "environments" / "dev.yaml"
    file.parent.mkdir()
    before = (
        "genesys:\n  region:    eu-central-1\n  topics: [v2.audits]\n\n# last\naws: {region: eu-west-1}\n"
    )
    file.write_text(before)
    rooms = rooms_in(root)
    choices = InitChoices(values={("genesys", "notes"): "ours", ("genesys", "region"): "eu-central-1"})

    text = with_found(rooms, existing_draft(rooms.workspace, "dev", choices)).explained()

    assert [line for line in before.splitlines() if line not in text.splitlines()] == []
    assert [line for line in text.splitlines() if line not in before.splitlines()] == [
        "  # Notes shown at the integration.",
        "  notes: ours",
        "  # Last part of the partner event source's name. Never change it in place: it names another bridge.",
        "  event_source_suffix: dev",
    ]


@dataclass
class Answering:
    """Somebody at a terminal, whose answers are known."""

    answers: dict
    asked: list = field(default_factory=list)

    def ask(self, question):
        """The answer to a question, as text."""
        self.asked.append(question)
        return self.answers.get(question.key, "")

    def choose_blueprint(self, blueprints):
        """The only one."""
        self.asked.append("blueprint")
        return blueprints[0].name

    def choose_topics(self, topics):
        """Two of those that are offered."""
        self.asked += topics
        return (topics[0].topic, topics[1].topic)


def test_a_person_is_asked_only_what_is_not_known(root):
    """An empty answer takes the default; values are YAML; a wrong one is told at once."""
    person = Answering({"genesys.region": "eu-central-1", "targets.crm.visibility_timeout_seconds": "45"})
    draft, blueprint = drafted(root, InitChoices(blueprint="tiny", values={("aws", "region"): "eu-west-1"}))

    draft = with_answers(with_regions(draft, person), blueprint.about, person)

    assert [question.key for question in person.asked] == [
        "genesys.region",
        "targets.crm.visibility_timeout_seconds",
        "verify.user",
    ]
    assert draft.values()["targets"]["crm"]["visibility_timeout_seconds"] == 45
    assert draft.values()["verify"]["user"] == "tester@example.com"
    region, seconds, user = person.asked
    assert "eu-central-1" in region.choices
    assert "43200" in seconds.check("99999")
    assert seconds.check("") == "needs an answer"
    assert seconds.check("45") == user.check("") == ""


def test_topics_are_offered_that_may_reach_eventbridge(root):
    """All of them, with what is said of them."""
    person = Answering({})

    chosen = chosen_topics(rooms_in(root), "dev", person)

    assert len(person.asked) > 100
    assert all(topic.eventbridge is not False for topic in person.asked)
    assert chosen == tuple(topic.topic for topic in person.asked[:2])


def test_nobody_is_asked_in_vain(root):
    """Without credentials for Genesys Cloud the answers would be lost, so nothing is asked."""
    person = Answering({})
    with pytest.raises(GenesysError, match="no credentials"):
        init(rooms_in(root), "dev", InitChoices(), person)
    assert person.asked == []
    assert not (root / "environments" / "dev.yaml").exists()
