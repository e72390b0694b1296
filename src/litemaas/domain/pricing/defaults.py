"""Prices of well-known models, for those who give none."""

import asyncio
import logging
import sys
from datetime import datetime
from decimal import Decimal

import msgspec

from litemaas.domain.pricing.entities import Price

_SECONDS = 20.0
_log = logging.getLogger(__name__)


async def default_price(deployment_id: str, provider: str, model: str, effective_from: datetime) -> Price | None:
    """The list price of `model` at `provider`, with its source; None if the list does not have it."""
    lookup = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "litemaas.domain.pricing.price_list",
        provider,
        model,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await asyncio.wait_for(lookup.communicate(), _SECONDS)
        listed = msgspec.json.decode(output, type=dict[str, str] | None)
    except (TimeoutError, msgspec.DecodeError):
        _log.warning("the price list did not answer; %s/%s has no price", provider, model)
        return None
    finally:
        if lookup.returncode is None:
            lookup.kill()
            await lookup.wait()
    if listed is None:
        return None
    source = listed.pop("source")
    prices = {name: Decimal(amount) for name, amount in listed.items()}
    return Price(deployment_id, effective_from, source=source, **prices)
