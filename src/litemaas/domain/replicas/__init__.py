"""Which processes serve this instance, as they say themselves."""
