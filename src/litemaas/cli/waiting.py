"""A sign of life from commands that take a while."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

_PATIENCE_SECONDS = 1.0


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """Say `message` on standard error if the block takes more than a second."""
    timer = Timer(_PATIENCE_SECONDS, lambda: print(message, file=sys.stderr, flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
