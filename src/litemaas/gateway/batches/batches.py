"""`/v1/batches`: running the calls of a kept file, and looking after one's own batches."""

import msgspec
from starlette.requests import Request

from litemaas.domain.admission import Asked
from litemaas.domain.rights import Rights
from litemaas.gateway.batches.affording import MOST_COST, check_affordable, most_cost_of
from litemaas.gateway.batches.kept_app import KeptApp
from litemaas.gateway.batches.kept_paths import path_of, read_object
from litemaas.gateway.batches.settling import BATCHES, Batch, circumstances_of, settle
from litemaas.gateway.calls.kept_files import owner
from litemaas.gateway.calls.upstream_requests import UpstreamAnswer, ask
from litemaas.gateway.errors import BadRequestError, BodyTooLargeError
from litemaas.gateway.slow_lane.inference_app import QueuedClient

_OK_BELOW = 300
_MOST_BYTES = 256 * 1024
_FOR_US = ("model", "target_model_names", "custom_llm_provider")


class NewBatch(KeptApp):
    """`POST /v1/batches`: at the deployment that keeps the file; not if there is less money left than it may cost."""

    async def answer(self, request: Request, rights: Rights, _: QueuedClient) -> UpstreamAnswer:
        """Have it run, and write down whose it is."""
        fields = read_object(await _read(request))
        file_id = fields.get("input_file_id")
        if not isinstance(file_id, str):
            raise BadRequestError("The field 'input_file_id' must name a file.", param="input_file_id")
        kept = await self.find(rights, "file", file_id)
        if kept.thing.tokens:  # a prompt may name it, so it was not taken for a batch, and nobody read its lines
            raise BadRequestError("The file was not uploaded with the purpose 'batch'.", param="input_file_id")
        admissions = self.gateway.admissions
        asked = Asked(kept.thing.model, 1, max_output=1)
        admission = admissions.admit(rights, asked) or await admissions.admit_patiently(rights, asked)
        admissions.release(admission)
        most_cost = most_cost_of(kept.thing.circumstances)
        await check_affordable(self.gateway, admission.permit, most_cost)
        body = msgspec.json.encode({name: value for name, value in fields.items() if name not in _FOR_US})
        answer = await ask(self.gateway, kept.target, "POST", BATCHES, body=body)
        if answer.status < _OK_BELOW:
            await self.objects.remember(
                "batch",
                msgspec.json.decode(answer.body, type=Batch).id,
                owner=owner(rights),
                deployment_id=kept.target.deployment.id,
                model=kept.thing.model,
                circumstances=circumstances_of(rights, kept.target) | {MOST_COST: str(most_cost)},
            )
        return answer


class OwnBatch(KeptApp):
    """`GET /v1/batches/{id}` and `POST /v1/batches/{id}/cancel`."""

    async def answer(self, request: Request, rights: Rights, _: QueuedClient) -> UpstreamAnswer:
        """Ask the deployment that runs it, and book it if it is over."""
        kept = await self.find(rights, "batch", request.path_params["batch_id"])
        await self.count(rights, kept.thing.model)
        below = "/cancel" if request.method == "POST" else ""
        answer = await ask(self.gateway, kept.target, request.method, path_of("batch", kept.thing.id) + below)
        if answer.status < _OK_BELOW:
            batch = msgspec.json.decode(answer.body, type=Batch)
            if batch.is_over() and kept.thing.settled_at is None:
                await settle(self.gateway, kept.thing, kept.target, batch)
        return answer


async def _read(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise BodyTooLargeError(f"The request is larger than {_MOST_BYTES >> 10} KiB.")
    return body
