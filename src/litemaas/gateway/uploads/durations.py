"""How many seconds of audio a file holds, as its container says or its size allows."""

from typing import BinaryIO, NamedTuple

from tinytag import TinyTag, TinyTagException

_FEWEST_BYTES_A_SECOND = 750
"""Opus at 6 kbit/s: less is no speech any more."""
_USUAL_BYTES_A_SECOND = 4000
"""Speech at 32 kbit/s."""
_MOST_BYTES_A_SECOND = 2_000_000


class Duration(NamedTuple):
    """Seconds, begun ones whole.

    Attributes:
        most: What a hold must reckon with.
        likely: What is charged if the upstream does not tell.
    """

    most: int
    likely: int


def duration_of(file: BinaryIO, size: int) -> Duration:
    """The duration of an audio file of `size` bytes; moves the file's position."""
    file.seek(0)
    try:
        told = TinyTag.get(file_obj=file, tags=False).duration
    except (TinyTagException, ValueError, ArithmeticError, LookupError, OSError):
        told = None  # a container that the reader does not know, such as WebM, or a broken one
    least = size / _MOST_BYTES_A_SECOND
    if told is not None and least <= told <= size / _FEWEST_BYTES_A_SECOND + 1:
        return Duration(_begun(told), _begun(told))
    return Duration(_begun(size / _FEWEST_BYTES_A_SECOND), _begun(size / _USUAL_BYTES_A_SECOND))


def _begun(seconds: float) -> int:
    return max(1, int(-(-seconds // 1)))
