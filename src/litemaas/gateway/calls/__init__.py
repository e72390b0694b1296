"""One call from its first byte to its end, whichever lane it came in on: admitted, delivered, answered, recorded."""
