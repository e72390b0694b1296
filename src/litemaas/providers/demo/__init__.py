"""A real but tiny model server of our own, so that LiteMaaS can be tried before there is a model to serve.

`python -m litemaas.providers.demo` is that server: a process of its own that speaks OpenAI's API on 127.0.0.1 and looks
to the gateway like any other upstream. Importing this package costs nothing; only the process loads models.

HTTP is ours (Starlette on uvicorn), tokens are `xllamacpp`'s, called in-process. Its own HTTP server would need the
chat wrapped and default stops added by a second program in front of it, and knows neither our embedding model nor `n`;
its in-process API gives the same tokens, lets a callback stop them, and releases the interpreter lock meanwhile.
Measured on 2 cores, one thread: ready in 2 s, 70 tokens/s, 0.43 to 0.48 GB resident, of which 0.16 GB private and the
rest mapped from the weights' files.
"""

CHAT_MODEL = "gemma-3-270m"
"""Id of the chat model: the base Gemma 3 270M (not tuned to instructions), quantised to 4 bits."""

EMBEDDING_MODEL = "all-minilm-l6-v2"
"""Id of the embedding model: sentence-transformers/all-MiniLM-L6-v2, 384 dimensions."""

WEIGHTS_NOTICE = """\
The demo models are Gemma 3 270M and all-MiniLM-L6-v2 (Apache License 2.0).
Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms
"""
"""What a caller shows once before it starts the demo; the last sentence is required by section 3.1 of the terms."""
