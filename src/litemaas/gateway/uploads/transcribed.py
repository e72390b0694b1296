"""Usage in the answers of models that hear: tokens, seconds, or nothing at all."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from litemaas.domain.admission import Asked
from litemaas.providers.units import Units
from litemaas.providers.usage import Usage, read_usage

_Seconds = Annotated[float, Meta(ge=0, lt=2**31)] | None


class _Told(Struct, gc=False):
    seconds: _Seconds = None


class _Answer(Struct, gc=False):
    duration: _Seconds = None
    usage: _Told | None = None


_answer = msgspec.json.Decoder(_Answer).decode


def transcription_used(likely: int, _: Asked, body: bytes) -> Usage:
    """Usage of a whole answer: the seconds that the upstream tells, else `likely` ones."""
    try:
        told = _answer(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        told = _Answer()  # text, or subtitles
    seconds = told.duration if told.usage is None or told.usage.seconds is None else told.usage.seconds
    units = Units(seconds=likely if seconds is None else int(-(-seconds // 1)))
    counted = read_usage(body)
    if counted is not None:
        return msgspec.structs.replace(counted, units=units)
    return Usage(estimated=seconds is None, units=units)
