"""Notices people of what they should not have to look for: money, keys, deployments, and our own troubles."""
