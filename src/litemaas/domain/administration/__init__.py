"""What administrators do: each use case one transaction over the rooms it touches, written down in the audit log.

Issuing a key creates its account and perhaps its user; deleting a team deletes its keys. Rooms do not know one another,
so that such things are said here.
"""
