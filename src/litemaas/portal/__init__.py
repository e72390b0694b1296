"""Edge for people: `/api` for the web UI, cookie sessions, logins, and the UI's own files."""
