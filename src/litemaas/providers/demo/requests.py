"""The bodies that clients send, as OpenAI's API reference has them; a wrong value is refused by its path.

Fields that the demo honours are typed. Those that would change the answer and that it cannot honour are refused by name
rather than ignored. All others (`user`, `metadata`, …) make no difference here and are let pass.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol, TypeVar

import msgspec
from msgspec import Meta, Struct

from litemaas.providers.demo.chat_model import MAX_OUTPUT_TOKENS, Sampling
from litemaas.providers.demo.errors import malformed, unknown_model, unsupported
from litemaas.providers.demo.few_shot import STOP_SEQUENCES, Role, Turn, few_shot_prompt

_MAX_CHOICES = 8
_COMPLETION_TOKENS = 16  # OpenAI's default for /v1/completions

_Tokens = Annotated[int, Meta(ge=1)]
_Texts = Annotated[list[str], Meta(min_length=1, max_length=2048)]  # OpenAI's limit for embeddings
_Stops = str | Annotated[list[str], Meta(max_length=16)]
_Penalty = Annotated[float, Meta(ge=-2, le=2)]


class _TextPart(Struct, tag_field="type", tag="text"):
    text: str


class _Message(Struct):
    role: Role
    content: str | list[_TextPart] | None = None

    def turn(self) -> Turn:
        if isinstance(self.content, list):
            return Turn(self.role, "\n".join(part.text for part in self.content))
        return Turn(self.role, self.content or "")


class _StreamOptions(Struct):
    include_usage: bool | None = None


class _GenerationRequest(Struct, kw_only=True):
    """What chat and text completions have in common."""

    model: str
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    max_tokens: _Tokens | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    frequency_penalty: _Penalty | None = None
    presence_penalty: _Penalty | None = None
    seed: int | None = None
    stop: _Stops | None = None
    n: Annotated[int, Meta(ge=1, le=_MAX_CHOICES)] | None = None
    logit_bias: Any = None
    logprobs: Any = None

    @property
    def wants_usage_chunk(self) -> bool:
        """Whether a stream ends with a chunk that carries the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    @property
    def choices_per_prompt(self) -> int:
        """How often each prompt is continued."""
        return self.n or 1

    def _sampling(self, choice: int, max_tokens: int, stops: Sequence[str] = ()) -> Sampling:
        own_stops = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return Sampling(
            max_tokens=max_tokens,
            # A model this small rambles when its tokens are drawn; unless asked to, it takes the likeliest.
            temperature=self.temperature or 0.0,
            top_p=1.0 if self.top_p is None else self.top_p,
            frequency_penalty=self.frequency_penalty or 0.0,
            presence_penalty=self.presence_penalty or 0.0,
            seed=None if self.seed is None else self.seed + choice,  # or all choices would be the same
            stop=tuple(stop for stop in (*stops, *own_stops) if stop),
        )

    def _refuse(self, *fields: str) -> None:
        for field in fields:
            if getattr(self, field):
                raise unsupported(field)


class ChatRequest(_GenerationRequest, kw_only=True):
    """The body of `POST /v1/chat/completions`."""

    messages: Annotated[list[_Message], Meta(min_length=1)]
    max_completion_tokens: _Tokens | None = None
    response_format: dict[str, Any] | None = None
    tools: Any = None
    functions: Any = None
    audio: Any = None

    def __post_init__(self) -> None:
        """Refuse what would change the answer and cannot be honoured."""
        self._refuse("logit_bias", "logprobs", "tools", "functions", "audio")
        if self.response_format and self.response_format.get("type") != "text":
            raise unsupported("response_format")

    @property
    def prompts(self) -> list[str]:
        """The one text to continue."""
        return [few_shot_prompt([message.turn() for message in self.messages])]

    def sampling(self, choice: int) -> Sampling:
        """Return how to write the choice of this number; the few-shot stops come before the client's own."""
        return self._sampling(
            choice, self.max_completion_tokens or self.max_tokens or MAX_OUTPUT_TOKENS, STOP_SEQUENCES
        )


class CompletionRequest(_GenerationRequest, kw_only=True):
    """The body of `POST /v1/completions`."""

    prompt: str | _Texts
    best_of: int | None = None
    echo: bool | None = None
    suffix: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would change the answer and cannot be honoured."""
        self._refuse("logit_bias", "logprobs", "echo", "suffix")
        if self.best_of not in (None, self.choices_per_prompt):
            raise unsupported("best_of")

    @property
    def prompts(self) -> list[str]:
        """The texts to continue."""
        return [self.prompt] if isinstance(self.prompt, str) else self.prompt

    def sampling(self, choice: int) -> Sampling:
        """Return how to write the choice of this number."""
        return self._sampling(choice, self.max_tokens or _COMPLETION_TOKENS)


class EmbeddingRequest(Struct, kw_only=True):
    """The body of `POST /v1/embeddings`."""

    model: str
    input: str | _Texts
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be honoured."""
        if self.dimensions is not None:  # the model was not trained for vectors that keep their meaning when shortened
            raise unsupported("dimensions")

    @property
    def texts(self) -> list[str]:
        """The texts to embed."""
        return [self.input] if isinstance(self.input, str) else self.input


class _NamesModel(Protocol):
    model: str


_Body = TypeVar("_Body", bound=_NamesModel)


def read(body: bytes, shape: type[_Body], model: str) -> _Body:
    """Return a request's body, checked.

    Args:
        body: The JSON.
        shape: What it must be.
        model: The model that its endpoint serves.

    Raises:
        ApiError: If it is malformed, asks for what we lack, or names another model.
    """
    try:
        request = msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError as error:
        raise malformed(error) from error
    if request.model != model:
        raise unknown_model(request.model)
    return request
