"""Picks the deployment that serves a call."""
