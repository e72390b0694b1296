"""Outward: PostgreSQL, Redis, the local disk. Connections and plumbing, no rules."""
