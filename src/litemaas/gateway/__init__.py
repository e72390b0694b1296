"""Edge for programs: OpenAI-compatible HTTP, and the management API.

From the client inwards: `fast_lane` answers the hot routes and hands all other connections to `slow_lane`, which serves
the FastAPI application of `app`. `http` is what both ask of a client. `endpoints` reads what a request costs, `calls`
leads it from admission to settlement, `upstreams` knows the way to its deployment.
"""
