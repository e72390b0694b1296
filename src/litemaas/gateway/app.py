"""The FastAPI application (placeholder until the management API lands)."""
from fastapi import FastAPI
from litemaas.gateway.endpoints import BY_PATH
from litemaas.gateway.slow_lane import InferenceApp
from starlette.routing import Route
def create_app(platform, gateway):
    app = FastAPI()
    inference = InferenceApp(gateway)
    for path in BY_PATH:
        app.router.routes.append(Route(path, inference, methods=["POST"]))
    return app
