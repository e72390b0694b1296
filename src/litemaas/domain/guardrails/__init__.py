"""Guardrails: what may not be said to a model, or by one; found in texts, and masked, blocked or counted."""
