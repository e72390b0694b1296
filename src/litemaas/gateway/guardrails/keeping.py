"""Keeps a gateway's guardrails as the snapshot has them; a gateway without any does not pay for them."""

from concurrent.futures import ThreadPoolExecutor

from litemaas.bootstrap import Platform
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.guardrails.interceptor import Guardrails

_THREADS = 2


def keep_guarded(gateway: Gateway, platform: Platform) -> None:
    """Guard the calls of `gateway` from now on; its other interceptors must be there already."""
    others = gateway.interceptors
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="guardrails")
    guardrails = Guardrails((), platform.guardrail_tally, threads)

    def renew() -> None:
        nonlocal guardrails
        guardrails = guardrails.renewed(platform.snapshot.guardrails)
        gateway.interceptors = (guardrails, *others) if platform.snapshot.guardrails else others

    platform.snapshot.on_guardrails.append(renew)
    renew()
