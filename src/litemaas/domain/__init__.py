"""The rules: who may call what, what it may cost, what it did cost. No HTTP, no framework."""
