"""Dead letters are listed, shown, sent again and purged, and none is lost on the way."""

import json
import threading
from collections import Counter

import pytest
from buried_letters import ACCOUNT, CREDENTIALS, REGION, Letters

from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.dead_letter import Selection
from gcbridge.model.progress import Progress
from gcbridge.workflows.dlq import list_dead_letters, purge_dead_letters, show_dead_letters
from gcbridge.workflows.redrive import preview_redrive, redrive_dead_letters
from gcbridge.workflows.rooms import Rooms

pytestmark = pytest.mark.sandbox


@pytest.fixture
def told():
    return []


@pytest.fixture
def letters(emulated_aws, tmp_path, told):
    emulated_aws.reset()
    return Letters(tmp_path, emulated_aws.endpoint, told.append)


# list and show


def test_a_listing_groups_and_gives_back(letters):
    """Counts by target, rule and code, beside the depth; afterwards every letter can be received."""
    letters.bury(23)
    letters.bury(2, code="THROTTLING", rule="second")
    letters.bury(1, target="part")

    listing = list_dead_letters(letters.rooms, letters.environment)

    assert [(group.target, group.rule, group.error_code, group.count) for group in listing.groups] == [
        ("crm", "first", "NO_PERMISSIONS", 23),
        ("crm", "second", "THROTTLING", 2),
        ("part", "first", "NO_PERMISSIONS", 1),
    ]
    assert {queue.target: (queue.depth, queue.looked_at) for queue in listing.queues} == {
        "crm": (25, 25),
        "part": (1, 1),
        "bus": (0, 0),
        "table": (0, 0),
    }
    assert listing.groups[0].error_message == "NO_PERMISSIONS was said"
    assert letters.depth("crm") == (25, 25)


def test_a_listing_says_how_much_it_looked_at(letters):
    """A long queue is looked into in part."""
    letters.bury(25)

    listing = list_dead_letters(letters.rooms, letters.environment, Selection(target="crm"), limit=12)

    assert (listing.queues[0].depth, listing.queues[0].looked_at, listing.groups[0].count) == (25, 12, 12)


def test_missing_queues_are_said(letters):
    """Before the first apply there is none."""
    letters.aws.sqs.delete_queue(QueueUrl=letters.url(letters.bridge.target("crm").dead_letter_queue_name))

    described = list_dead_letters(letters.rooms, letters.environment, Selection(target="crm")).queues[0]

    assert (described.exists, described.depth) == (False, 0)
    assert "does not exist" in described.detail


def test_a_queue_that_forwards_is_not_looked_into(letters):
    """Looks count as receives, and would move letters elsewhere."""
    letters.bury(1)
    url = letters.url(letters.bridge.target("crm").dead_letter_queue_name)
    arn = letters.bridge.target("part").arn
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    letters.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})

    listing = list_dead_letters(letters.rooms, letters.environment, Selection(target="crm"))
    result = redrive_dead_letters(letters.rooms, letters.environment)

    assert (listing.depth, listing.groups) == (1, ())
    assert "redrive policy of its own" in listing.queues[0].detail
    assert (result.sent, result.left, result.complete) == (0, 1, False)


def test_letters_are_shown_whole(letters):
    """With attributes and event, and as many as asked for."""
    letters.bury(5)
    letters.bury(3, code="THROTTLING")

    view = show_dead_letters(letters.rooms, letters.environment, Selection(code="THROTTLING"), limit=2)

    assert [letter.attributes["ERROR_CODE"] for letter in view.letters] == ["THROTTLING"] * 2
    assert json.loads(view.letters[0].body)["detail"] == {"number": 0}
    assert letters.depth("crm") == (8, 8)


def test_an_unknown_target_is_a_mistake(letters):
    """The environment's targets are named."""
    with pytest.raises(UsageError) as raised:
        list_dead_letters(letters.rooms, letters.environment, Selection(target="crn"))

    assert raised.value.hint == "its targets are: bus, crm, part, table"


# redrive


def test_everything_is_sent_and_deleted(letters, told):
    """The target's input is applied, each letter arrives once, and the queues are empty."""
    letters.bury(12)
    letters.bury(3, target="part")

    result = redrive_dead_letters(letters.rooms, letters.environment, per_second=500)

    assert (result.sent, result.refused, result.left, result.complete) == (15, 0, 0, True)
    assert Counter(json.loads(body)["id"] for body in letters.received("crm")) == Counter(
        f"NO_PERMISSIONS-{number}" for number in range(12)
    )
    assert sorted(letters.received("part")) == ['{"number":0}', '{"number":1}', '{"number":2}']
    assert "12 sent of about 12" in [progress.message for progress in told]


def test_only_what_was_asked_for(letters):
    """Other letters are given back."""
    letters.bury(7)
    letters.bury(4, code="THROTTLING")

    result = redrive_dead_letters(
        letters.rooms, letters.environment, Selection(code="THROTTLING"), per_second=500
    )

    assert (result.sent, result.left) == (4, 7)
    assert {json.loads(body)["id"].split("-")[0] for body in letters.received("crm")} == {"THROTTLING"}
    assert letters.depth("crm") == (7, 7)


def test_a_limit(letters):
    """So many are tried, all targets together."""
    letters.bury(5)
    letters.bury(5, target="part")

    result = redrive_dead_letters(letters.rooms, letters.environment, limit=3, per_second=500)

    assert (result.sent, result.left) == (3, 7)
    assert letters.depth("crm")[0] + letters.depth("part")[0] == 7


def test_the_rate_is_kept(letters):
    """A second for ten letters, but for the first."""
    letters.bury(11)

    assert redrive_dead_letters(letters.rooms, letters.environment, per_second=10).seconds >= 1.0


def test_what_is_refused_stays(letters):
    """After five refusals in a row the target is left alone, and others go on."""
    letters.bury(9, target="table")
    letters.bury(3, target="part")

    result = redrive_dead_letters(letters.rooms, letters.environment, per_second=500)

    by_target = {target.target: target for target in result.targets}
    assert (by_target["table"].sent, by_target["table"].refused, by_target["table"].left) == (0, 5, 9)
    assert by_target["table"].stopped == "stopped after 5 refusals in a row"
    assert (by_target["part"].sent, by_target["part"].left) == (3, 0)
    assert [(refusal.rule, refusal.count) for refusal in result.refusals] == [("first", 5)]
    assert "ResourceNotFoundException" in result.refusals[0].reason
    assert letters.depth("table") == (9, 9)


def test_a_missing_target_and_a_bus(letters):
    """Nothing is tried where nothing can take it."""
    letters.bury(2)
    letters.bury(2, target="bus")
    letters.remove("crm")

    result = redrive_dead_letters(letters.rooms, letters.environment)

    by_target = {target.target: target for target in result.targets}
    assert {name: (target.sent, target.left) for name, target in by_target.items()} == {
        "crm": (0, 2),
        "bus": (0, 2),
    }
    assert "does not exist" in by_target["crm"].stopped
    assert "gcbridge replay dev" in result.refusals[0].reason
    assert not result.complete


def test_a_letter_for_a_former_target(letters):
    """It stays, with the reason."""
    letters.bury(1, TARGET_ARN=f"arn:aws:sqs:{REGION}:{ACCOUNT}:former")
    letters.bury(1)

    result = redrive_dead_letters(letters.rooms, letters.environment)

    assert (result.sent, result.refused, result.left) == (1, 1, 1)
    assert "was meant for" in result.refusals[0].reason


def test_a_preview_sends_nothing(letters):
    """It counts what would be sent, and what could not."""
    letters.bury(4)
    letters.bury(2, target="bus")

    result = preview_redrive(letters.rooms, letters.environment)

    assert (result.dry_run, result.sent, result.refused) == (True, 4, 2)
    assert letters.received("crm") == []
    assert letters.depth("crm") == (4, 4)


def test_not_confirmed(letters):
    """Nothing is sent before somebody agreed."""
    letters.bury(1)
    shown = []

    with pytest.raises(RefusedError):
        redrive_dead_letters(letters.rooms, letters.environment, confirm=shown.append)

    assert shown[0].groups[0].count == 1
    assert letters.depth("crm") == (1, 1)


def test_somebody_else_is_sending_too(letters):
    """Two at once send each letter once."""
    letters.bury(30)
    results = []

    def send():
        results.append(redrive_dead_letters(letters.rooms, letters.environment, per_second=500))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(result.sent for result in results) == 30
    assert len(letters.received("crm")) == 30


def test_letters_that_somebody_holds(letters, told):
    """They are neither sent nor forgotten."""
    letters.bury(3)
    url = letters.url(letters.bridge.target("crm").dead_letter_queue_name)
    letters.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2, VisibilityTimeout=60)

    result = redrive_dead_letters(letters.rooms, letters.environment)

    assert (result.sent, result.left) == (1, 2)
    assert told[-1].message.startswith("about 2 letters are held by another reader")


def test_progress_goes_on(letters, told):
    """Each letter moves the line of its target."""
    letters.bury(3)
    redrive_dead_letters(letters.rooms, letters.environment, per_second=500)

    moves: list[Progress] = [progress for progress in told if progress.subject == "target crm"]
    assert [progress.kind for progress in moves] == ["started", *["running"] * 3, "finished"]


# purge


def test_whole_queues_are_purged(letters):
    """Once the number was confirmed."""
    letters.bury(12)
    letters.bury(2, target="part")
    asked = []

    def confirm(listing, count):
        asked.append((listing.groups[0].count, count))
        return True

    result = purge_dead_letters(letters.rooms, letters.environment, Selection(target="crm"), confirm=confirm)

    assert asked == [(12, 12)]
    assert (result.deleted, letters.depth("crm"), letters.depth("part")) == (12, (0, 0), (2, 2))


def test_only_one_group_is_purged(letters):
    """What does not fit stays, and so does a letter that came after the question."""
    letters.bury(15)
    letters.bury(12, code="THROTTLING")

    def confirm(listing, count):
        letters.bury(1, code="THROTTLING")
        return count == 12

    result = purge_dead_letters(
        letters.rooms, letters.environment, Selection(code="THROTTLING"), confirm=confirm
    )

    assert (result.deleted, letters.depth("crm")) == (12, (16, 16))


def test_a_purge_that_was_not_confirmed(letters):
    """Nothing is deleted."""
    letters.bury(3)

    with pytest.raises(RefusedError):
        purge_dead_letters(letters.rooms, letters.environment, confirm=lambda *_: False)

    assert letters.depth("crm") == (3, 3)


def test_credentials_of_another_account(letters):
    """Queues of the same name there are none of ours."""
    foreign = Rooms(
        letters.rooms.workspace,
        {**CREDENTIALS, "AWS_ACCESS_KEY_ID": "999988887777"},
    )
    with pytest.raises(RefusedError, match="999988887777"):
        purge_dead_letters(foreign, letters.environment, confirm=lambda *_: True)
