"""The inference routes: one row each, with what differs between their bodies."""

from msgspec import Struct
from msgspec.structs import replace

from litemaas.gateway.endpoints.estimates import UsageReader, nothing_used, told_or_estimated, told_or_measured
from litemaas.gateway.endpoints.units import UnitsReader, characters_asked, images_asked, searches_asked
from litemaas.gateway.endpoints.units_used import images_used, rerank_used
from litemaas.providers.usage_events import EventReader, read_chat_event, read_message_event, read_response_event

_MOST_IMAGE_TOKENS = 8192
"""Output tokens of one image at the highest quality, with room to spare: OpenAI tells 6,240 for gpt-image-1."""


class Endpoint(Struct, frozen=True):
    """An inference route.

    Attributes:
        path: As the ledger names it, and below an upstream's `/v1`.
        prompt_fields: Fields whose text the model reads.
        generates: Has output tokens.
        asks_usage: Streams tell their usage only if `stream_options.include_usage` asks for it.
        upstream_path: Below an upstream's `/v1`, if the call is translated on its way; empty: `path`.
        bound_field: Where an upstream of this route expects an output bound; None: where its wire says.
        read_event: Reads usage in the events of a stream.
        dialect: The language of the body that goes upstream: `openai` or `anthropic`.
        streams: Has no output tokens to count on, and yet may be asked for a stream.
        most_output: Output tokens of one choice, where no field of the request bounds them; None: it has none.
        units: Bounds what is paid for besides tokens; None: nothing is.
        usage: Reads what a whole answer used.
        relays: The answer is passed on as it comes, whatever it is.
        at_root: Upstreams serve it beside their `/v1`, not below it.
    """

    path: str
    prompt_fields: frozenset[str]
    generates: bool = True
    asks_usage: bool = False
    upstream_path: str = ""
    bound_field: str | None = None
    read_event: EventReader = read_chat_event
    dialect: str = "openai"
    streams: bool = False
    most_output: int | None = None
    units: UnitsReader | None = None
    usage: UsageReader = told_or_estimated
    relays: bool = False
    at_root: bool = False


CHAT = Endpoint(
    "/chat/completions",
    frozenset(("messages", "tools", "functions", "response_format")),
    asks_usage=True,
)
COMPLETIONS = Endpoint("/completions", frozenset(("prompt", "suffix")), asks_usage=True)
EMBEDDINGS = Endpoint("/embeddings", frozenset(("input",)), generates=False)

MESSAGES = Endpoint(
    "/messages",
    frozenset(("system", "messages", "tools", "output_config")),
    bound_field="max_tokens",
    read_event=read_message_event,
    dialect="anthropic",
    usage=told_or_measured,
)
RESPONSES = Endpoint(
    "/responses",
    frozenset(("instructions", "input", "tools", "text")),
    bound_field="max_output_tokens",
    read_event=read_response_event,
    usage=told_or_measured,
)
MESSAGES_AS_CHAT = replace(CHAT, path=MESSAGES.path, upstream_path=CHAT.path)
RESPONSES_AS_CHAT = replace(CHAT, path=RESPONSES.path, upstream_path=CHAT.path)
"""What comes in as a message or a response and goes to the model as a chat: `dialects` translates."""

RERANK = Endpoint(
    "/rerank", frozenset(("query", "documents")), generates=False, units=searches_asked, usage=rerank_used
)
MODERATIONS = Endpoint("/moderations", frozenset(("input",)), generates=False)
IMAGES = Endpoint(
    "/images/generations",
    frozenset(("prompt",)),
    generates=False,
    streams=True,
    most_output=_MOST_IMAGE_TOKENS,
    units=images_asked,
    usage=images_used,
)
SPEECH = Endpoint(
    "/audio/speech", frozenset(("input", "instructions")), generates=False, units=characters_asked, relays=True
)
TOKENIZE = Endpoint("/tokenize", frozenset(), generates=False, usage=nothing_used, at_root=True)
DETOKENIZE = Endpoint("/detokenize", frozenset(), generates=False, usage=nothing_used, at_root=True)

_HOT = (CHAT, COMPLETIONS, EMBEDDINGS, RERANK, MODERATIONS, IMAGES, SPEECH, TOKENIZE, DETOKENIZE)

BY_PATH = {prefix + endpoint.path: endpoint for endpoint in _HOT for prefix in ("/v1", "")}
BY_PATH["/v2/rerank"] = RERANK  # Cohere's address of it
"""The routes whose bodies go through as they are, with and without `/v1`: both are in use, and SDKs differ."""
