"""Everything of ours as one file, so that a move to another database re-issues nothing.

The file is JSON lines, readable without us: a header, then a line for each row, then an end that counts them. Rows are
as PostgreSQL writes them; keys and sessions have no text in it, and provider credentials are sealed under a passphrase
or left out. Money keeps every digit.
"""
