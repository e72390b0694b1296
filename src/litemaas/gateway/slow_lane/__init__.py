"""Uvicorn's protocol, made stricter, and inference for the clients that it serves."""
