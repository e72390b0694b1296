"""Routes whose bodies are not OpenAI's chats: Anthropic's messages, and responses."""
