"""Terraform's version constraints."""

import pytest

from gcbridge.terraform.constraints import satisfies


@pytest.mark.parametrize(
    ("version", "constraint", "expected"),
    [
        ("5.100.0", "", True),
        ("5.100.0", ">= 5.80.0, < 6.0.0", True),
        ("6.0.0", ">= 5.80.0, < 6.0.0", False),
        ("5.9.0", ">= 5.80.0", False),
        ("5.100.0", "5.100.0", True),
        ("5.100.0", "= 5.100", True),
        ("5.100.0", "!= 5.100.0", False),
        ("5.100.0", "~> 5.80", True),
        ("6.0.0", "~> 5.80", False),
        ("5.100.0", "~> 5.80.0", False),
        ("5.80.9", "~> 5.80.0", True),
        ("5.100.0", "~> 5", True),
        ("6.0.0", "~> 5", False),
        ("6.0.0-beta1", ">= 5.80.0", False),
        ("6.0.0-beta1", "6.0.0-beta1", True),
        ("6.0.0-beta2", ">= 6.0.0-beta1", False),
        ("5.100.0", ">5.0,<6", True),
        ("not-a-version", "", False),
        ("5.100.0", "latest", False),
    ],
)
def test_satisfies(version, constraint, expected):
    """Each row is a version, a constraint, and what Terraform would say."""
    assert satisfies(version, constraint) is expected
