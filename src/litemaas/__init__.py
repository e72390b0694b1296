"""LiteMaaS: controlled access to AI models through one OpenAI-compatible gateway."""

__version__ = "0.2.0"
