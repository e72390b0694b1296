"""The reference page of errors, from the table by which the gateway tells them."""

import inspect
from collections.abc import Iterator

from litemaas.domain.errors import BudgetExceededError, LiteMaaSError, RateLimitedError
from litemaas.gateway.errors import WIRE_ERRORS
from litemaas.providers.errors import UpstreamError

_INTRODUCTION = """# Errors

Every refusal is OpenAI's error JSON, from the gateway, the management API and the portal alike:

```json
{"error": {"message": "…", "type": "rate_limit_error", "param": null, "code": "rate_limit_exceeded"}}
```

`message` is a sentence for people, `param` the field that it is about; `code` is for programs, and stays. Clients that
send `anthropic-version` get the same in [Anthropic's form](../MESSAGES_AND_RESPONSES.md#anthropics-sdk). What an
upstream itself refuses comes with its own status and message. What helps is in
[Troubleshooting](../TROUBLESHOOTING.md#a-virtual-key-is-refused).

| status | code | type | means | header |
|---|---|---|---|---|"""
_OTHERS = {
    LiteMaaSError: "an error of our own; the log has it",
    Exception: "an error of our own; the log has it",
    UpstreamError: "the model server cannot be reached, or broke off",
}
"""Classes whose docstring is about the class."""


def error_page(note: str) -> str:
    """The page of all errors.

    Args:
        note: Its first lines, which say that it is generated.
    """
    return "\n".join([note, _INTRODUCTION, *dict.fromkeys(sorted(_rows()))]) + "\n"


def _rows() -> Iterator[str]:
    for kind, wire in WIRE_ERRORS.items():
        meaning = _OTHERS.get(kind) or inspect.cleandoc(kind.__doc__ or "").splitlines()[0].rstrip(".")
        code = f"`{wire.code}`" if wire.code else "null"
        sentence = f"{meaning[0].lower()}{meaning[1:]}"
        yield f"| {wire.status} | {code} | `{wire.type}` | {sentence} | {_header(kind)} |"


def _header(kind: type[Exception]) -> str:
    if issubclass(kind, BudgetExceededError):
        return "`x-should-retry: false`"
    return "`retry-after`" if issubclass(kind, RateLimitedError) else ""
