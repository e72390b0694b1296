"""The inference routes: a row each, how their bodies are read, and what a call of theirs can cost."""
