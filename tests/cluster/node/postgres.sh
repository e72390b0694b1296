#!/bin/bash
# Stands for the entry point of the image `postgres`: an empty volume gets a database with the stated user, password and
# name; then the server runs with the container's arguments. Source: docker-library/postgres, docker-entrypoint.sh.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --pgdata "$PGDATA" --username "$POSTGRES_USER" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") \
    --auth-local trust --auth-host scram-sha-256 --no-locale --encoding UTF8 --no-sync >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB" | postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec postgres -D "$PGDATA" -c "listen_addresses=*" -c "unix_socket_directories=/var/run/postgresql,/tmp" -c fsync=off "$@"
