"""A Kraken on loopback: checks the signature and the order of nonces, and answers by a script."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

KEY = "TESTKEYq9ZkPublic1234567890abcdefghijklmnopq"
SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
OK: dict[str, Any] = {"error": [], "result": {"ok": "1"}}


def signature(path: str, nonce: str, body: bytes) -> str:
    digest = hashlib.sha256(nonce.encode() + body).digest()
    secret = base64.b64decode(SECRET)
    return base64.b64encode(
        hmac.new(secret, path.encode() + digest, hashlib.sha512).digest()
    ).decode()


class Kraken(ThreadingHTTPServer):
    """`script`: one answer for each request, the last one for all that follow: a dict (JSON), an
    (HTTP status, text) pair, "reset" (the connection is cut) or "hang" (no answer for 2 s)."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, script: Iterable[Any] = (OK,), slow: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.slow = list(script), slow
        self.requests: list[dict[str, Any]] = []
        self.highest = self.rejected = self.under_way = self.most_under_way = 0
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def nonces(self) -> list[int]:
        return [int(request["nonce"]) for request in self.requests]

    def answer(self, request: dict[str, Any]) -> Any:
        with self.lock:
            turn = len(self.requests)
            self.requests.append(request)
            if int(request["nonce"]) <= self.highest:
                self.rejected += 1
            self.highest = max(self.highest, int(request["nonce"]))
            return self.script[min(turn, len(self.script) - 1)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is no error here."""


class Handler(BaseHTTPRequestHandler):
    server: Kraken
    log_message: ClassVar[Any] = lambda *_: None

    def do_POST(self) -> None:
        server = self.server
        with server.lock:
            server.under_way += 1
            server.most_under_way = max(server.most_under_way, server.under_way)
        time.sleep(server.slow)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_json = self.headers["Content-Type"] == "application/json"
        fields = json.loads(body) if is_json else dict(urllib.parse.parse_qsl(body.decode()))
        request = {
            "path": self.path,
            "nonce": str(fields["nonce"]),
            "fields": fields,
            "body": body,
            "headers": dict(self.headers),
            "signed": self.headers["API-Sign"] == signature(self.path, fields["nonce"], body)
            and self.headers["API-Key"] == KEY,
        }
        answer = server.answer(request)
        with server.lock:
            server.under_way -= 1
        self.say(answer)

    def say(self, answer: Any) -> None:
        if answer == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            return
        if answer == "hang":
            time.sleep(2)
            return
        status, text = (200, json.dumps(answer)) if isinstance(answer, dict) else answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())
