"""The JSON schema that an organization gives for a body, in the form that Genesys's SDKs are built from."""

import pytest

from gcbridge.model.topic import TopicField
from gcbridge.study.topics.schema import fields_of_schema

TEXT = TopicField(type="string")
PERSON = {"type": "object", "id": "urn:jsonschema:x:v2:Person", "properties": {"name": {"type": "string"}}}
PERSON_FIELD = TopicField(type="object", fields={"name": TEXT})


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ({"type": "string"}, TEXT),
        ({"type": "string", "enum": ["IDLE", "OFF"]}, TopicField(type="string", enum=("IDLE", "OFF"))),
        ({"type": "string", "format": "date-time"}, TopicField(type="datetime")),
        ({"type": "any"}, TopicField(type="datetime")),
        ({"type": "integer"}, TopicField(type="integer")),
        ({"type": "number"}, TopicField(type="number")),
        ({"type": "boolean"}, TopicField(type="boolean")),
        ({"type": "array", "items": {"type": "string"}}, TopicField(type="string", is_list=True)),
        (PERSON, PERSON_FIELD),
        ({"type": "array", "items": PERSON}, PERSON_FIELD.model_copy(update={"is_list": True})),
        (
            {"type": "object", "additionalProperties": {"type": "string"}},
            TopicField(type="map", fields={"*": TEXT}),
        ),
        ({"type": "object"}, TopicField(type="unknown")),
        ({"$ref": "urn:jsonschema:x:v2:Nobody"}, TopicField(type="unknown")),
        ({"type": ["string", "null"]}, TopicField(type="unknown")),
        ("a text", TopicField(type="unknown")),
    ],
)
def test_a_property(schema, field):
    """Each line: a property's schema, and the field it is."""
    assert fields_of_schema({"type": "object", "properties": {"it": schema}}) == {"it": field}


def test_an_object_is_found_by_its_name_wherever_it_stands():
    """A schema writes an object once and refers to it elsewhere, also before."""
    schema = {"properties": {"first": {"$ref": PERSON["id"]}, "second": {"items": PERSON, "type": "array"}}}

    assert fields_of_schema(schema)["first"] == PERSON_FIELD


def test_an_object_that_holds_itself_ends():
    """Of what is further inside nothing is said."""
    schema = {
        "id": "urn:jsonschema:x:v2:Error",
        "properties": {"errors": {"$ref": "urn:jsonschema:x:v2:Error"}},
    }

    assert fields_of_schema(schema) == {"errors": TopicField(type="unknown")}


@pytest.mark.parametrize("schema", [None, "text", {}, {"type": "object"}, {"properties": []}])
def test_what_describes_no_fields(schema):
    """Then the bundled snapshot's fields stay."""
    assert fields_of_schema(schema) is None
