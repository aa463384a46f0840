"""The broker's transport: kombu's for Redis and Valkey, whose worker outlives a lost connection."""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as BrokerGone


class Channel(redis.Channel):
    """A channel that says so when its connection is gone.

    A worker that loses the broker while it holds a message goes on to acknowledge it, or to give
    it back, on the old channel. Kombu 5.7 fails there with an AttributeError, which nobody
    expects, and the worker ends; an error of the connection is expected, and it reconnects.
    """

    def _connparams(self, asynchronous: bool = False) -> Any:
        if getattr(self.connection, "client", None) is None:
            raise BrokerGone("The connection to the broker is gone.")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[misc] # not in the stubs


class Transport(redis.Transport):
    """Kombu's transport with that channel."""

    Channel = Channel
