"""Stands in for the demo model under the supervisor: announces a chat and an embedding model, serves nothing."""

import argparse
import json
import os
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
if os.environ.get("DEMO_STAND_IN") == "missing":
    sys.exit(3)
models = [
    {"id": "tiny-chat", "mode": "chat", "max_input_tokens": 2048, "max_output_tokens": 1024},
    {"id": "tiny-embed", "mode": "embedding", "max_input_tokens": 512, "max_output_tokens": None},
]
announcement = {"url": f"http://127.0.0.1:{listener.getsockname()[1]}/v1", "models": models}
sys.stdout.write(json.dumps(announcement) + "\n")
sys.stdout.flush()
sys.stdin.read()
