"""A real HTTP gateway for text messages: keeps what arrives, and answers as it is told to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from house.config import SmsGateway

TOKEN = "secret-of-the-gateway"


class Gatewaybox:
    """Every request that came, and the messages that were taken: one for each id, however often it came."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.taken: dict[str, dict[str, str]] = {}
        self._answers: list[int] = []
        box = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                box.requests.append({"headers": dict(self.headers), "path": self.path, **body})
                status = box._answers.pop(0) if box._answers else 202
                if status == 202:
                    box.taken.setdefault(body["id"], body)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{box.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """A test's gateway says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def gateway(self) -> SmsGateway:
        return SmsGateway(f"{self.url}/messages", TOKEN, "House")

    def answer(self, *statuses: int) -> None:
        """Answer the next requests with these; then 202 again."""
        self._answers += statuses

    def __enter__(self) -> Gatewaybox:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
