"""The notification service: channels, sockets, reconnecting, and filling what was missed."""

from gcbridge.genesys.notifications.listening import open_notifications
from gcbridge.genesys.notifications.notifications import Notifications
from gcbridge.genesys.notifications.timing import Timing

__all__ = ["Notifications", "Timing", "open_notifications"]
