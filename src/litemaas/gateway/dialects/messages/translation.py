"""One request in Anthropic's form, as a chat, and the way back for its answer."""

from litemaas.gateway.dialects.messages.answers import message
from litemaas.gateway.dialects.messages.events import MessageStream
from litemaas.gateway.dialects.messages.requests import chat_request, read_messages_request
from litemaas.providers.usage import Usage


class MessagesTranslation:
    """A translation.

    Args:
        body: As the client sent it.

    Attributes:
        chat: The body of the chat that asks the same.

    Raises:
        BadRequestError: It is not in Anthropic's form, or asks for what a chat cannot do.
    """

    def __init__(self, body: bytes) -> None:
        self._asked = asked = read_messages_request(body)
        self._stop_sequences = asked.stop_sequences or ()
        self.chat = chat_request(asked)

    def whole(self, body: bytes, usage: Usage, call_id: str) -> bytes | None:
        """A whole answer; None: `body` is no chat completion."""
        return message(
            body,
            usage,
            message_id=f"msg_{call_id}",
            model=self._asked.model,
            stop_sequences=self._stop_sequences,
            with_thoughts=self._asked.wants_thoughts,
        )

    def stream(self, call_id: str) -> MessageStream:
        """A streamed answer."""
        return MessageStream(
            f"msg_{call_id}",
            self._asked.model,
            stop_sequences=self._stop_sequences,
            with_thoughts=self._asked.wants_thoughts,
        )
