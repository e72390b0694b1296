"""What LiteLLM calls our prices: the names that administrators write, and that its databases hold."""

LITELLM_NAMES = {
    "input_cost_per_token": "input_token",
    "output_cost_per_token": "output_token",
    "cache_read_input_token_cost": "cached_input_token",
    "cache_creation_input_token_cost": "cache_write_token",
    "output_cost_per_reasoning_token": "reasoning_token",
    "input_cost_per_request": "request",
    "input_cost_per_image": "image",
    "output_cost_per_image": "output_image",
    "input_cost_per_second": "second",
    "input_cost_per_character": "character",
    "input_cost_per_query": "search",
}
"""By its names the fields of `Price`."""
