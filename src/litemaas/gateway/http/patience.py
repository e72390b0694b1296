"""How long, and how much, a client connection may keep us waiting: the same on both lanes."""

MAX_HEAD_BYTES = 65536
READ_SECONDS = 60.0
"""For a request's head from its first byte, and between two pieces of its body."""
IDLE_SECONDS = 90
"""Between two requests."""
LINGER_SECONDS = 30.0
"""How long what a refused client still sends is thrown away: a whole body that is too large, over a slow line."""
