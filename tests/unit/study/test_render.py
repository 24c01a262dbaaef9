"""A Bridge becomes two root modules, and nothing in it becomes syntax."""

import json
import re
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hcl_reading import evaluated_parts, read_hcl
from hypothesis import given, settings
from hypothesis import strategies as st

from gcbridge.errors import GcbridgeError
from gcbridge.model.bridge import Alarm, AssumeRole
from gcbridge.model.monitoring_spec import DashboardSpec
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.stack import StackName
from gcbridge.study.monitoring import resolve_dashboard
from gcbridge.study.render import render
from gcbridge.study.resolve import resolve
from gcbridge.workspace.assets import read_render_sources

SOURCES = read_render_sources()
ENVIRONMENT = {
    "genesys": {
        "region": "eu-central-1",
        "org_id": "a3b1c2d4-0000-4000-8000-000000000000",
        "event_source_suffix": "dev",
        "topics": ["v2.users.{id}.presence"],
        "base_url": "http://127.0.0.1:1234",
    },
    "aws": {"account_id": "012345678901", "region": "eu-central-1", "endpoint_url": "http://127.0.0.1:4566"},
    "rules": {"presence": {"targets": ["queue"]}},
    "targets": {"queue": {"type": "sqs"}},
}
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.sampled_from('${}%~"\\\n\t\0'))


def make_bridge(**changes):
    """A small Bridge; changes are sections of the environment file."""
    return resolve("dev", EnvironmentSpec.model_validate({**ENVIRONMENT, **changes}))


def with_template(name, text):
    """The bundled sources with one template replaced."""
    return replace(SOURCES, templates={**SOURCES.templates, name: text})


def test_stack_holds_exactly_the_modules_it_calls():
    """What is planned is what stands in the stack's folder: no module that nobody calls, no tests, no README."""
    stacks = render(make_bridge(), SOURCES)
    modules = {path.parts[1] for path in stacks.aws.files if path.parts[0] == "modules"}
    assert modules == {"partner-event-bus", "event-rule", "target-sqs", "invoke-role"}
    assert {path.suffix for stack in (stacks.aws, stacks.genesys) for path in stack.files} == {".tf"}


def test_rendering_twice_gives_equal_bytes():
    """The digest identifies the text, so it must not depend on when or where it was rendered."""
    first, second = render(make_bridge(), SOURCES), render(make_bridge(), SOURCES)
    assert (first.aws.digest, first.genesys.digest) == (second.aws.digest, second.genesys.digest)


def test_endpoints_never_stand_in_the_text():
    """Local and real clouds get the same text; where to reach them comes from the environment."""
    plain = {
        key: {k: v for k, v in ENVIRONMENT[key].items() if "_url" not in k} for key in ("genesys", "aws")
    }
    assert render(make_bridge(), SOURCES) == render(make_bridge(**plain), SOURCES)


def test_remote_module_is_pinned_by_commit_and_brings_no_files():
    """A branch or tag could change under an environment that nobody touched."""
    stack = render(make_bridge(integration_module="remote"), SOURCES).genesys
    source = _module(read_hcl(stack.files[PurePosixPath("main.tf")]), "integration")["source"]
    assert re.search(r"\?ref=[0-9a-f]{40}$", source)
    assert not [path for path in stack.files if path.parts[0] == "modules"]


def test_dead_letter_false_is_visible():
    """A target without a dead-letter queue says so in the text."""
    targets = {"queue": {"type": "sqs", "dead_letter": False}}
    main = render(make_bridge(targets=targets), SOURCES).aws.files[PurePosixPath("main.tf")]
    assert re.search(r"dead_letter_arn += null", main)
    assert "dead_letter_queue" not in main


@pytest.mark.parametrize("stack", list(StackName))
def test_local_state_lies_beside_the_stacks(stack):
    """State survives a stack's folder being rendered anew, and the path says nothing of the machine."""
    rendered = getattr(render(make_bridge(), SOURCES), stack.value)
    assert f'path = "../state/{stack}.tfstate"' in rendered.files[PurePosixPath("backend.tf")]


def _external_id(bridge, text):
    role = AssumeRole(role_arn="arn:aws:iam::012345678901:role/x", session_name="gcbridge", external_id=text)
    return bridge.model_copy(update={"aws": bridge.aws.model_copy(update={"assume_role": role})})


def _tag(bridge, text):
    return bridge.model_copy(update={"aws": bridge.aws.model_copy(update={"tags": ((text, text),)})})


def _integration(field):
    def change(bridge, text):
        return bridge.model_copy(update={"integration": bridge.integration.model_copy(update={field: text})})

    return change


def _rule(field, encode):
    def change(bridge, text):
        rule = bridge.rules[0].model_copy(update={field: encode(text)})
        return bridge.model_copy(update={"rules": (rule,)})

    return change


def _alarm(bridge, text):
    alarm = Alarm(name="alarm", threshold=1, period_seconds=60, notify=())
    rule = bridge.rules[0].model_copy(update={"description": text, "alarm": alarm})
    return bridge.model_copy(update={"rules": (rule,)})


def _dashboard(bridge, text):
    spec = DashboardSpec(widgets=({"type": "text", "properties": {"markdown": text}},))
    dashboard = resolve_dashboard("dev", "eu-central-1", "calls", spec)
    return bridge.model_copy(update={"dashboards": (dashboard,)})


def _markdown(body):
    return json.loads(body)["widgets"][0]["properties"]["markdown"]


def _pattern(text):
    return json.dumps({"detail": {"name": [text]}}, ensure_ascii=False)


FREE_TEXT = {
    "integration name": (
        _integration("name"),
        "genesys",
        "main.tf",
        lambda hcl: _module(hcl, "integration")["integration_name"],
    ),
    "notes": (_integration("notes"), "genesys", "main.tf", lambda hcl: _module(hcl, "integration")["notes"]),
    "rule description": (
        _rule("description", str),
        "aws",
        "main.tf",
        lambda hcl: _module(hcl, "rule_presence")["description"],
    ),
    "alarm description": (
        _alarm,
        "aws",
        "main.tf",
        lambda hcl: _module(hcl, "alarm_presence")["description"],
    ),
    "dashboard": (
        _dashboard,
        "aws",
        "main.tf",
        lambda hcl: _markdown(_module(hcl, "dashboard_calls")["body"]),
    ),
    "event pattern": (
        _rule("pattern_json", _pattern),
        "aws",
        "main.tf",
        lambda hcl: json.loads(_module(hcl, "rule_presence")["event_pattern"])["detail"]["name"][0],
    ),
    "external id": (
        _external_id,
        "aws",
        "providers.tf",
        lambda hcl: _provider(hcl)["assume_role"][0]["external_id"],
    ),
    "tag": (_tag, "aws", "providers.tf", lambda hcl: _tag_text(_provider(hcl)["default_tags"][0]["tags"])),
}


def _module(hcl, name):
    return next(block[name] for block in hcl["module"] if name in block)


def _provider(hcl):
    return hcl["provider"][0]["aws"]


def _tag_text(tags):
    (key, value) = next(item for item in tags.items() if item[0] != "gcbridge:environment")
    assert key == value
    return value


@pytest.mark.parametrize("field", FREE_TEXT)
@settings(max_examples=40, deadline=None)
@given(text=TEXT)
def test_free_text_survives_and_is_never_evaluated(field, text):
    """Whatever a person writes, Terraform reads exactly that, and evaluates none of it."""
    write, stack, name, read = FREE_TEXT[field]
    rendered = getattr(render(write(make_bridge(), text), SOURCES), stack).files[PurePosixPath(name)]
    assert read(read_hcl(rendered)) == text
    assert evaluated_parts(rendered) == []


def test_every_value_in_a_template_passes_a_filter():
    """No bundled template writes a value as it is."""
    values = [
        (name, value)
        for name, text in SOURCES.templates.items()
        for value in re.findall(r"\{\{(.*?)\}\}", text, re.DOTALL)
    ]
    assert values
    assert [item for item in values if not re.search(r"\| (hcl(\([24]\))?|arguments|label) $", item[1])] == []


BROKEN = [
    ("value without a filter", "a = {{ bridge.environment }}\n", "pass it through the filter hcl or label"),
    ("constant without a filter", "a = {{ 'x' }}\n", "pass it through the filter hcl or label"),
    ("unknown value", "\na = {{ bridge.nonsense | hcl }}\n", "has no attribute 'nonsense'"),
    ("unknown filter", "a = {{ bridge.environment | upper }}\n", "No filter named 'upper'"),
    ("syntax", "{% for %}\n", "Expected an expression"),
    (
        "label that is none",
        'module "{{ bridge.event_bus_name | label }}" {}\n',
        "cannot name a Terraform object",
    ),
    ("value without a literal", "a = {{ bridge | hcl }}\n", "HCL has no literal for Bridge"),
    ("escape from the sandbox", "a = {{ bridge.__class__.__mro__ | hcl }}\n", "unsafe"),
]


@pytest.mark.parametrize(
    ("template", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken_template_is_named_with_its_line(template, message):
    """A workspace's own template fails with file and line, not with a traceback or with wrong text."""
    with pytest.raises(GcbridgeError) as caught:
        render(make_bridge(), with_template("aws/own.tf.j2", template))
    assert message in caught.value.detail
    assert caught.value.where == f"templates/aws/own.tf.j2:{1 + template.startswith(chr(10))}"


def test_module_that_is_not_there_is_named():
    """A template that calls a module nobody wrote fails at rendering, not at terraform init."""
    sources = with_template("aws/own.tf.j2", 'module "x" {\n  source = "./modules/own"\n}\n')
    with pytest.raises(GcbridgeError, match="no Terraform module own") as caught:
        render(make_bridge(), sources)
    assert caught.value.where == "own.tf"


def test_module_of_a_module_comes_along():
    """A workspace's module may call its neighbours."""
    sources = replace(
        with_template("aws/own.tf.j2", 'module "x" {\n  source = "./modules/own"\n}\n'),
        modules={
            **SOURCES.modules,
            "own": {PurePosixPath("main.tf"): 'module "y" {\n  source = "../leaf"\n}\n'},
            "leaf": {PurePosixPath("main.tf"): "", PurePosixPath("notes.txt"): "not Terraform"},
        },
    )
    files = render(make_bridge(), sources).aws.files
    assert PurePosixPath("modules/leaf/main.tf") in files
    assert PurePosixPath("modules/leaf/notes.txt") not in files


def test_own_template_wins_over_the_shared_one():
    """A stack's own backend.tf stands instead of the one that both stacks share."""
    files = render(make_bridge(), with_template("aws/backend.tf.j2", "# own\n")).aws.files
    assert files[PurePosixPath("backend.tf")] == "# own\n"
