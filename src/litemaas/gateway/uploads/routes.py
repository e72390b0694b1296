"""The inference routes whose requests are forms: one row each."""

from typing import NamedTuple

from msgspec.structs import replace

from litemaas.gateway.endpoints.rows import IMAGES, Endpoint


class UploadRoute(NamedTuple):
    """A route.

    Attributes:
        endpoint: As of any call.
        hears: Audio is sent, and paid for by its seconds; else images are sent, and made.
        prompt_fields: Fields whose text the model reads.
    """

    endpoint: Endpoint
    hears: bool
    prompt_fields: tuple[str, ...]


_MOST_TRANSCRIBED_TOKENS = 4096
"""Output tokens of a transcription: OpenAI's models write 2,000 at most."""

_ROWS = (
    UploadRoute(
        Endpoint(
            "/audio/transcriptions",
            frozenset(("prompt",)),
            generates=False,
            streams=True,
            most_output=_MOST_TRANSCRIBED_TOKENS,
        ),
        hears=True,
        prompt_fields=("prompt",),
    ),
    UploadRoute(
        Endpoint("/audio/translations", frozenset(("prompt",)), generates=False, most_output=_MOST_TRANSCRIBED_TOKENS),
        hears=True,
        prompt_fields=("prompt",),
    ),
    UploadRoute(replace(IMAGES, path="/images/edits"), hears=False, prompt_fields=("prompt",)),
    UploadRoute(replace(IMAGES, path="/images/variations", streams=False), hears=False, prompt_fields=()),
)

UPLOADS = {prefix + row.endpoint.path: row for row in _ROWS for prefix in ("/v1", "")}
"""By path, with and without `/v1`."""
