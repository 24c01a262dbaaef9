"""Reads HCL back with python-hcl2, whose strings stay quoted, and decodes them as HCL's specification says."""

import re

import hcl2

ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\(.)|\$(\$\{)|%(%\{)", re.DOTALL)
SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
OPTIONS = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False)


def read_hcl(text):
    """Blocks and attributes as Python values."""
    return _decoded(hcl2.loads(_closed(text), serialization_options=OPTIONS))


def evaluated_parts(text):
    """Every part of the syntax tree that HCL would evaluate inside a string."""
    tree = hcl2.parses_to_tree(_closed(text))
    return [
        node
        for node in tree.iter_subtrees()
        if node.data.startswith(("interpolation", "template_", "heredoc_"))
    ]


def _closed(text):
    """python-hcl2 takes $${ and %%{ for escapes only where a } follows; the specification's other spelling has no such need."""
    return text.replace("$${", "\\u0024{").replace("%%{", "\\u0025{")


def _decoded(value):
    if isinstance(value, dict):
        return {_decoded(key): _decoded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if isinstance(value, str) and value.startswith('"'):
        return ESCAPE.sub(_decode, value[1:-1])
    return value


def _decode(match):
    short, long, simple, dollar, percent = match.groups()
    if short or long:
        return chr(int(short or long, 16))
    return SIMPLE[simple] if simple else dollar or percent
