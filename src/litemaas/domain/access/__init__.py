"""Which models a list of grants opens. Deny by default: an empty list opens nothing."""
