"""The API server of the cluster that we run in, as far as we ask it: lists of objects, with our service account."""

from litemaas.providers.kubernetes.api_server import ApiServer, ApiServerError, asking

__all__ = ["ApiServer", "ApiServerError", "asking"]
