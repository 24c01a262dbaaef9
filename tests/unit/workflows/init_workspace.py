"""A workspace in a temporary folder, with a tiny blueprint of its own."""

from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

BLUEPRINT = """\
title: Presence in a queue
asks:
  - {path: targets.crm.visibility_timeout_seconds, question: Seconds a reader has, example: 60}
  - {path: verify.user, question: Whose presence may be changed, example: test@example.com, default: tester@example.com}
commands: ["gcbridge verify ENV  # proves it", "gcbridge tail {environment}"]
"""

FRAGMENT = """\
# Presence changes for the CRM.

rules:
  # who is there
  presence:
    topics: ["v2.users.{id}.presence"]
    targets: [crm]
targets:
  crm:
    type: sqs
    # visibility_timeout_seconds is asked for by init
tests:
  a presence is sent on:
    event: events/presence.json
    rules: [presence]
genesys:
  # only these
  topics:
    - v2.users.{id}.presence
verify: {cause: presence}
"""

EVENT = '{"detail-type": "v2.users.{id}.presence", "detail": {"eventBody": {}}}'


def rooms_in(folder, **environ):
    """Doors of a workspace, and nothing but these variables."""
    return Rooms(Workspace(folder), environ)


def write_blueprint(root, name="tiny", **files):
    """Put a blueprint into a folder of blueprints."""
    texts = {
        "blueprint.yaml": BLUEPRINT,
        "environment.yaml": FRAGMENT,
        "events/presence.json": EVENT,
        "functions/crm_sync/handler.py": "def handle(event, context):\n    return event\n",
        **files,
    }
    for place, text in texts.items():
        path = root / "blueprints" / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
