"""Picks the deployment that serves a call, and remembers how deployments have done lately."""
