"""Why a rate limit refuses."""

from typing import TYPE_CHECKING

from litemaas.domain.errors import RateLimitedError

if TYPE_CHECKING:
    from litemaas.domain.rate_limits.scopes import Scope


class RequestsPerMinuteError(RateLimitedError):
    """RPM limit reached."""


class TokensPerMinuteError(RateLimitedError):
    """TPM limit reached."""


class ParallelRequestsError(RateLimitedError):
    """As many calls in flight as allowed."""


class ShareTooSmallError(RateLimitedError):
    """This replica's share of a limit has no room; there may be some in other replicas' hands, or in nobody's."""

    def __init__(self, scope: "Scope") -> None:
        super().__init__(f"Rate limit of {scope.name}: no room at this replica.", retry_after=1.0)
        self.scope = scope
