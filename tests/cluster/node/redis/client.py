"""Sends one command to the Redis of this pod and prints the answer; the password is in `REDISCLI_AUTH`."""

import os
import socket
import sys


def main() -> None:
    """Ask as `redis-cli COMMAND…` does."""
    with socket.create_connection(("127.0.0.1", 6379), timeout=5) as connection, connection.makefile("rb") as answers:
        for command in (["AUTH", os.environ["REDISCLI_AUTH"]], sys.argv[1:]):
            connection.sendall(" ".join(command).encode() + b"\r\n")
            answer = answers.readline()
    sys.stdout.write(answer.decode())


if __name__ == "__main__":
    main()
