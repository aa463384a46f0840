"""Loading the DfE's register of establishments."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import transaction

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.tenancy import in_control_plane
from tenants.models import Establishment
from tenants.register import Entry

_AT_ONCE = 2000


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """How many establishments stand in the register, and how many are new."""

    entries: int
    new: int


def load_register(entries: Iterable[Entry], *, actor: Actor) -> Loaded:
    """Keep every entry under its URN: all of them, or none.

    What stood there before and does so no more stays, with the day on which it was seen last.

    Raises:
        RegisterRefused: As the entries' reader does; nothing was changed.
    """
    now = clock.now()
    with in_control_plane(), transaction.atomic(durable=True):
        before, count = Establishment.objects.count(), 0
        left = iter(entries)
        while some := list(islice(left, _AT_ONCE)):
            # The same URN twice in one statement is refused by the database; the last one counts.
            rows = {one.urn: Establishment(**asdict(one), loaded_at=now) for one in some}
            Establishment.objects.bulk_create(
                rows.values(),
                update_conflicts=True,
                unique_fields=["urn"],
                update_fields=[*(name for name in asdict(some[0]) if name != "urn"), "loaded_at"],
            )
            count += len(rows)
        loaded = Loaded(entries=count, new=Establishment.objects.count() - before)
        audit.record(actor, "register.loaded", entries=loaded.entries, new=loaded.new)
    return loaded
