"""The Genesys Cloud room: the only one that imports PureCloudPlatformClientV2, and only when it is needed."""

from gcbridge.genesys.causes import Caused, cause_integration_notes, cause_presence, restore_leftovers
from gcbridge.genesys.client import GenesysCloud, open_genesys
from gcbridge.genesys.credentials import GenesysCredentials, credentials_from
from gcbridge.genesys.failures import GenesysRefusedError
from gcbridge.genesys.observing import OrganizationObservation
from gcbridge.genesys.sdk import prefetch
from gcbridge.genesys.transport import Patience
from gcbridge.genesys.waits import wait_for_integration

__all__ = [
    "Caused",
    "GenesysCloud",
    "GenesysCredentials",
    "GenesysRefusedError",
    "OrganizationObservation",
    "Patience",
    "cause_integration_notes",
    "cause_presence",
    "credentials_from",
    "open_genesys",
    "prefetch",
    "restore_leftovers",
    "wait_for_integration",
]
