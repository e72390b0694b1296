import errno
from pathlib import Path

import pytest

from litemaas.storage.embedded_postgres.errors import explain, explain_os_error

FOLDER = Path("/data/postgres")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "The disk that holds"),
        (
            "FATAL:  could not extend file: wrote only 4096 of 8192 bytes\nHINT:  Check free disk space.",
            "The disk that",
        ),
        (
            "DETAIL:  ... PostgreSQL version 17, which is not compatible with this version 18.6.",
            "another major version",
        ),
        ("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", "earlier PostgreSQL still use"),
        ('psql: error: FATAL:  password authentication failed for user "litemaas"', "password is not the password"),
        ('FATAL:  data directory "/data" has wrong ownership', "cannot be used by this user"),
        ("initdb: error: could not access directory: Permission denied", "cannot be used by this user"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "not enough memory"),
        ("LOG:  starting\nFATAL:  out of luck\nLOG:  shut down", "did not start (out of luck)"),
        ("postgres: could not find the database system\nbut no such file", "did not start (but no such file)"),
        ("", "did not start (it ended without a word)"),
    ],
)
def test_what_postgres_says_becomes_one_sentence_about_the_folder(output, sentence):
    message = str(explain(output, FOLDER))
    assert sentence in message
    assert "--database-url" in message or str(FOLDER) in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk that holds /data/postgres is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "/data/postgres cannot be used by this user"),
        (OSError(errno.EROFS, "Read-only file system"), "/data/postgres cannot be used by this user"),
        (OSError(errno.EIO, "Input/output error"), "/data/postgres cannot be used ([Errno 5] Input/output error)"),
    ],
)
def test_what_the_system_refuses_becomes_one_sentence_about_the_folder(error, sentence):
    assert str(explain_os_error(error, FOLDER)).startswith(sentence)
