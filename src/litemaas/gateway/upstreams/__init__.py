"""The ways to deployments: what is the same for every call to one, made once."""
