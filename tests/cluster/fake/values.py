"""Plain values: copies, nulls, and quantities in their one canonical spelling."""

from decimal import ROUND_CEILING, Decimal, InvalidOperation

Json = dict[str, object]

_BINARY = {"Ki": 1024, "Mi": 1024**2, "Gi": 1024**3, "Ti": 1024**4, "Pi": 1024**5, "Ei": 1024**6}
_DECIMAL = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "E": Decimal(10**18),
}


def clone(value: object) -> object:
    """A deep copy of JSON; several times faster than `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: clone(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clone(inner) for inner in value]
    return value


def without_nulls(value: object) -> object:
    """The value without null fields: the API server drops them when it decodes."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value


def at(value: object, *path: str) -> object:
    """The value at a path of field names, or None where it ends early."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def canonical_quantity(text: str | float) -> str:
    """A resource quantity as the API server stores it: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`.

    Source: k8s.io/apimachinery `pkg/api/resource/quantity.go`, CanonicalizeBytes.

    Raises:
        ValueError: not a quantity.
    """
    number, suffix = _split(text)
    if suffix in _BINARY:
        return _spell_binary(number * _BINARY[suffix])
    return _spell_decimal(number * _DECIMAL[suffix])


def quantity(text: str | float) -> Decimal:
    """A resource quantity as a number.

    Raises:
        ValueError: not a quantity.
    """
    number, suffix = _split(text)
    return number * (_BINARY.get(suffix) or _DECIMAL[suffix])


def _split(quantity: str | float) -> tuple[Decimal, str]:
    text = str(quantity).strip()
    suffix = text[len(text.rstrip("EPTGMKkimun")) :]
    try:
        number = Decimal(text[: len(text) - len(suffix)])
    except InvalidOperation as error:
        raise ValueError(f"not a quantity: {text!r}") from error
    if suffix not in _BINARY and suffix not in _DECIMAL:
        raise ValueError(f"unknown suffix of quantity {text!r}")
    return number, suffix


def _spell_binary(amount: Decimal) -> str:
    """Binary quantities are whole bytes; below 1 Ki they are spelled without a suffix."""
    whole = int(amount.to_integral_value(ROUND_CEILING))
    if abs(whole) < _BINARY["Ki"]:
        return _spell_decimal(amount)
    for suffix, factor in reversed(_BINARY.items()):
        if whole % factor == 0:
            return f"{whole // factor}{suffix}"
    return str(whole)


def _spell_decimal(amount: Decimal) -> str:
    if amount == 0:
        return "0"
    for suffix, factor in reversed(_DECIMAL.items()):
        count = amount / factor
        if count == count.to_integral_value():
            return f"{int(count)}{suffix}"
    return f"{int((amount / _DECIMAL['n']).to_integral_value(ROUND_CEILING))}n"
