"""The hot routes: one row each, with what differs between their bodies."""

from typing import NamedTuple


class Endpoint(NamedTuple):
    """An inference route.

    Attributes:
        path: As the ledger names it, and below an upstream's `/v1`.
        prompt_fields: Fields whose text the model reads.
        max_output_fields: Fields that bound the output.
        choices_fields: Fields that multiply the output.
        generates: Has output tokens.
        asks_usage: Streams tell their usage only if `stream_options.include_usage` asks for it.
    """

    path: str
    prompt_fields: tuple[str, ...]
    max_output_fields: tuple[str, ...] = ()
    choices_fields: tuple[str, ...] = ()
    generates: bool = True
    asks_usage: bool = False


CHAT = Endpoint(
    "/chat/completions",
    ("messages", "tools", "functions", "response_format"),
    ("max_completion_tokens", "max_tokens"),
    ("n",),
    asks_usage=True,
)
COMPLETIONS = Endpoint("/completions", ("prompt", "suffix"), ("max_tokens",), ("n", "best_of"), asks_usage=True)
EMBEDDINGS = Endpoint("/embeddings", ("input",), generates=False)

_ALL = (CHAT, COMPLETIONS, EMBEDDINGS)

BY_PATH = {prefix + endpoint.path: endpoint for endpoint in _ALL for prefix in ("/v1", "")}
"""Each route with and without `/v1`: both are in the seeds' examples, and SDKs differ."""
