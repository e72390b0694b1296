# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""From module options to wire fields, and whether a field already is as it shall be.

An option that is left out leaves its field alone. A limit is taken away by the word C(unlimited), never by an empty value,
which is what a forgotten variable leaves behind.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .errors import GatewayError

UNLIMITED = "unlimited"
LIFETIME = "lifetime"

UNLIKE = object()
"""What no value is the same as."""

MONEY = ("max_budget", "soft_budget")
RATES = ("rpm_limit", "tpm_limit", "max_parallel_requests")

LIMITS_SPEC = {
    "max_budget": {"type": "str"},
    "soft_budget": {"type": "str"},
    "budget_duration": {"type": "str"},
    "rpm_limit": {"type": "str"},
    "tpm_limit": {"type": "str"},
    "max_parallel_requests": {"type": "str"},
}

HOLDER_SPEC = dict(
    LIMITS_SPEC,
    budget_id={"type": "str"},
    models={"type": "list", "elements": "str"},
    blocked={"type": "bool"},
    metadata={"type": "dict"},
)
"""What keys, users and teams have in common."""

HOLDER_FIELDS = ("models", "blocked", "metadata")


def given(params, names):
    """Picks the options that were given.

    Args:
        params: Module parameters.
        names: Of options whose wire fields are called the same.

    Returns:
        The fields by name.
    """
    return {name: params[name] for name in names if params.get(name) is not None}


def text(params, names):
    """Picks text options; empty text takes the value away."""
    return {name: value or None for name, value in given(params, names).items()}


def limits(params):
    """Reads the options of C(LIMITS_SPEC).

    Args:
        params: Module parameters.

    Returns:
        The limits by wire field: a number or text, or None where there shall be none.

    Raises:
        GatewayError: One of them is not a limit.
    """
    found = {name: number(name, value) for name, value in given(params, MONEY).items()}
    found.update({name: number(name, value, whole=True) for name, value in given(params, RATES).items()})
    if params.get("budget_duration") is not None:
        found["budget_duration"] = None if params["budget_duration"] == LIFETIME else params["budget_duration"]
    return found


def holder(params):
    """Reads the options of C(HOLDER_SPEC); see limits."""
    return {**limits(params), **text(params, ("budget_id",)), **given(params, HOLDER_FIELDS)}


def number(name, value, whole=False):
    """Reads a number, or C(unlimited).

    Args:
        name: Of the option, for the error.
        value: Text, or a number that YAML has read.
        whole: Whether it must be a whole number.

    Returns:
        An int or a float; None for C(unlimited).

    Raises:
        GatewayError: It is neither.
    """
    if value == UNLIMITED:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or (whole and amount != int(amount)):
        kind = "a whole number" if whole else "a number"
        message = f"{name} must be {kind} from 0 on, or {UNLIMITED}, not {value!r}."
        raise GatewayError(message)
    return int(amount) if amount == int(amount) else float(amount)


def differing(wanted, live):
    """Finds what is not yet as it shall be.

    Args:
        wanted: Fields as they shall be.
        live: Fields as they are, and perhaps more.

    Returns:
        Those of wanted that differ.
    """
    return {name: value for name, value in wanted.items() if not same(value, live.get(name))}


def same(wanted, live):
    """Compares two values: numbers by amount, lists of names in any order, no text like none, dictionaries by field."""
    if isinstance(wanted, dict) and isinstance(live, dict):
        return wanted.keys() == live.keys() and all(same(wanted[name], live[name]) for name in wanted)
    if isinstance(wanted, list) and isinstance(live, list):
        names = all(isinstance(one, str) for one in wanted + live)
        return sorted(wanted) == sorted(live) if names else wanted == live
    if _numeric(wanted) and _numeric(live):
        return Decimal(str(wanted)) == Decimal(str(live))
    return wanted == live or (wanted is None and live == "")


def _numeric(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
