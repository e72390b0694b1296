"""`litemaas up`: everything on one machine, from one command, until Ctrl-C.

The supervisor is one small process that starts the others and stays: PostgreSQL, the server processes, and the demo
model where there is no other. It holds the listening socket, so that a server that is started again misses no
connection, and the data folder's lock. Its memory counts in that of the whole: standard library and click, nothing
else, and one thread.

Words: a *child* is a process of ours; a *service* is a child that is kept running; to *announce* is to write one line
of JSON when ready. Nothing outlives the supervisor: the kernel ends its children with it, and the next start recovers
the database.
"""
