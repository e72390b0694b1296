"""OpenAI's responses, as https://platform.openai.com/docs/api-reference/responses describes them."""
