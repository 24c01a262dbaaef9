"""The event is found in what other tools have put around it."""

import base64
import json

import pytest

from gcbridge.study.traffic.wrappings import NoEventError, unwrap

EVENT = {"detail-type": "v2.users.{id}.presence", "detail": {"eventBody": {"message": "away"}}}
TEXT = json.dumps(EVENT)
BASE64 = base64.b64encode(TEXT.encode()).decode()
NOTIFICATION = {"Type": "Notification", "MessageId": "1", "Message": TEXT}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(EVENT, id="the event itself"),
        pytest.param({**EVENT, "replay-name": "again"}, id="out of an archive"),
        pytest.param({"MessageId": "1", "ReceiptHandle": "x", "Body": TEXT}, id="a message of SQS"),
        pytest.param({"Messages": [{"MessageId": "1", "Body": TEXT}]}, id="aws sqs receive-message"),
        pytest.param({"Records": [{"messageId": "1", "body": TEXT}]}, id="SQS to Lambda"),
        pytest.param(NOTIFICATION, id="a notification of SNS"),
        pytest.param({"Records": [{"EventSource": "aws:sns", "Sns": NOTIFICATION}]}, id="SNS to Lambda"),
        pytest.param({"Messages": [{"Body": json.dumps(NOTIFICATION)}]}, id="SNS through SQS"),
        pytest.param({"Records": [{"kinesis": {"data": BASE64}}]}, id="Kinesis to Lambda"),
        pytest.param({"timestamp": 1, "message": TEXT}, id="a line of a log group"),
        pytest.param({"events": [{"timestamp": 1, "message": TEXT}]}, id="aws logs filter-log-events"),
        pytest.param(
            {"messageType": "DATA_MESSAGE", "logEvents": [{"message": TEXT}]}, id="a log subscription"
        ),
        pytest.param({"letters": [{"message_id": "1", "body": TEXT}]}, id="gcbridge dlq show --json"),
        pytest.param({"version": "1.0", "requestPayload": EVENT}, id="Lambda's destination of failures"),
    ],
)
def test_the_event_is_found(document):
    """Each is what a tool writes."""
    (found,) = unwrap(document)

    assert found["detail"] == EVENT["detail"]


def test_nothing_in_a_wrapping():
    """An empty queue is no mistake."""
    assert list(unwrap({"Messages": []})) == []


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({}, "it has no detail-type, but nothing"),
        ({"a": 1, "b": 2}, "it has no detail-type, but a, b"),
        (
            {"topicName": "v2.users.1.presence", "eventBody": {}},
            "this is what Genesys Cloud sends, without the event that EventBridge makes of it",
        ),
        ({"Source": "x", "DetailType": "y", "Detail": "{}"}, "this is an entry of PutEvents, not an event"),
        ({"MessageId": "1", "Body": "hello"}, "its Body holds no JSON: 'hello'"),
        ({"MessageId": "1", "Body": "{}"}, "it has no detail-type"),
        ({"Records": [{"kinesis": {"data": "%%"}}]}, "its data is not the base64 of a text"),
        ([EVENT, 5], "this is a number"),
        (True, "this is true or false"),
    ],
)
def test_what_is_no_event(document, fault):
    """With a hint what to do."""
    with pytest.raises(NoEventError) as caught:
        list(unwrap(document))

    assert fault in caught.value.fault
    assert caught.value.hint


def test_a_check_of_cloudwatch_logs_holds_nothing():
    """Recordings that a log subscription wrote have them in between; they are no damage."""
    check = {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logEvents": [
            {"id": "", "timestamp": 1510254469274, "message": "CWL CONTROL MESSAGE: Checking health."}
        ],
    }

    assert list(unwrap(check)) == []
