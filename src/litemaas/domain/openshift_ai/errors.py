"""What can go wrong with asking the cluster."""

from litemaas.domain.errors import NotFoundError, UnavailableError


class DiscoveryOffError(NotFoundError):
    """There is no cluster to ask, or nobody wants it to be asked."""


class ClusterUnavailableError(UnavailableError):
    """The cluster does not tell what it serves; the message says what is missing."""
