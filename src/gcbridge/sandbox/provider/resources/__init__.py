"""Every resource type the stand-in knows, one file each."""

from gcbridge.sandbox.provider.resource import Resource
from gcbridge.sandbox.provider.resources.integration import Integration
from gcbridge.sandbox.provider.resources.integration_credential import IntegrationCredential

RESOURCES: tuple[Resource, ...] = (Integration(), IntegrationCredential())
