"""Why a rate limit refuses."""

from litemaas.domain.errors import RateLimitedError


class RequestsPerMinuteError(RateLimitedError):
    """RPM limit reached."""


class TokensPerMinuteError(RateLimitedError):
    """TPM limit reached."""


class ParallelRequestsError(RateLimitedError):
    """As many calls in flight as allowed."""
