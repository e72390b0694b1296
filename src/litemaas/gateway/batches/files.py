"""`/v1/files`: keeping files at a deployment, and listing, reading and deleting one's own."""

import asyncio
import time
from decimal import Decimal
from functools import partial

import msgspec
from msgspec import Struct
from starlette.requests import Request

from litemaas.domain.rights import Permit, Rights
from litemaas.domain.serving import Target
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.batches.affording import MOST_COST
from litemaas.gateway.batches.choosing import choose_model, choose_target
from litemaas.gateway.batches.kept_app import KeptApp
from litemaas.gateway.batches.kept_paths import path_of
from litemaas.gateway.batches.lines import first_model, rewrite_lines
from litemaas.gateway.batches.relay import relay
from litemaas.gateway.calls.answers import upstream_refusal
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.calls.kept_files import owner
from litemaas.gateway.calls.upstream_requests import UpstreamAnswer, ask
from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.slow_lane.inference_app import QueuedClient, request_id
from litemaas.gateway.uploads.forms import Form
from litemaas.gateway.uploads.reading import read_form
from litemaas.gateway.uploads.spooling import Spools
from litemaas.gateway.uploads.writing import write_form
from litemaas.gateway.upstreams.heads import request_head, upstream_origin
from litemaas.gateway.upstreams.targets import timeouts_of
from litemaas.providers.upstream.fetching import CollectedCall
from litemaas.providers.upstream.uploading import upload

FILES = "/files"
_OK_BELOW = 300
_FOR_US = ("model", "target_model_names", "custom_llm_provider")
_MODEL_HEADER = "x-litellm-model"
_BATCH = "batch"


class _Made(Struct):
    id: str = ""


class NewFile(KeptApp):
    """`POST /v1/files`.

    Args:
        gateway: Whose calls they are.
        spools: Where it lies on its way.
    """

    def __init__(self, gateway: Gateway, spools: Spools) -> None:
        super().__init__(gateway)
        self._spools = spools

    async def answer(self, request: Request, rights: Rights, _: QueuedClient) -> UpstreamAnswer:
        """Send the file to the deployment that is to keep it, and write down whose it is."""
        form = await read_form(request.headers.get("content-type"), request.stream(), self._spools)
        try:
            if len(form.files) != 1:
                raise BadRequestError("The form must have one file.", param="file")
            batch = form.text("purpose") == _BATCH
            spool = form.files[0].spool
            names = [request.query_params.get("model"), request.headers.get(_MODEL_HEADER)]
            names += [form.text("model"), (form.text("target_model_names") or "").split(",")[0].strip()]
            if batch:
                names.append(await asyncio.to_thread(first_model, spool.file))
            model = choose_model(rights, names)
            target = choose_target(model)
            await self.count(rights, model.name)
            circumstances = None
            if batch:
                most_cost = await self._rewrite(form, rights.permit(model.name), target)
                circumstances = {MOST_COST: str(most_cost)}
            tokens = 0 if batch else self._most_tokens(form)
            answer = await self._send(form, target)
        finally:
            form.close()
        if answer.status < _OK_BELOW:
            made = msgspec.json.decode(answer.body, type=_Made).id
            await self.objects.remember(
                "file",
                made,
                owner=owner(rights),
                deployment_id=target.deployment.id,
                model=model.name,
                tokens=tokens,
                circumstances=circumstances,
            )
        return answer

    def _most_tokens(self, form: Form) -> int:
        """Of a prompt that names the file: an image's are bounded as if it came with the call, text has a byte each."""
        (file,) = form.files
        if file.content_type.startswith("image/"):
            return self.gateway.settings.requests.image_input_tokens
        return file.spool.size

    async def _rewrite(self, form: Form, permit: Permit, target: Target) -> Decimal:
        """Write the file as its deployment is to have it; returns the most that its calls can cost, in dollars."""
        source, model = form.files[0].spool, permit.model
        bound = partial(self.gateway.admissions.bound, permit, now=time.time())
        self._spools.check_room(source.size)  # for a while there are two of it
        written = self._spools.open()
        try:
            names = {model.name, *model.upstream_names, target.deployment.upstream_model}
            size, most_cost = await asyncio.to_thread(
                rewrite_lines, source.file, written.file, names, target.deployment.upstream_model, bound
            )
        except BaseException:
            written.close()
            raise
        written.take_in(size)
        form.files[0].spool = written
        source.close()
        return most_cost

    async def _send(self, form: Form, target: Target) -> UpstreamAnswer:
        form.fields = [(name, value) for name, value in form.fields if name not in _FOR_US]
        written = write_form(form)
        lines = (f"Content-Type: {written.content_type}", f"Content-Length: {written.length}")
        call = CollectedCall(
            request_head(target, "POST", FILES, lines), timeouts_of(target, self.gateway.settings.upstream)
        )
        upload(self.gateway.upstreams, upstream_origin(target), call, written.pieces)
        try:
            answer = await call.answer
        finally:
            call.cancel()
        if answer.status < _OK_BELOW:
            return UpstreamAnswer(answer.status, answer.body)
        refusal = upstream_refusal(answer.status, answer.body, target.credential)
        return UpstreamAnswer(refusal.status, refusal.body)


class OwnFile(KeptApp):
    """`GET` and `DELETE /v1/files/{id}`."""

    async def answer(self, request: Request, rights: Rights, _: QueuedClient) -> UpstreamAnswer:
        """Ask the deployment that keeps it."""
        kept = await self.find(rights, "file", request.path_params["file_id"])
        await self.count(rights, kept.thing.model)
        answer = await ask(self.gateway, kept.target, request.method, path_of("file", kept.thing.id))
        if request.method == "DELETE" and answer.status < _OK_BELOW:
            await self.objects.forget(kept.thing)
        return answer


class FileContent(KeptApp):
    """`GET /v1/files/{id}/content`."""

    async def answer(self, request: Request, rights: Rights, client: QueuedClient) -> None:
        """Pass it on as it comes."""
        kept = await self.find(rights, "file", request.path_params["file_id"])
        await self.count(rights, kept.thing.model)
        call_id = request_id(request) or new_call_id(0)
        relay(self.gateway, client, kept.target, f"{path_of('file', kept.thing.id)}/content", call_id)
