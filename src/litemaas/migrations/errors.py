"""What can go wrong with a migration."""


class MigrationError(Exception):
    """The schema could not be brought up to date; the message is a sentence without secrets."""
