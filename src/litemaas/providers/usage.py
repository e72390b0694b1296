"""What an upstream says a call used, read from its answer whatever the dialect.

OpenAI's `prompt_tokens` includes cached tokens, Anthropic's `input_tokens` excludes them; both become one `Usage` whose
`input` includes them. A negative, absurd or malformed count is not believed: the answer then counts as having no usage.
"""

from typing import Annotated

from msgspec import DecodeError, Meta, Struct, json

from litemaas.providers.units import Units

_MAX_TOKENS = 2**31  # beyond any model; a count that the ledger cannot hold would make the call free
_Count = Annotated[int, Meta(ge=0, lt=_MAX_TOKENS)] | None


class Usage(Struct, frozen=True, gc=False):
    """Tokens of one call.

    Attributes:
        input: All input tokens, cached ones included.
        output: All output tokens, reasoning included.
        cached_input: Part of `input` that was read from the upstream's prompt cache.
        cache_write: Part of `input` that was written to it at a price of its own.
        reasoning: Part of `output` that the client does not see.
        estimated: We counted, because the upstream did not say.
        units: What is paid for besides tokens; None: nothing.
    """

    input: int = 0
    output: int = 0
    cached_input: int = 0
    cache_write: int = 0
    reasoning: int = 0
    estimated: bool = False
    units: Units | None = None


class _InputDetails(Struct, gc=False):
    cached_tokens: _Count = None
    cache_write_tokens: _Count = None


class _OutputDetails(Struct, gc=False):
    reasoning_tokens: _Count = None


class _ReportedUsage(Struct, gc=False):
    prompt_tokens: _Count = None
    completion_tokens: _Count = None
    prompt_tokens_details: _InputDetails | None = None
    completion_tokens_details: _OutputDetails | None = None
    input_tokens: _Count = None
    output_tokens: _Count = None
    input_tokens_details: _InputDetails | None = None
    output_tokens_details: _OutputDetails | None = None
    cache_creation_input_tokens: _Count = None
    cache_read_input_tokens: _Count = None


class _Answer(Struct, gc=False):
    usage: _ReportedUsage | None = None


_decoder = json.Decoder(_Answer)


def read_usage(answer: bytes) -> Usage | None:
    """Read the usage of a JSON answer, or of the JSON of one streamed event.

    Returns:
        None if the answer holds no usage that can be believed.
    """
    try:
        reported = _decoder.decode(answer).usage
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return None
    if reported is None:
        return None
    if reported.prompt_tokens is not None or reported.completion_tokens is not None:
        return _from_openai_chat(reported)
    if reported.input_tokens is None and reported.output_tokens is None:
        return None
    if reported.cache_read_input_tokens is not None or reported.cache_creation_input_tokens is not None:
        return _from_anthropic(reported)
    return _from_openai_responses(reported)


def _from_openai_chat(reported: _ReportedUsage) -> Usage:
    return _from_openai(
        reported.prompt_tokens or 0,
        reported.completion_tokens or 0,
        reported.prompt_tokens_details,
        reported.completion_tokens_details,
    )


def _from_openai_responses(reported: _ReportedUsage) -> Usage:
    return _from_openai(
        reported.input_tokens or 0,
        reported.output_tokens or 0,
        reported.input_tokens_details,
        reported.output_tokens_details,
    )


def _from_openai(read: int, written: int, of_read: _InputDetails | None, of_written: _OutputDetails | None) -> Usage:
    """Usage of `read` and `written` tokens, with parts that are no more than the whole."""
    cached = kept = 0
    if of_read is not None:
        cached = min(of_read.cached_tokens or 0, read)
        kept = min(of_read.cache_write_tokens or 0, read - cached)
    reasoning = min(of_written.reasoning_tokens or 0, written) if of_written is not None else 0
    return Usage(read, written, cached, kept, reasoning)


def _from_anthropic(reported: _ReportedUsage) -> Usage:
    read = reported.cache_read_input_tokens or 0
    written = reported.cache_creation_input_tokens or 0
    return Usage((reported.input_tokens or 0) + read + written, reported.output_tokens or 0, read, written)
