"""The OAuth server and user API of the cluster, as a process in the program's environment, on one address of its own.

Reads `{"address", "certificate", "issuer", "redirect_uris", "people"}` from standard input; `people` are the
groups of each user by name.
"""

import json
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from support.openshift_oauth import OpenShiftCluster


def main() -> None:
    """Serve until killed."""
    told = json.loads(sys.stdin.readline())
    cluster = OpenShiftCluster(Path(), told["redirect_uris"], told["people"], oauth_url=told["issuer"])
    routes = [
        Route("/.well-known/oauth-authorization-server", cluster.well_known),
        Route("/apis/user.openshift.io/v1/users/~", cluster.me),
        Route("/oauth/authorize", cluster.authorize),
        Route("/oauth/token", cluster.token, methods=["POST"]),
    ]
    uvicorn.run(
        Starlette(routes=routes), host=told["address"], port=443, ssl_certfile=told["certificate"], log_config=None
    )


if __name__ == "__main__":
    main()
