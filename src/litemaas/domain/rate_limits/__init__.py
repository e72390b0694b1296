"""Requests and tokens per minute, and calls at the same time."""
