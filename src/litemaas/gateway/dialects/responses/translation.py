"""One request for a response, as a chat, and the way back for its answer."""

import time

from litemaas.gateway.dialects.responses.answers import response
from litemaas.gateway.dialects.responses.events import ResponseStream
from litemaas.gateway.dialects.responses.requests import chat_request, read_responses_request
from litemaas.providers.usage import Usage


class ResponsesTranslation:
    """A translation.

    Args:
        body: As the client sent it.

    Attributes:
        chat: The body of the chat that asks the same.

    Raises:
        BadRequestError: It is not in OpenAI's form, or asks for what a chat cannot do.
    """

    def __init__(self, body: bytes) -> None:
        self._asked = read_responses_request(body)
        self._created_at = int(time.time())
        self.chat = chat_request(self._asked)

    def whole(self, body: bytes, usage: Usage, call_id: str) -> bytes | None:
        """A whole answer; None: `body` is no chat completion."""
        return response(body, usage, self._asked, response_id=f"resp_{call_id}", created_at=self._created_at)

    def stream(self, call_id: str) -> ResponseStream:
        """A streamed answer."""
        return ResponseStream(self._asked, f"resp_{call_id}", self._created_at)
