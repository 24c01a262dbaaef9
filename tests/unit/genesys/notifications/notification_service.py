"""The API of the notification service in memory, as the SDK offers it, behind a session that calls it."""

import itertools
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

from gcbridge.errors import GenesysError
from gcbridge.genesys.failures import GenesysRefusedError

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=timezone.utc)


def refused(status, summary="Genesys Cloud said no"):
    """What the room raises for an HTTP answer that is no success."""
    return GenesysRefusedError(summary, status=status, where="test", detail=f"HTTP {status}", hint="")


class SessionInMemory:
    """Calls API objects directly; `failing` is raised instead, as long as it is set."""

    def __init__(self, **apis):
        self.apis = SimpleNamespace(**apis)
        self.answered_at = NOW
        self.failing: GenesysError | None = None
        self.calls = 0

    def call(self, request):
        """One call."""
        self.calls += 1
        if self.failing is not None:
            raise self.failing
        return request(self.apis)


class NotificationServiceInMemory:
    """Channels by id with their topics; `foreign` ones belong to other tokens, and come without id."""

    def __init__(self, foreign=0, limit=1000):
        self.channels = {}
        self.foreign = foreign
        self.limit = limit
        self.rejected = {}
        self.puts = []
        self._numbers = itertools.count(1)

    def post_notifications_channels(self):
        """A new channel."""
        identity = f"c-{next(self._numbers)}"
        self.channels[identity] = []
        return _channel(identity)

    def get_notifications_channels(self, includechannels):
        """All channels of the client."""
        assert includechannels == "oauthclient"
        hidden = [SimpleNamespace(id=None, connect_uri=None, expires=NOW)] * self.foreign
        return SimpleNamespace(entities=[_channel(identity) for identity in self.channels] + hidden)

    def get_notifications_channel_subscriptions(self, identity):
        """What a channel is subscribed to."""
        return SimpleNamespace(entities=[SimpleNamespace(id=topic) for topic in self._own(identity)])

    def put_notifications_channel_subscriptions(self, identity, body, ignore_errors):
        """Replaces it; a combined topic is rejected where one of its parts is."""
        assert ignore_errors == "true"
        self._own(identity)
        asked = [one["id"] for one in body]
        assert len(asked) <= self.limit, "HTTP 400"
        self.puts.append(asked)
        verdicts = [self._verdict(topic) for topic in asked]
        self.channels[identity] = [verdict.id for verdict in verdicts if verdict.state == "Permitted"]
        return SimpleNamespace(entities=verdicts)

    def delete_notifications_channel_subscriptions(self, identity):
        """Empties a channel."""
        self._own(identity)
        self.channels[identity] = []

    def _own(self, identity):
        if identity not in self.channels:
            raise refused(404)
        return self.channels[identity]

    def _verdict(self, topic):
        for part in topic.replace("?", ".").replace("&", ".").split("."):
            if part in self.rejected:
                permission = self.rejected[part]
                return SimpleNamespace(
                    id=topic,
                    state="Rejected",
                    rejection_reason="Missing permissions.",
                    missing_permissions=[permission],
                )
        return SimpleNamespace(id=topic, state="Permitted", rejection_reason=None, missing_permissions=None)


def _channel(identity):
    return SimpleNamespace(id=identity, connect_uri=f"ws://x/{identity}", expires=NOW + timedelta(hours=24))
