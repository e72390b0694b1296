"""Moving in and moving house: what LiteLLM, the public LiteMaaS or another one of ours holds becomes ours.

Every source is read into the same thing, a *bundle*: rows of our own tables, and findings about what could not become
rows. One writer brings any bundle in, in one transaction, and can be run again: rows that are here already are
recognised, and what somebody changed here stays, unless the caller says that the source is right.

Keys are moved by their SHA-256, so that their holders notice nothing. What a source protected and we cannot is a *loss*
that the caller must accept by name; nothing is widened silently.
"""
