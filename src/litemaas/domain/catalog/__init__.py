"""Model groups, the deployments that serve them, and their credentials."""
