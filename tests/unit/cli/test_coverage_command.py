"""coverage: the command, what it prints, and how it ends."""

import json
from io import StringIO

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from gcbridge.cli.context import Session
from gcbridge.cli.coverage import COLUMNS_MAX, coverage_command, print_coverage
from gcbridge.model.coverage import (
    CoverageReport,
    RedundantRule,
    RuleCoverage,
    RuleOverlap,
    TopicCoverage,
    UnmatchedTopic,
    UnsatisfiableRule,
)
from gcbridge.workspace.layout import Workspace

AUDIT, PRESENCE = "v2.audits.entitytype.{id}.entityid.{id}", "v2.users.{id}.presence"
ENVIRONMENT = f"""
genesys:
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  region: eu-central-1
  event_source_suffix: dev
  topics: ["{AUDIT}", "{PRESENCE}"]
aws: {{region: eu-central-1, account_id: "123456789012"}}
rules:
  audits: {{topics: ["{AUDIT}"], targets: [lake]}}
  deletions:
    topics: ["{AUDIT}"]
    where: {{eventBody: {{action: [Delete]}}}}
    targets: [TARGET]
  presence: {{topics: ["{PRESENCE}"], targets: [crm, security]}}
targets:
  lake: {{type: sqs}}
  security: {{type: sqs}}
  crm: {{type: sqs}}
"""


@pytest.fixture
def run(tmp_path):
    """Runs the command in a workspace with one environment, whose rule `deletions` sends to the target given."""
    command = typer.Typer()
    command.command()(coverage_command)
    (tmp_path / "environments").mkdir()

    def run(*words, target="security"):
        text = ENVIRONMENT.replace("TARGET", target)
        (tmp_path / "environments" / "dev.yaml").write_text(text, encoding="utf-8")
        return CliRunner().invoke(command, ["dev", *words], obj=Session(Workspace(tmp_path)))

    return run


def test_a_healthy_environment(run):
    """An overlap is told and fails nothing, strict or not."""
    done = run("--strict")

    assert done.exit_code == 0
    assert "1 pair of rules that overlap" in done.output
    assert "✓ dev: 2 topics, 3 enabled rules: every topic is matched" in done.output


def test_a_finding_fails_only_with_strict(run):
    """Both rules send to the lake."""
    assert run(target="lake").exit_code == 0
    assert run("--strict", target="lake").exit_code == 1


def test_json_is_the_same_report(run):
    """With --strict it fails as well, and still prints all."""
    done = run("--json", "--strict", target="lake")
    report = CoverageReport.model_validate(json.loads(done.stdout))

    assert done.exit_code == 1
    assert [rule.rule for rule in report.redundant_rules] == ["deletions"]
    assert report.overlaps[0].example["detail"]["eventBody"] == {"action": "Delete"}


def report(rules=(), topics=(), unmatched=(), unsatisfiable=(), redundant=(), overlaps=()):
    return CoverageReport(
        environment="dev",
        catalogue="a test (2026-07-13)",
        topics=topics,
        rules=rules,
        unmatched_topics=unmatched,
        unsatisfiable_rules=unsatisfiable,
        redundant_rules=redundant,
        overlaps=overlaps,
    )


def rule(name, *topics, enabled=True):
    return RuleCoverage(rule=name, enabled=enabled, targets=("queue",), topics=topics)


def topic(name, every=(), some=(), disabled=(), known=True):
    return TopicCoverage(
        topic=name,
        rules=(*every, *some),
        rules_for_every_event=every,
        disabled_rules=disabled,
        is_body_known=known,
    )


def printed(shown, width=100):
    written = StringIO()
    print_coverage(shown, Console(file=written, width=width))
    return [line.rstrip() for line in written.getvalue().splitlines()]


def test_the_matrix():
    """Rules are numbered, and listed below it."""
    lines = printed(
        report(
            rules=(rule("all", AUDIT), rule("some", AUDIT), rule("off", PRESENCE, enabled=False)),
            topics=(topic(AUDIT, every=("all",), some=("some",)), topic(PRESENCE, disabled=("off",))),
        )
    )

    assert lines[:3] == [
        "topic                                   1 2 3",
        f"{AUDIT} ● ○",
        f"{PRESENCE}                      -",
    ]
    assert lines[4:9] == [
        "",
        "   rule            targets  topics",
        "1  all             queue         1",
        "2  some            queue         1",
        "3  off (disabled)  queue         1",
    ]


def test_a_matrix_of_twenty_topics_and_sixteen_rules_fits_into_a_hundred_columns():
    """Also with the longest topic there is."""
    names = [f"v2.detail.events.conversation.{{id}}.something.{n:02}" for n in range(20)]
    rules = [f"rule-{n}" for n in range(COLUMNS_MAX)]
    shown = report(
        rules=tuple(rule(name, *names) for name in rules),
        topics=tuple(topic(name, every=tuple(rules)) for name in names),
    )
    lines = printed(shown)

    assert lines[1].split() == [names[0], *["●"] * COLUMNS_MAX]
    assert lines[20].split()[0] == names[19]
    assert max(len(line) for line in lines) <= 100


def test_many_rules_are_listed_topic_by_topic():
    rules = [f"rule-{n:02}" for n in range(COLUMNS_MAX + 1)]
    shown = report(
        rules=tuple(rule(name, AUDIT) for name in rules),
        topics=(topic(AUDIT, every=("rule-03",), some=("rule-01", "rule-02")), topic(PRESENCE)),
    )

    assert printed(shown)[:4] == [AUDIT, "  ● rule-03", "  ○ rule-01, rule-02", PRESENCE]


def test_findings_say_what_to_do():
    shown = report(
        unmatched=(
            UnmatchedTopic(
                topic=PRESENCE,
                disabled_rules=(),
                failing_rules=(),
                archived=False,
                message="lost",
                advice="remove it",
            ),
        ),
        unsatisfiable=(UnsatisfiableRule(rule="typo", reasons=tuple("abcde"), advice="mend it"),),
        redundant=(
            RedundantRule(
                rule="one",
                covered_by="two",
                is_same=True,
                targets=("queue",),
                topics=(AUDIT,),
                message="twice [sic]",
                advice="remove one",
            ),
        ),
    )
    lines = printed(shown)
    start = lines.index("1 topic matched by no rule")

    assert lines[start : start + 18] == [
        "1 topic matched by no rule",
        f"✗ {PRESENCE}",
        "    lost",
        "    to do: remove it",
        "",
        "1 rule that no subscribed topic can satisfy",
        "✗ typo",
        *("    a", "    b", "    c", "    d"),
        "    and 1 more; --json lists them all",
        "    to do: mend it",
        "",
        "1 redundant rule",
        "✗ one",
        "    twice [sic]",
        "    to do: remove one",
    ]
    assert lines[-1] == (
        "✗ dev: 0 topics, 0 enabled rules: 1 topic matched by no rule, "
        "1 rule that no topic can satisfy, 1 redundant rule"
    )


def overlap(one, other, relation="partly", shared=(), certain=True):
    return RuleOverlap(
        rules=(one, other),
        topics=(AUDIT,),
        shared_targets=shared,
        relation=relation,
        certain=certain,
        example={} if certain else None,
    )


def test_overlaps():
    """What both match, who gets it twice, and whether it is certain."""
    overlaps = (overlap("a", "b", "first in second", ("queue",)), overlap("a", "c", certain=False))
    lines = printed(report(overlaps=overlaps))
    start = lines.index("2 pairs of rules that overlap (one event can match both)")

    assert lines[start + 1 : start + 4] == [
        "rule  and rule  both match   get it twice  certain",
        "a     b         all of a's   queue         yes",
        "a     c         some events  -             possible",
    ]


def test_of_many_overlaps_the_first_are_shown():
    lines = printed(report(overlaps=tuple(overlap("a", f"b{n}") for n in range(30))))

    assert "and 10 more; --json lists them all" in lines


def test_a_topic_whose_body_is_unknown_is_said():
    lines = printed(report(topics=(topic(PRESENCE, known=False),)))

    assert f"! the body of {PRESENCE} is not known here: rules were judged by the envelope alone" in lines
