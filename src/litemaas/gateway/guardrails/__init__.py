"""Guardrails at work: what clients ask and models answer is looked at, masked, or kept from passing."""
