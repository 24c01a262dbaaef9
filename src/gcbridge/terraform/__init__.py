"""The Terraform room: finds a binary and its providers, runs the stacks, and turns failures into one error.

The only room that imports `python_terraform`, and only to build command lines: its own way of running commands
neither streams nor cancels, logs outputs, and takes exit code 2 of `plan` for an error.
"""

from gcbridge.terraform.binary import Product, TerraformBinary, find_terraform
from gcbridge.terraform.child import Grace
from gcbridge.terraform.cli_configuration import provider_installation, write_cli_configuration
from gcbridge.terraform.environment import child_environment
from gcbridge.terraform.failures import TerraformCancelledError
from gcbridge.terraform.providers import Mirror, ProviderRequirement, ProviderSearch, find_mirrors
from gcbridge.terraform.runner import EventSink, Output, Terraform, ignore_event
from gcbridge.terraform.ui_events import Diagnostic, UiEvent

__all__ = [
    "Diagnostic",
    "EventSink",
    "Grace",
    "Mirror",
    "Output",
    "Product",
    "ProviderRequirement",
    "ProviderSearch",
    "Terraform",
    "TerraformBinary",
    "TerraformCancelledError",
    "UiEvent",
    "child_environment",
    "find_mirrors",
    "find_terraform",
    "ignore_event",
    "provider_installation",
    "write_cli_configuration",
]
