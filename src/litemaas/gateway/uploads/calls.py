"""One call whose request is a form: admitted, routed and paid for as any other."""

from collections.abc import Mapping
from functools import partial

import msgspec
from msgspec.structs import replace

from litemaas.domain.admission import Asked
from litemaas.domain.errors import InvalidInputError
from litemaas.gateway.calls.attempt import Attempt
from litemaas.gateway.calls.client import Client
from litemaas.gateway.calls.exchange import Exchange
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.endpoints.call_request import CallRequest
from litemaas.gateway.endpoints.units import image_count
from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.uploads.durations import Duration
from litemaas.gateway.uploads.forms import Form
from litemaas.gateway.uploads.routes import UploadRoute
from litemaas.gateway.uploads.transcribed import transcription_used
from litemaas.gateway.uploads.writing import write_form
from litemaas.gateway.upstreams.heads import request_head, upstream_origin
from litemaas.gateway.upstreams.wire import TargetWire
from litemaas.providers.units import Units
from litemaas.providers.upstream.uploading import upload

_TRUE = ("true", "True", "1")
_MASK = "mask"
_TOKENS_A_SECOND = 50
"""The most that models make of a second of audio: Whisper makes 1,500 of half a minute, OpenAI's others a fifth."""


class UploadExchange(Exchange):
    """One call.

    Args:
        form: What was sent; its owner closes it when the call has ended.
        duration: Of the audio in it; None: there is none.
    """

    __slots__ = ("_duration", "_form", "_route")

    def __init__(
        self,
        gateway: Gateway,
        client: Client,
        route: UploadRoute,
        form: Form,
        duration: Duration | None,
        request_id: str | None,
        headers: Mapping[str, str],
    ) -> None:
        endpoint = route.endpoint
        if duration is not None:
            endpoint = replace(endpoint, usage=partial(transcription_used, duration.likely))
        super().__init__(gateway, client, endpoint, request_id, headers)
        self._route = route
        self._form = form
        self._duration = duration

    def read(self, body: bytes) -> CallRequest:  # noqa: ARG002 - the form was read before
        """What is asked in the form.

        Raises:
            BadRequestError: It cannot be understood.
        """
        form, endpoint = self._form, self.endpoint
        model = form.text("model")
        if not model:
            raise BadRequestError(
                "The field 'model' is missing. GET /v1/models lists the models you may call.", param="model"
            )
        if not form.files:
            raise BadRequestError("The form has no file.", param="file" if self._route.hears else "image")
        heard = 0 if self._duration is None else self._duration.most * _TOKENS_A_SECOND
        asked = Asked(
            model,
            max(1, form.size(*self._route.prompt_fields) + heard),
            0 if self._route.hears else sum(file.name != _MASK for file in form.files),
            endpoint.most_output,
            1 if self._route.hears else _images(form),
            endpoint.most_output is not None,
            Units(images=_images(form)) if self._duration is None else Units(seconds=self._duration.most),
        )
        return CallRequest({}, asked, endpoint.streams and form.text("stream") in _TRUE, False, form.text("user"))

    def submit(self, attempt: Attempt, max_output: int | None) -> None:  # noqa: ARG002 - no form has a place for it
        """Send the form, with the upstream's name of the model; once for each attempt.

        Raises:
            InvalidInputError: The deployment's provider takes no forms.
        """
        wire = attempt.wire
        if not isinstance(wire, TargetWire):
            raise InvalidInputError(f"Models of this provider cannot be called at {self.endpoint.path}.")
        target = wire.target
        written = write_form(self._form, model=target.deployment.upstream_model)
        tracing = self._gateway.attempt_tracing
        traced = () if tracing is None else tracing(self, attempt).splitlines()
        lines = (f"Content-Type: {written.content_type}", f"Content-Length: {written.length}", *traced)
        attempt.request = request_head(target, "POST", self.endpoint.path, lines)
        attempt.timeouts = wire.timeouts
        upload(self._gateway.upstreams, upstream_origin(target), attempt, written.pieces)


def _images(form: Form) -> int:
    text = form.text("n")
    try:
        return image_count(1 if text is None else msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequestError("The field 'n' must be a whole number.", param="n") from error
