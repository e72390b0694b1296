"""Our own protocol for the hot routes and the probes; all else is handed to the slow lane."""
