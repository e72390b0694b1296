"""What can go wrong with asking the cluster."""

from litemaas.domain.errors import UnavailableError


class ClusterUnavailableError(UnavailableError):
    """The cluster does not tell what it serves; the message says what is missing."""
