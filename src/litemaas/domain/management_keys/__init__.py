"""Credentials of automation for the management API: each has scopes and an end, the master key stays where it is."""
