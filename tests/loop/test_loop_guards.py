"""What a plan would lose is refused until somebody names it; tests run in this order, on one bridge."""

import shutil

import pytest
from loop_workspace import BUS_ONLY, NOTHING, LoopWorkspace, changes
from test_loop_remote_module import VENDOR, make_vendor_repository, pin

pytestmark = pytest.mark.sandbox

FULL = (
    BUS_ONLY
    + """\
archive: {{}}
rules:
  everything: {{targets: [crm, stream]}}
targets:
  crm: {{type: sqs}}
  stream: {{type: kinesis}}
"""
)
QUEUE_ONLY = (
    BUS_ONLY
    + """\
rules:
  everything: {{targets: [crm]}}
targets:
  crm: {{type: sqs}}
"""
)
NO_DEAD_LETTERS = QUEUE_ONLY.replace("type: sqs", "type: sqs, dead_letter: false")

INTEGRATION = "module.integration.genesyscloud_integration.this"
BUS = "module.event_bus.aws_cloudwatch_event_bus.this"
ARCHIVE = "module.archive.aws_cloudwatch_event_archive.this"
STREAM = "module.target_stream.aws_kinesis_stream.this"
CRM_LETTERS = "module.dead_letter_crm.aws_sqs_queue.this"
STREAM_LETTERS = "module.dead_letter_stream.aws_sqs_queue.this"


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop` has an archive, a stream and two dead-letter queues, and was applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("guards") / "workspace")
    try:
        workspace.write(FULL)
        workspace.plan()
        workspace.ok("apply", "loop")
        yield workspace
    finally:
        workspace.close()


@pytest.fixture
def written(bridge):
    """Writes an environment; one that a test wrote in vain is taken back."""
    before = bridge.file("loop").read_text()
    yield bridge.write
    bridge.file("loop").write_text(before)


def allow(*addresses):
    """What to type after a refusal."""
    return [word for address in addresses for word in ("--allow-destroy", address)]


def refused(workspace, *command):
    """What a refused plan says; it leaves no bundle behind that somebody could apply."""
    before = workspace.bundles()
    done = workspace.run(*command).failed(4)
    assert workspace.bundles() == before
    return done


def queue_url(workspace, name):
    return workspace.aws("sqs").get_queue_url(QueueName=f"gcbridge-loop-{name}")["QueueUrl"]


def post_letter(workspace, target):
    """Something that a target could not receive."""
    url = queue_url(workspace, f"{target}-dead-letter")
    workspace.aws("sqs").send_message(QueueUrl=url, MessageBody="could not be delivered")


def purge(workspace, target):
    workspace.aws("sqs").purge_queue(QueueUrl=queue_url(workspace, f"{target}-dead-letter"))


def guarded(bundle):
    """Address -> whether it was named."""
    return {item["address"]: item["named"] for item in bundle["guarded"]}


def archives(workspace):
    return [archive["ArchiveName"] for archive in workspace.aws("events").list_archives()["Archives"]]


def words_after_refusal(done):
    """The options of the command that a refusal says to type."""
    return done.said.partition("gcbridge plan loop ")[2].split()


def test_another_suffix_is_refused_with_the_way_to_it(bridge, written):
    """Terraform would change the integration in place; events would reach neither bridge meanwhile."""
    written(FULL.replace("suffix: {name}", "suffix: two"))

    done = refused(bridge, "plan", "loop")

    done.failed(
        4,
        f"update {INTEGRATION}: genesys.event_source_suffix becomes two and was loop",
        f"replace {BUS}",
        "environments/loop-2.yaml",
        "gcbridge apply loop-2",
        "gcbridge destroy loop",
    )
    assert guarded(bridge.ok("plan", "loop", "--json", *words_after_refusal(done)).data) == {
        INTEGRATION: True,
        BUS: True,
        ARCHIVE: True,
    }


def test_the_vendors_module_would_replace_the_integration(bridge, written, tmp_path):
    """Its resource has another name, and it says nothing of a move."""
    pin(bridge, make_vendor_repository(tmp_path / "vendor"))
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/vendor.insteadOf",
        "GIT_CONFIG_VALUE_0": VENDOR,
    }
    written(FULL + "integration_module: remote\n")
    try:
        bridge.run("plan", "loop", **git).failed(4, f"delete {INTEGRATION}", *allow(INTEGRATION))
    finally:
        shutil.rmtree(bridge.root / "templates")


def test_archive_and_stream_go_by_name_only(bridge):
    """Both at once, by the command that the refusal says; a mistyped address allows nothing."""
    bridge.write(QUEUE_ONLY)
    done = refused(bridge, "plan", "loop")
    done.failed(4, f"delete {ARCHIVE}: every event it keeps", f"delete {STREAM}: every record in it")
    assert words_after_refusal(done) == allow(ARCHIVE, STREAM)
    refused(bridge, "plan", "loop", *allow(ARCHIVE, STREAM[:-1])).failed(
        4, f"did you mean --allow-destroy {STREAM}?"
    )

    bundle = bridge.ok("plan", "loop", "--json", *allow(ARCHIVE, STREAM)).data

    assert guarded(bundle) == {ARCHIVE: True, STREAM: True}
    assert f"delete {STREAM_LETTERS}" in changes(bundle, "aws"), "an empty queue goes without a word"


def test_letters_that_came_after_the_plan_are_seen_by_apply(bridge):
    """The plan of the test before: nothing of it is applied until the letter is gone or named, too."""
    post_letter(bridge, "stream")
    bridge.run("apply", "loop").failed(
        4,
        f"delete {STREAM_LETTERS}: about 1 message that could not be delivered",
        "gcbridge dlq loop list",
        f"--bundle {bridge.bundles()[-1]}",
        *allow(STREAM_LETTERS),
    )
    assert archives(bridge) == ["gcbridge-loop"]

    bridge.ok("apply", "loop", *allow(STREAM_LETTERS))

    assert archives(bridge) == []
    assert bridge.aws("kinesis").list_streams()["StreamNames"] == []


def test_a_dead_letter_queue_goes_when_it_is_empty(bridge, written):
    """A letter holds it back; once it was sent on or thrown away, nothing is asked."""
    written(NO_DEAD_LETTERS)
    post_letter(bridge, "crm")
    refused(bridge, "plan", "loop").failed(4, f"delete {CRM_LETTERS}", "gcbridge dlq loop list")
    purge(bridge, "crm")

    bundle = bridge.plan()

    assert f"delete {CRM_LETTERS}" in changes(bundle, "aws")
    assert bundle["guarded"] == []


def test_destroy_lists_what_goes_and_asks_for_letters_only(bridge):
    """Who destroys an environment may not know that something could not be delivered."""
    post_letter(bridge, "crm")
    done = refused(bridge, "destroy", "loop", "--auto-approve")
    done.failed(4, f"delete {CRM_LETTERS}", f"gcbridge destroy loop --allow-destroy {CRM_LETTERS}")
    assert BUS not in done.said
    assert bridge.left()["buses"] == [bridge.source_name()]

    done = bridge.ok("destroy", "loop", "--auto-approve", *allow(CRM_LETTERS))

    assert f"{BUS}: every event" in done.said
    assert f"{CRM_LETTERS}: about 1 message" in done.said
    assert bridge.left() == NOTHING
