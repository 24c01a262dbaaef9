"""A target receives what its input says, as AWS documents it."""

import json

import pytest

from gcbridge.model.target_options_spec import InputSpec
from gcbridge.study.delivery_settings import as_text
from gcbridge.study.input_transformer import MISSING, text_of, transform_input, value_at

RULE = "arn:aws:events:eu-central-1:123456789012:rule/aws.partner/genesys.com/cloud/0b6a/dev/audits"
EVENT = {
    "version": "0",
    "id": "7bf73129-1428-4cd3-a780-95db273d1602",
    "detail-type": "EC2 Instance State-change Notification",
    "source": "aws.ec2",
    "time": "2015-11-11T21:29:54Z",
    "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
    "detail": {
        "instance-id": "i-0123456789",
        "state": "RUNNING",
        "count": 3,
        "on": True,
        "none": None,
        "tags": [{"key": "a"}, {"key": "b"}],
    },
}
PATHS = {"instance": "$.detail.instance-id", "state": "$.detail.state", "gone": "$.detail.gone"}


def transformed(template, paths=PATHS, **known):
    written = InputSpec.model_validate({"transformer": {"paths": paths, "template": template}})
    return transform_input(written, EVENT, RULE, **known)


def test_without_input_the_whole_event_is_handed_over():
    """As compact JSON."""
    assert json.loads(transform_input(None, EVENT)) == EVENT
    assert ": " not in transform_input(None, {"a": {"b": 1}})


@pytest.mark.parametrize(
    ("constant", "text"),
    [("hello", '"hello"'), ({"a": [1, "ä"]}, '{"a":[1,"ä"]}'), ([1, 2], "[1,2]")],
)
def test_a_constant_is_json(constant, text):
    """Text too: AWS takes nothing else as Input."""
    assert transform_input(InputSpec(constant=constant), EVENT) == text


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", EVENT),
        ("$.detail.state", "RUNNING"),
        ("$.detail.tags[1].key", "b"),
        ("$.detail.none", None),
        ("$.detail.gone", EVENT),
    ],
)
def test_a_part_of_the_event(path, value):
    """A part that is text keeps its quotes; a path that leads nowhere hands over everything."""
    assert json.loads(transform_input(InputSpec(path=path), EVENT)) == value


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ('"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'),
        ('"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'),
        (
            '{\n  "instance": <instance>,\n  "state": <state>\n}',
            '{"instance":"i-0123456789","state":"RUNNING"}',
        ),
        (
            '{"instance": <instance>, "state": "<state>", "status": "instance \\"<instance>\\" is in <state>"}',
            '{"instance":"i-0123456789","state":"RUNNING","status":"instance \\"i-0123456789\\" is in RUNNING"}',
        ),
        (
            '{"instance": <instance>, "state": [ 9, <state>, true ], "Transformed": "Yes"}',
            '{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}',
        ),
        ('"<aws.events.rule-name> triggered"', '"audits triggered"'),
    ],
)
def test_the_examples_of_the_user_guide(template, output):
    """The table in "Amazon EventBridge input transformation"; the output there is not minified, the text says it is."""
    assert transformed(template) == output


def test_values_that_are_no_text():
    """Unquoted they are JSON; inside a text they are text."""
    paths = {"count": "$.detail.count", "on": "$.detail.on", "none": "$.detail.none", "tags": "$.detail.tags"}

    assert transformed('{"v":[<count>,<on>,<none>,<tags>]}', paths) == (
        '{"v":[3,true,null,[{"key":"a"},{"key":"b"}]]}'
    )
    assert transformed('{"v":"<count> <on> <tags>"}', paths) == '{"v":"3 true [{key:a},{key:b}]"}'


def test_reserved_variables():
    """They need no path, and none can take their name."""
    template = (
        '{"arn":<aws.events.rule-arn>,"event":<aws.events.event>,"json":<aws.events.event.json>,'
        '"at":<aws.events.event.ingestion-time>}'
    )
    output = json.loads(transformed(template, ingestion_time="2020-01-01T00:00:00Z"))

    assert output["arn"] == RULE
    assert output["json"] == EVENT
    assert output["event"] == {key: value for key, value in EVENT.items() if key != "detail"}
    assert output["at"] == "2020-01-01T00:00:00Z"
    assert json.loads(transformed('{"at":<aws.events.event.ingestion-time>}'))["at"] == EVENT["time"]


def test_a_path_that_leads_nowhere_is_empty():
    """Nothing of it appears in a text; where JSON needs a value it is an empty one."""
    assert transformed('"gone: <gone>."') == '"gone: ."'
    assert transformed('{"gone": <gone>}') == '{"gone":""}'


def test_a_name_without_a_path_stays():
    """It is no variable, as HTML would not be."""
    assert transformed('"<b>bold</b>"') == '"<b>bold</b>"'


def test_a_template_written_as_mapping():
    """It is its JSON; a value that is one name and nothing else is the value itself, whatever is in it."""
    assert transformed({"who": "<instance>", "is": ["<state>"]}) == '{"who":"i-0123456789","is":["RUNNING"]}'
    assert transformed({"n": "<count>", "text": "<count> of 4"}, {"count": "$.detail.count"}) == (
        '{"n":3,"text":"3 of 4"}'
    )
    assert json.loads(transformed({"event": "<aws.events.event.json>"}))["event"] == EVENT


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ({"a": "<x>", "b": ["<x>"]}, '{"a": <x>, "b": [<x>]}'),
        ({"a": "is <x>", "b": "<x> <y>"}, '{"a": "is <x>", "b": "<x> <y>"}'),
        ({"a": 'said "<x>', "b": '<x>" said'}, '{"a": "said \\"<x>", "b": "<x>\\" said"}'),
        ({"<x>": 1}, '{"<x>": 1}'),
        ('"<x>"', '"<x>"'),
    ],
)
def test_a_placeholder_that_is_a_whole_text_loses_its_quotes(template, text):
    """Not one inside a text, not a key, and nothing in a template that was written as text."""
    assert as_text(template) == text


def test_plain_text():
    """Without any quote it is no JSON, and spaces count."""
    assert transformed("<instance>  is <state>") == "i-0123456789  is RUNNING"


def test_values_are_not_escaped_and_spaces_in_texts_stay():
    """AWS does not escape them either, so what is no JSON any more is left as it is."""
    event = {"detail": {"said": 'a "quote"', "two": "a  b"}}

    def output(template):
        paths = {"said": "$.detail.said", "two": "$.detail.two"}
        spec = InputSpec.model_validate({"transformer": {"paths": paths, "template": template}})
        return transform_input(spec, event)

    assert output('{ "v": "<said>" }') == '{ "v": "a "quote"" }'
    assert output('{ "v": <said>, "w": "<two>" }') == '{"v":"a \\"quote\\"","w":"a  b"}'


def test_paths():
    """Names, indexes and wildcards; what is not there is told from null."""
    assert value_at(EVENT, "$.detail.tags[*].key") == ["a", "b"]
    assert value_at(EVENT, "$.detail.tags[2]") is MISSING
    assert value_at(EVENT, "$.detail.state.more") is MISSING
    assert value_at(EVENT, "$.detail.none") is None


def test_http_parameters():
    """A value that begins like a path is one."""
    assert text_of(EVENT, "$.detail.state") == "RUNNING"
    assert text_of(EVENT, "$.detail.count") == "3"
    assert text_of(EVENT, "$.detail.gone") == ""
    assert text_of(EVENT, "$5") == "$5"
    assert text_of(EVENT, "fixed") == "fixed"
