# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Quantities as Kubernetes writes them: C(500m) of a CPU, C(10Gi) of memory.

The grammar is that of https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .errors import ClusterError

_QUANTITY = re.compile(r"(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?([KMGTPE]i|[numkMGTPE])?")
_FACTORS = {f"{unit}i": Decimal(1024**power) for power, unit in enumerate("KMGTPE", start=1)}
_FACTORS.update({unit: Decimal(1000) ** power for power, unit in enumerate("num", start=-3)})
_FACTORS.update({unit: Decimal(1000) ** power for power, unit in enumerate(("", *"kMGTPE"))})


def amount(quantity):
    """Reads a quantity.

    Args:
        quantity: Text such as C(10Gi), or a number.

    Returns:
        Bytes, CPUs or pieces, as a Decimal.

    Raises:
        ClusterError: It is none.
    """
    match = _QUANTITY.fullmatch(str(quantity))
    if not match or (match[2] and match[3]):
        message = f"{quantity!r} is no quantity: write memory and volumes like 10Gi, and CPUs like 500m or 2."
        raise ClusterError(message)
    return Decimal(match[1] + (match[2] or "")) * _FACTORS[match[3] or ""]
