"""Makes a chat of a model that only continues text.

The demo's chat model is a base model and its file carries no chat template; given ChatML it repeats the prompt. A
transcript with two answered turns ahead of the client's is what it continues well: "What is the capital of France?" is
answered with "The capital of France is Paris." The stop sequences end the answer where it would begin to invent the
next turn.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Role = Literal["system", "developer", "user", "assistant"]

STOP_SEQUENCES = ("\nUser:", "\n\n")

_DEFAULT_INSTRUCTIONS = (
    "The following is a conversation between a user and a helpful assistant. "
    "The assistant gives short, correct answers."
)
_SPEAKING = ("user", "assistant")


class Turn(NamedTuple):
    """One message of a chat."""

    role: Role
    text: str


_EXAMPLES = (
    Turn("user", "Hello!"),
    Turn("assistant", "Hello! How can I help you today?"),
    Turn("user", "What is the largest planet in the solar system?"),
    Turn("assistant", "The largest planet in the solar system is Jupiter."),
)


def few_shot_prompt(turns: Sequence[Turn]) -> str:
    """Return the text to continue for a chat.

    The client's system prompts replace our introduction at the top, where this model heeds them best; the example turns
    follow, then the chat, then the label of the answer to write.
    """
    instructions = [turn.text for turn in turns if turn.role not in _SPEAKING] or [_DEFAULT_INSTRUCTIONS]
    transcript = "\n".join(instructions)
    for turn in (*_EXAMPLES, *turns):
        if turn.role == "user":
            transcript += f"\n\nUser: {turn.text.strip()}"
        elif turn.role == "assistant":
            transcript += f"\nAssistant: {turn.text.strip()}"
    return f"{transcript}\nAssistant:"
