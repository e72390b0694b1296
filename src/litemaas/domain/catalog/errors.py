"""Why a model cannot be managed as asked."""

from litemaas.domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError


class DeploymentNotFoundError(NotFoundError):
    """There is no deployment of this id."""


class DeploymentExistsError(AlreadyExistsError):
    """The deployment's id is taken."""


class AddressError(InvalidInputError):
    """The upstream's address cannot be right."""


class UnknownProviderError(InvalidInputError):
    """We do not speak to this provider."""


class MissingExtraError(InvalidInputError):
    """The provider's calls need packages that are not installed."""
