"""Why somebody is not let in."""

from litemaas.domain.errors import AccessDeniedError, AuthenticationError, RateLimitedError


class NotLoggedInError(AuthenticationError):
    """There is no session, or no longer."""


class WrongPasswordError(AuthenticationError):
    """Name or password is wrong; which of them is not told."""


class TooManyLoginsError(RateLimitedError):
    """Somebody guesses."""


class LoginStateError(AuthenticationError):
    """What came back from the identity provider does not belong to a login that this browser began just now."""


class EntryRefusedError(AccessDeniedError):
    """The identity provider knows this person, but we do not let them in."""


class IdentityProviderError(AuthenticationError):
    """The identity provider did not tell who this is; the reason is in the log."""


class CrossSiteRequestError(AccessDeniedError):
    """A request that changes something must come from our own pages."""


class RoleNotAllowedError(AccessDeniedError):
    """The role does not allow this."""
