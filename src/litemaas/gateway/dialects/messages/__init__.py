"""Anthropic's messages, as https://docs.claude.com/en/api/messages describes them."""
