"""The text of a new environment file."""

from __future__ import annotations

import json

DEFAULT_TOPICS = ("v2.audits.entitytype.{id}.entityid.{id}",)

STARTER = """\
# yaml-language-server: $schema=./schema.json
#
# {name}: one Genesys Cloud organization, one AWS account. Every key: gcbridge env schema
genesys:
  # AWS region code that the organization lives in.
  region: {genesys_region}
  # Last part of the partner event source's name. Never change it in place: it names another bridge.
  event_source_suffix: {name}
  # What Genesys Cloud sends. {{id}} stands literally.
  topics:
{topics}

aws:
  # Region that receives.
  region: {aws_region}

rules:
  # Every topic to one queue; narrow it with topics and where.
  everything:
    targets: [events]

targets:
  # A queue with its policy, encryption and a dead-letter queue.
  events:
    type: sqs

verify:
  # Edits the integration's own notes and restores them; needs the audit topic above.
  cause: {cause}
"""


def starter_text(
    name: str, genesys_region: str | None, aws_region: str | None, topics: list[str]
) -> str | None:
    """A commented environment file, or None where the regions were not said.

    Args:
        name: the environment.
        genesys_region: AWS region code of the organization.
        aws_region: AWS region that receives.
        topics: topic templates; the audit topic where empty.
    """
    if not genesys_region or not aws_region:
        return None
    chosen = topics or list(DEFAULT_TOPICS)
    return STARTER.format(
        name=name,
        genesys_region=json.dumps(genesys_region),
        aws_region=json.dumps(aws_region),
        topics="\n".join(f"    - {json.dumps(topic)}" for topic in chosen),
        cause="integration_notes" if set(DEFAULT_TOPICS) & set(chosen) else "traffic",
    )
