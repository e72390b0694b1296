"""Stands in for `litemaas.server` under the supervisor: same command line, same announcements, a tiny management API.

What it remembers lies in the data folder, as the real one's state lies in the database. STAND_IN tells it to misbehave:
`crash` ends before it is ready, `refuse` announces an error, `stubborn` does not end when asked to.
"""

import argparse
import ctypes
import fcntl
import hashlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

PR_SET_PDEATHSIG = 1
MASTER_KEY = os.environ["LITELLM_MASTER_KEY"]
STATE = Path(os.environ["LITEMAAS_DATA_DIR"]) / "stand-in.json"


@contextmanager
def state() -> Iterator[dict]:
    with STATE.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        remembered = json.loads(file.read() or '{"models": {}, "keys": {}}')
        yield remembered
        file.truncate(0)
        file.write(json.dumps(remembered))


class RefusalError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def about_this_process(_state: dict, _body: dict, _path: str) -> object:
    return {"pid": os.getpid(), "environment": dict(os.environ), "arguments": sys.argv}


def list_models(remembered: dict, _body: dict, _path: str) -> object:
    return {"data": list(remembered["models"].values())}


def add_model(remembered: dict, body: dict, _path: str) -> object:
    remembered["models"][body["model_info"]["id"]] = body
    return body


def update_model(remembered: dict, body: dict, path: str) -> object:
    model = remembered["models"][unquote(path.split("/")[2])]
    model["litellm_params"] |= body["litellm_params"]
    return model


def delete_model(remembered: dict, body: dict, _path: str) -> object:
    return remembered["models"].pop(body["id"])


def delete_keys(remembered: dict, body: dict, _path: str) -> object:
    if not remembered["keys"].keys() & set(body["key_aliases"]):
        raise RefusalError(404, "no such key")
    return [remembered["keys"].pop(alias) for alias in body["key_aliases"]]


def issue_key(remembered: dict, body: dict, _path: str) -> object:
    if body["key_alias"] in remembered["keys"]:
        raise RefusalError(400, "alias in use")
    text = f"sk-{os.urandom(12).hex()}"
    remembered["keys"][body["key_alias"]] = hashlib.sha256(text.encode()).hexdigest()
    return {"key": text, "models": body["models"]}


ROUTES = {
    ("GET", "/process"): about_this_process,
    ("GET", "/model/info"): list_models,
    ("POST", "/model/new"): add_model,
    ("POST", "/model/delete"): delete_model,
    ("POST", "/key/delete"): delete_keys,
    ("POST", "/key/generate"): issue_key,
}


def answer(method: str, path: str, body: dict, bearer: str) -> object:
    with state() as remembered:
        if path == "/key/info" and hashlib.sha256(bearer.encode()).hexdigest() in remembered["keys"].values():
            return {"key": "…", "info": {}}
        if bearer != MASTER_KEY:
            raise RefusalError(401, "unknown key")
        return (update_model if method == "PATCH" else ROUTES[method, path])(remembered, body, path)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        try:
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, said = 200, answer(self.command, self.path.partition("?")[0], body, bearer)
        except RefusalError as refusal:
            status, said = refusal.status, {"error": {"message": str(refusal)}}
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def do_PATCH(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


def announce(descriptor: int, said: dict) -> None:
    os.write(descriptor, json.dumps(said).encode() + b"\n")
    os.close(descriptor)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=["all"])
    for option in ("--listen-fd", "--ready-fd", "--metrics-port", "--parent-pid"):
        parser.add_argument(option, type=int, required=True)
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != options.parent_pid:
        sys.exit("the supervisor is gone")
    behaviour = os.environ.get("STAND_IN")
    if behaviour == "crash":
        sys.exit(7)
    if behaviour == "refuse":
        announce(options.ready_fd, {"error": "The salt key is another one: give the right one."})
        sys.exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == "stubborn" else lambda *_: sys.exit(0))
    server = ThreadingHTTPServer(("", 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=options.listen_fd)
    server.server_name, server.server_port = server.socket.getsockname()[:2]
    announce(options.ready_fd, {"ready": True})
    server.serve_forever()


if __name__ == "__main__":
    main()
