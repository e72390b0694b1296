"""Users: the people that keys belong to."""
