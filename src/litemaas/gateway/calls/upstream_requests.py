"""Requests to a deployment that are no calls of a model: counts of tokens, what an upstream keeps for its callers."""

from collections.abc import Mapping
from typing import NamedTuple

from litemaas.domain.serving import Target
from litemaas.gateway.calls.answers import upstream_refusal
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.upstreams.heads import auth_lines, upstream_url
from litemaas.providers.upstream.fetching import fetch

_OK_BELOW = 300


class UpstreamAnswer(NamedTuple):
    """What the client may see of an upstream's answer."""

    status: int
    body: bytes


async def ask(
    gateway: Gateway,
    target: Target,
    method: str,
    path: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> UpstreamAnswer:
    """Ask a deployment, in its provider's way, with our credential.

    Args:
        gateway: Whose connections are used.
        target: Whom to ask.
        method: HTTP's.
        path: Below the deployment's `/v1`, with its query.
        body: JSON.
        headers: Further ones.

    Raises:
        UpstreamError: There was no answer.
    """
    lines = dict(line.split(": ", 1) for line in auth_lines(target))
    if body is not None:
        lines["Content-Type"] = "application/json"
    answer = await fetch(
        gateway.upstreams,
        method,
        upstream_url(target, path),
        headers={**lines, **(headers or {})},
        body=body,
        timeout=target.deployment.timeouts.first_byte or gateway.settings.upstream.first_byte_timeout,
    )
    if answer.status < _OK_BELOW:
        return UpstreamAnswer(answer.status, answer.body)
    refusal = upstream_refusal(answer.status, answer.body, target.credential)
    return UpstreamAnswer(refusal.status, refusal.body)
