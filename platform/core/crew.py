"""Many pieces of work side by side, in threads that each have database connections of their own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from django.db import connections

Piece = TypeVar("Piece")


def work_off(
    pieces: Iterable[Piece],
    do: Callable[[Piece], None],
    *,
    parallel: int,
    within: Callable[[], AbstractContextManager[object]] = nullcontext,
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Do something with each piece; what was not begun when it is over is left.

    Args:
        pieces: Taken in their order.
        do: Called by several threads at once.
        parallel: How many threads.
        within: Entered once by each thread.
        is_over: Asked before each piece.

    Raises:
        Exception: What ``do`` raised first; its thread took no further piece.
    """
    waiting: SimpleQueue[Piece] = SimpleQueue()
    for piece in pieces:
        waiting.put(piece)

    def work() -> None:
        try:
            with within(), suppress(Empty):
                while not is_over():
                    do(waiting.get_nowait())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(parallel) as threads:
        workers = [threads.submit(work) for _number in range(parallel)]
    for worker in workers:
        worker.result()
