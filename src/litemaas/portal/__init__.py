"""Edge for people: the REST API of the web UI, and login."""
