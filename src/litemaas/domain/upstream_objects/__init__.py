"""What upstreams keep for our callers: stored responses, files, batches. Whose they are, and where."""
