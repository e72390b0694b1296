"""nginx as a plain reverse proxy: what forwarding costs when nothing is known about the caller.

It checks no key, reads no usage and limits nothing, so it is the floor that the gateways are measured against. One
worker, upstream connections kept open, nothing logged; responses are not buffered where streams go.
"""

import os
import pwd
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import native, proc
from benchmarks.contender import Contender, OneProgram, Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CELLS, Endpoint

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
{user}
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  upstream calls {{ server {calls}; keepalive 256; keepalive_requests 1000000000; }}
  upstream streams {{ server {streams}; keepalive 256; keepalive_requests 1000000000; }}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  server {{
    listen 127.0.0.1:{calls_port};
    location / {{ proxy_pass http://calls; }}
  }}
  server {{
    listen 127.0.0.1:{streams_port};
    location / {{ proxy_pass http://streams; proxy_buffering off; }}
  }}
}}
"""


class Nginx(OneProgram):
    """nginx with `proxy_pass`."""

    name = "nginx"
    is_peer = False
    cells = CELLS

    def prepare(self) -> str:
        """Return what `nginx -v` says."""
        said = subprocess.run([native.require("nginx"), "-v"], capture_output=True, text=True, check=True).stderr
        return said.strip().rpartition("/")[2]

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start a master and one worker on ports of their own."""
        calls, streams = f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
        configuration = folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=folder,
                # As root its workers would become a user who may not enter this private folder.
                user=f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else "",
                calls=urlsplit(upstream.url).netloc,
                streams=urlsplit(upstream.paced_url).netloc,
                calls_port=urlsplit(calls).port,
                streams_port=urlsplit(streams).port,
            )
        )
        command: list[str | Path] = [native.require("nginx"), "-p", folder, "-c", configuration]
        started = time.monotonic()
        self.program = program = Program(command, folder / "log", cpu=cpu, environment={})
        program.wait_until(lambda: answers(f"{calls}/v1/models"))
        return Running(
            calls=Endpoint(calls, "bench-model", "none"),
            streams=Endpoint(streams, "bench-model", "none"),
            start_seconds=time.monotonic() - started,
            gateway=lambda: proc.tree(program.pid, proc.processes()),
        )


def create() -> Contender:
    """Return this contender."""
    return Nginx()
