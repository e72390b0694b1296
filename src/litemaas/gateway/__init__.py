"""Edge for programs: OpenAI-compatible HTTP, and the management API.

The fast lane answers the hot routes: `connection` speaks HTTP, `call_request` reads what routes or costs, `exchange`
leads a call from admission to settlement. Everything else is the FastAPI application of `app`.
"""
