from support.oidc import oidc_server
from support.portal import site

__all__ = ["oidc_server", "site"]
