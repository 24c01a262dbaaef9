"""Every resource type the stand-in knows, one file each."""

from gcbridge.sandbox.provider.resource import Resource
from gcbridge.sandbox.provider.resources.flow import Flow
from gcbridge.sandbox.provider.resources.integration import Integration
from gcbridge.sandbox.provider.resources.integration_credential import IntegrationCredential
from gcbridge.sandbox.provider.resources.processautomation_trigger import ProcessAutomationTrigger

RESOURCES: tuple[Resource, ...] = (
    Flow(),
    Integration(),
    IntegrationCredential(),
    ProcessAutomationTrigger(),
)
