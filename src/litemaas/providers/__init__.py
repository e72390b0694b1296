"""Outward: the APIs of model servers."""
