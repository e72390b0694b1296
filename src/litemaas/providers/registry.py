"""The upstream APIs we speak: a provider is a row of data until it needs behaviour."""

from typing import NamedTuple

AZURE = "azure"
"""Its models are parts of the path, not of the body; `addressing` writes them."""


class Provider(NamedTuple):
    """A kind of upstream API.

    Attributes:
        name: The prefix in `litellm_params.model`.
        title: What the UI calls it.
        api_base: Where it is when nothing else is said; None: must be given.
        auth_header: Header that carries the credential.
        auth_prefix: What stands before the credential in it.
        header_lines: Further header lines that every request needs.
        dialects: What it speaks over plain HTTP, see `Endpoint.dialect`.
        responses: Serves `/responses` itself, wherever it is.
        base_path: Path of an `api_base` that has none.
        library: Its name in any-llm, through which go calls whose dialect it does not speak itself; empty: none.
        needs: The module that any-llm needs for it.
    """

    name: str
    title: str
    api_base: str | None = None
    auth_header: str = "Authorization"
    auth_prefix: str = "Bearer "
    header_lines: tuple[str, ...] = ()
    dialects: frozenset[str] = frozenset(("openai",))
    responses: bool = False
    base_path: str = "/v1"
    library: str = ""
    needs: str = ""


def _foreign(name: str, title: str, library: str, needs: str) -> Provider:
    """A provider that speaks nothing of ours, so that all its calls go through any-llm."""
    return Provider(name, title, dialects=frozenset(), base_path="", library=library, needs=needs)


_ROWS = (
    Provider("openai", "OpenAI-Compatible Endpoints", "https://api.openai.com/v1"),
    Provider(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com/v1",
        "x-api-key",
        "",
        ("anthropic-version: 2023-06-01",),
        frozenset(("anthropic",)),
        library="anthropic",
        needs="anthropic",
    ),
    Provider(AZURE, "Azure OpenAI", None, "api-key", "", base_path=""),
    Provider("hosted_vllm", "vLLM", responses=True),
    Provider("vllm", "vLLM", responses=True),
    Provider("openshift_ai", "OpenShift AI"),
    Provider("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1"),
    Provider("ollama", "Ollama", "http://127.0.0.1:11434/v1"),
    Provider("lm_studio", "LM Studio", "http://127.0.0.1:1234/v1"),
    Provider("groq", "Groq", "https://api.groq.com/openai/v1"),
    Provider("together_ai", "Together AI", "https://api.together.xyz/v1"),
    Provider("deepseek", "DeepSeek", "https://api.deepseek.com/v1"),
    Provider("mistral", "Mistral AI", "https://api.mistral.ai/v1"),
    Provider("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
    Provider("fireworks_ai", "Fireworks AI", "https://api.fireworks.ai/inference/v1"),
    Provider("nvidia_nim", "NVIDIA NIM", "https://integrate.api.nvidia.com/v1"),
    Provider("xai", "xAI", "https://api.x.ai/v1"),
    Provider("cerebras", "Cerebras", "https://api.cerebras.ai/v1"),
    Provider("deepinfra", "DeepInfra", "https://api.deepinfra.com/v1/openai"),
    Provider("perplexity", "Perplexity", "https://api.perplexity.ai"),
    Provider("sambanova", "SambaNova", "https://api.sambanova.ai/v1"),
    Provider("nebius", "Nebius", "https://api.studio.nebius.ai/v1"),
    Provider("moonshot", "Moonshot AI", "https://api.moonshot.ai/v1"),
    Provider("dashscope", "DashScope", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
    Provider("jina_ai", "Jina AI", "https://api.jina.ai/v1"),
    _foreign("gemini", "Google AI Studio", "gemini", "google.genai"),
    _foreign("vertex_ai", "Google Vertex AI", "vertexai", "google.genai"),
    _foreign("bedrock", "Amazon Bedrock", "bedrock", "boto3"),
    _foreign("cohere", "Cohere", "cohere", "cohere"),
    _foreign("watsonx", "IBM watsonx.ai", "watsonx", "ibm_watsonx_ai"),
    _foreign("sagemaker", "Amazon SageMaker", "sagemaker", "boto3"),
)

PROVIDERS: dict[str, Provider] = {row.name: row for row in _ROWS}
