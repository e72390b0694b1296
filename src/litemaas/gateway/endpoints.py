"""The inference routes: one row each, with what differs between their bodies."""

from typing import NamedTuple

from litemaas.providers.usage_events import EventReader, read_chat_event, read_message_event, read_response_event


class Endpoint(NamedTuple):
    """An inference route.

    Attributes:
        path: As the ledger names it, and below an upstream's `/v1`.
        prompt_fields: Fields whose text the model reads.
        max_output_fields: Fields that bound the output.
        choices_fields: Fields that multiply the output.
        generates: Has output tokens.
        asks_usage: Streams tell their usage only if `stream_options.include_usage` asks for it.
        upstream_path: Below an upstream's `/v1`, if the call is translated on its way; empty: `path`.
        bound_field: Where an upstream of this route expects an output bound; None: where its wire says.
        read_event: Reads usage in the events of a stream.
        dialect: The language of the body that goes upstream: `openai` or `anthropic`.
    """

    path: str
    prompt_fields: tuple[str, ...]
    max_output_fields: tuple[str, ...] = ()
    choices_fields: tuple[str, ...] = ()
    generates: bool = True
    asks_usage: bool = False
    upstream_path: str = ""
    bound_field: str | None = None
    read_event: EventReader = read_chat_event
    dialect: str = "openai"


CHAT = Endpoint(
    "/chat/completions",
    ("messages", "tools", "functions", "response_format"),
    ("max_completion_tokens", "max_tokens"),
    ("n",),
    asks_usage=True,
)
COMPLETIONS = Endpoint("/completions", ("prompt", "suffix"), ("max_tokens",), ("n", "best_of"), asks_usage=True)
EMBEDDINGS = Endpoint("/embeddings", ("input",), generates=False)

MESSAGES = Endpoint(
    "/messages",
    ("system", "messages", "tools", "output_config"),
    ("max_tokens",),
    bound_field="max_tokens",
    read_event=read_message_event,
    dialect="anthropic",
)
RESPONSES = Endpoint(
    "/responses",
    ("instructions", "input", "tools", "text"),
    ("max_output_tokens",),
    bound_field="max_output_tokens",
    read_event=read_response_event,
)
MESSAGES_AS_CHAT = CHAT._replace(path=MESSAGES.path, upstream_path=CHAT.path)
RESPONSES_AS_CHAT = CHAT._replace(path=RESPONSES.path, upstream_path=CHAT.path)
"""What comes in as a message or a response and goes to the model as a chat: `dialects` translates."""

_HOT = (CHAT, COMPLETIONS, EMBEDDINGS)

BY_PATH = {prefix + endpoint.path: endpoint for endpoint in _HOT for prefix in ("/v1", "")}
"""The routes whose bodies go through as they are, with and without `/v1`: both are in use, and SDKs differ."""
