"""Warnings about an environment as written, for programs and for whoever watches."""

import pytest

from gcbridge.model.topic import Topic, TopicCatalogue, TopicField
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.lint import lint_environment, note_lints
from gcbridge.workspace.layout import Workspace

AUDIT = "v2.audits.entitytype.{id}.entityid.{id}"
BASE = """\
genesys:
  region: eu-central-1
  topics:
    - v2.audits.entitytype.{id}.entityid.{id}
aws:
  region: eu-central-1
rules:
  audits:
    targets: [queue]
    topics:
      - v2.audits.entitytype.{id}.entityid.{id}
targets:
  queue:
    type: sqs
"""
DEV = """\
extends: _base.yaml
genesys:
  event_source_suffix: dev
rules:
  audits:
    where:
      eventBody:
        action: [delete]
"""


@pytest.fixture
def lints(tmp_path):
    """Of an environment that extends another."""
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "_base.yaml").write_text(BASE)
    (folder / "dev.yaml").write_text(DEV)
    action = TopicField(type="string", enum=("Create", "Delete"))
    topics = (Topic(topic=AUDIT, fields={"action": action}, transports=("All",)),)
    catalogue = TopicCatalogue(topics=topics, taken_at="2026-07-13", origin="a test")
    return lint_environment(load_environment(Workspace(tmp_path), "dev"), catalogue)


def test_a_warning_stands_at_the_line_that_was_written(lints):
    """In the file that wrote it, not in the one that it extends."""
    (lint,) = lints

    assert (lint.severity, lint.where) == ("warning", "environments/dev.yaml:8")
    assert lint.key == "rules.audits.where.eventBody.action[0]"
    assert lint.hint == 'did you mean "Delete"?'


def test_who_watches_is_told_one_line_each(lints):
    """As notes: they end nothing."""
    told = []

    note_lints(told.append, lints)

    assert [(progress.kind, progress.message) for progress in told] == [("note", str(lints[0]))]
