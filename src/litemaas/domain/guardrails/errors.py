"""What can go wrong with guardrails, and what they refuse. No message carries a text that was looked at."""

from litemaas.domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError, RefusedError, UnavailableError


class GuardrailNotFoundError(NotFoundError):
    """There is no such guardrail."""


class GuardrailExistsError(AlreadyExistsError):
    """The name is taken."""


class GuardrailRefusedError(InvalidInputError):
    """Such a guardrail could not do what it promises."""


class GuardrailBlockedError(RefusedError):
    """A guardrail does not let this request, or its answer, pass."""

    def __init__(self, message: str, *, guardrail: str) -> None:
        super().__init__(message)
        self.guardrail = guardrail


class GuardrailFailedError(UnavailableError):
    """A guardrail could not look at a text, so nobody gets it."""
