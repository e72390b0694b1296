"""The response cache: equal questions get the answer that was given before, where an administrator wants that."""
