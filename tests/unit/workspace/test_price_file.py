"""A file of prices is names and numbers, in YAML or JSON."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.workspace.price_file import read_prices


@pytest.mark.parametrize(
    "text", ["# ours\nsqs.request: 0.36\nlogs.gb: 1\n", '{"sqs.request": 0.36, "logs.gb": 1}']
)
def test_yaml_and_json(tmp_path, text):
    """Comments and all."""
    file = tmp_path / "prices.yaml"
    file.write_text(text)

    assert read_prices(str(file)) == {"sqs.request": 0.36, "logs.gb": 1.0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sqs.request: cheap", "the price sqs.request is no number: 'cheap'"),
        ("sqs.request: true", "the price sqs.request is no number: True"),
        ("sqs: {request: 0.4}", "the price sqs is no number: {'request': 0.4}"),
        ("- 0.4", "the file of prices holds no names"),
        ("", "the file of prices holds no names"),
        ("a: [", "the file of prices is no YAML"),
    ],
)
def test_anything_else_is_refused(tmp_path, text, said):
    """With the file's name."""
    file = tmp_path / "prices.yaml"
    file.write_text(text)

    with pytest.raises(UsageError) as caught:
        read_prices(str(file))

    assert (caught.value.summary, caught.value.where) == (said, str(file))


def test_a_file_that_is_not_there(tmp_path):
    """What the machine said."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_prices(str(tmp_path / "none.yaml"))


def test_a_number_that_no_float_holds(tmp_path):
    """It is refused as every other text that is no price."""
    file = tmp_path / "prices.yaml"
    file.write_text(f"sqs.request: 1{'0' * 400}\n")
    with pytest.raises(UsageError, match=r"sqs\.request is too large"):
        read_prices(str(file))
