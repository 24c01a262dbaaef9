"""Somebody speaks, and what was said is in the queue once, in order, in every language.

Amazon Translate is a stand-in that puts both languages in front of the text.
"""

import json
import time
from collections import defaultdict

import pytest
from blueprint_steps import begin, end, letters, wait_until

from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

TOPIC = "v2.conversations.{id}.transcription"
FUNCTION = "gcbridge-loop-translate"
FIRST, SECOND, THIRD = (f"6e9f3b1c-0d47-4a52-8b7e-f5c2a9d80e0{number}" for number in (1, 2, 3))


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace with the blueprint's bridge, applied, for English and German."""
    answers = {"targets.translate.environment.LANGUAGES": '"en,de"'}
    workspace = begin(tmp_path_factory.mktemp("translation"), "chat-translation", lambda _: answers)
    workspace.heard = defaultdict(list)
    yield workspace
    workspace.close()


def heard(workspace):
    """Group -> bodies of everything that was ever in the queue, in order; what is there is taken out."""
    sqs = workspace.aws("sqs")
    queue = sqs.get_queue_url(QueueName=f"{FUNCTION}-translations.fifo")["QueueUrl"]
    while found := sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
    ).get("Messages"):
        for message in found:
            workspace.heard[message["Attributes"]["MessageGroupId"]].append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return workspace.heard


def texts(workspace, conversation, language):
    """What a reader of one conversation and language has read."""
    return [body["text"] for body in heard(workspace)[f"{conversation}/{language}"]]


def said(text, utterance, dialect="en-US", channel="EXTERNAL"):
    """One transcript."""
    return {
        "utteranceId": utterance,
        "isFinal": True,
        "channel": channel,
        "dialect": dialect,
        "alternatives": [{"confidence": 0.9, "offsetMs": 1000, "durationMs": 500, "transcript": text}],
    }


def speak(workspace, conversation, *transcripts):
    """An event with these transcripts comes from the organization."""
    values = {"eventBody.conversationId": conversation, "eventBody.transcripts": list(transcripts)}
    assert emit(workspace.sandbox, TOPIC, set_values=values).sent == 1


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there, and the blueprint's own tests pass."""
    bridge.ok("plan", "loop", "--detailed-exitcode")
    bridge.ok("test", "loop")


def test_what_was_said_is_translated_in_order(bridge):
    """English passes as it is; the groups are conversation and language."""
    speak(
        bridge,
        FIRST,
        said("Good morning", "u1"),
        said("Guten Morgen", "u2", "de-DE", "INTERNAL"),
        said("My order is late", "u3"),
    )
    german = ["[en->de] Good morning", "Guten Morgen", "[en->de] My order is late"]
    wait_until(lambda: len(texts(bridge, FIRST, "de")) == 3)

    assert texts(bridge, FIRST, "de") == german
    assert texts(bridge, FIRST, "en") == ["Good morning", "[de->en] Guten Morgen", "My order is late"]
    assert set(bridge.heard) == {f"{FIRST}/de", f"{FIRST}/en"}
    message = bridge.heard[f"{FIRST}/en"][1]
    assert message == {
        "conversationId": FIRST,
        "utteranceId": "u2",
        "language": "en",
        "text": "[de->en] Guten Morgen",
        "original": "Guten Morgen",
        "sourceLanguage": "de",
        "speaker": "agent",
        "time": message["time"],
    }


def test_an_event_that_comes_twice_is_one_message(bridge):
    """Genesys Cloud sends it twice, so it has two ids; the queue takes each utterance once."""
    bridge.faults(duplicate_eventbridge_percent=100)
    speak(bridge, SECOND, said("Hello", "u1"))
    bridge.no_faults()
    wait_until(lambda: texts(bridge, SECOND, "de"))
    wait_until(lambda: invocations(bridge) >= 3)

    assert texts(bridge, SECOND, "de") == ["[en->de] Hello"]
    assert texts(bridge, SECOND, "en") == ["Hello"]


def test_the_same_delivery_twice_is_one_message(bridge):
    """EventBridge delivers at least once, with the same id; here with the event that the blueprint brought."""
    event = (bridge.root / "environments" / "events" / "transcription-ongoing.json").read_bytes()
    conversation = json.loads(event)["detail"]["eventBody"]["conversationId"]
    for _ in range(2):
        answer = bridge.aws("lambda").invoke(FunctionName=FUNCTION, Payload=event)
        assert json.loads(answer["Payload"].read()) == {"sent": 2}

    assert texts(bridge, conversation, "de") == ["[en->de] redacted 10"]
    assert texts(bridge, conversation, "en") == ["redacted 10"]


def test_without_a_dialect_the_language_is_found(bridge):
    """Translate asks Comprehend; what it finds to be the wanted language is left as it is."""
    speak(bridge, THIRD, said("Das ist nicht mein Paket und ich warte", "u1", dialect=None))
    wait_until(lambda: texts(bridge, THIRD, "de"))

    assert texts(bridge, THIRD, "de") == ["Das ist nicht mein Paket und ich warte"]
    assert texts(bridge, THIRD, "en") == ["[de->en] Das ist nicht mein Paket und ich warte"]
    assert bridge.heard[f"{THIRD}/en"][0]["sourceLanguage"] == "de"


def test_silence_calls_nobody(bridge):
    """Neither does the end of a session nor what may still change."""
    before = wait_until(lambda: settled(bridge))
    emit(bridge.sandbox, TOPIC, set_values={"eventBody.status.status": "SESSION_ENDED"})
    speak(bridge, THIRD, {**said("Good mor", "u2"), "isFinal": False})
    speak(bridge, THIRD, said("Thank you", "u3"))
    wait_until(lambda: len(texts(bridge, THIRD, "de")) == 2)

    assert wait_until(lambda: settled(bridge)) == before + 1
    assert texts(bridge, THIRD, "en")[1:] == ["Thank you"]


def invocations(workspace):
    """How often the function has run."""
    found = workspace.aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{FUNCTION}")["events"]
    return sum(event["message"].startswith("START") for event in found)


def settled(workspace):
    """How often it has run, once no more runs are being logged: that comes a moment after what a run sends."""
    count = invocations(workspace)
    time.sleep(1)
    return count if invocations(workspace) == count else None


def test_the_function_may_only_do_what_it_does(bridge):
    """Translate, ask for a language, send to its own queue, write its log."""
    iam = bridge.aws("iam")
    role = bridge.aws("lambda").get_function_configuration(FunctionName=FUNCTION)["Role"].rsplit("/", 1)[-1]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    statements = [statement for document in documents for statement in document["Statement"]]
    actions = {action for one in statements for action in as_list(one["Action"])}
    assert {action for action in actions if not action.startswith("logs:")} == {
        "translate:TranslateText",
        "comprehend:DetectDominantLanguage",
        "sqs:SendMessage",
    }
    wide = {
        action for one in statements if "*" in as_list(one["Resource"]) for action in as_list(one["Action"])
    }
    assert wide == {"translate:TranslateText", "comprehend:DetectDominantLanguage"}


def as_list(value):
    """IAM writes one thing without a list."""
    return [value] if isinstance(value, str) else value


def test_destroy_leaves_nothing(bridge):
    """Neither queue nor function; nobody was left over in the dead-letter queue."""
    assert letters(bridge, "translate") == 0
    end(bridge)
