"""Who else is looking at a ticket, or typing: kept in the cache alone, and only for a moment.

It is a courtesy: where the cache is away, nobody is seen and nothing else fails.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

from core import clock

#: Whoever says nothing for so long has left.
GONE_AFTER = timedelta(seconds=30)


def note_watching(ticket: UUID, agent_id: int, *, is_typing: bool) -> None:
    """Note that an agent has a ticket open now.

    Args:
        ticket: Its reference.
        agent_id: Row id of whoever looks.
        is_typing: They are writing an answer.
    """
    seen = (clock.now().timestamp(), is_typing)
    with suppress(RedisError):
        cache.set(_key(ticket, agent_id), seen, timeout=GONE_AFTER.seconds)


def watching_words(ticket: UUID, others: Mapping[int, str]) -> str:
    """Say who of some agents has a ticket open, such as “Mo is typing a reply.”; else nothing.

    Args:
        ticket: Its reference.
        others: Names by row id.
    """
    keys = {_key(ticket, agent_id): name for agent_id, name in others.items()}
    since = (clock.now() - GONE_AFTER).timestamp()
    seen: dict[str, tuple[float, bool]] = {}
    with suppress(RedisError):
        seen = cache.get_many(keys)
    there = sorted(
        (not is_typing, keys[key]) for key, (at, is_typing) in seen.items() if at > since
    )
    return " ".join(
        f"{name} is looking at this ticket." if is_only_looking else f"{name} is typing a reply."
        for is_only_looking, name in there
    )


def _key(ticket: UUID, agent_id: int) -> str:
    return f"watching-{ticket}-{agent_id}"
