"""A run: one pass over a school's outbox, and what handlers keep open from event to event."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Run(ExitStack):
    """What is open, by the callable that opened it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[Callable[[], Any], Any] = {}


_run: ContextVar[_Run] = ContextVar("outbox_run")


@contextmanager
def begin_run() -> Iterator[None]:
    """Close at the end of the block whatever handlers kept open in it."""
    with _Run() as run:
        token = _run.set(run)
        try:
            yield
        finally:
            _run.reset(token)


def kept_for_run(make: Callable[[], AbstractContextManager[T]]) -> T:
    """Return what ``make`` opens: the same thing for every event of this run.

    For connections that are dear to open; the run closes them at its end.

    Raises:
        LookupError: No run is going on.
    """
    run = _run.get()
    if make not in run.kept:
        run.kept[make] = run.enter_context(make())
    return cast(T, run.kept[make])
