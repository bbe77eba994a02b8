"""Fakes at the network seam: servers on loopback that play a script."""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


def chunk(text: str = "", finish_reason: str | None = None) -> str:
    """One data line of an OpenAI-compatible stream."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}
    return json.dumps({"id": "x", "object": "chat.completion.chunk", "choices": [choice]})


USAGE = json.dumps({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}})


def answer(text: str, *, finish_reason: str = "stop", pieces: int = 5) -> list[str]:
    """The data lines of a whole reply, the text cut into about `pieces` parts."""
    step = max(1, len(text) // pieces)
    parts = [text[i : i + step] for i in range(0, len(text), step)]
    return [*map(chunk, parts), chunk("", finish_reason), USAGE, "[DONE]"]


@dataclass
class Script:
    """What the server does with one request.

    `lines` are sent as data lines, bytes as they are; a number among them is a pause in seconds;
    `RESET` cuts the connection with a TCP reset, `CLOSE` ends it without another byte.
    """

    lines: list[Any] = field(default_factory=list)
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


RESET = object()
CLOSE = object()


class ScriptedVllm(ThreadingHTTPServer):
    """An OpenAI-compatible server that plays one Script a request; the last one repeats.

    `requests` keeps the parsed bodies, `traceparents` the header of each, `aborted` counts clients that went away in
    mid-stream. With a `barrier` no request is answered before as many as it wants are there; `most_at_once` is how
    many were.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, *scripts: Script) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedHandler)
        self.scripts = list(scripts)
        self.requests: list[dict[str, Any]] = []
        self.traceparents: list[str | None] = []
        self.aborted = 0
        self.lock = threading.Lock()
        self.barrier: threading.Barrier | None = None
        self.at_once = self.most_at_once = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_script(self, body: dict[str, Any]) -> Script:
        with self.lock:
            self.requests.append(body)
            return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]

    @contextmanager
    def count_in(self) -> Iterator[None]:
        """While one request is answered."""
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.barrier:
                self.barrier.wait(timeout=300)
            yield
        finally:
            with self.lock:
                self.at_once -= 1


class ScriptedHandler(BaseHTTPRequestHandler):
    server: ScriptedVllm
    protocol_version = "HTTP/1.1"
    chatter: ClassVar[bool] = False

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.traceparents.append(self.headers["traceparent"])
        script = self.server.next_script(json.loads(self.rfile.read(length)))
        with self.server.count_in():
            self.reply(script)

    def reply(self, script: Script) -> None:
        self.close_connection = True
        self.send_response(script.status)
        self.send_header("Connection", "close")
        for name, value in script.headers.items():
            self.send_header(name, value)
        kind = "text/event-stream" if script.status == 200 else "application/json"
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(script.body.encode())
        try:
            self.play(script)
        except OSError:
            self.server.aborted += 1

    def play(self, script: Script) -> None:
        for line in script.lines:
            if line is CLOSE:
                return
            if line is RESET:
                self.reset()
                return
            if isinstance(line, float | int):
                self.pause(line)
            else:
                data = line if isinstance(line, bytes) else f"data: {line}\n\n".encode()
                self.wfile.write(data)
                self.wfile.flush()

    def pause(self, seconds: float) -> None:
        """Wait, but notice a client that goes away meanwhile."""
        self.connection.settimeout(0.05)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.connection.recv(1) == b"":
                    raise ConnectionResetError
            except TimeoutError:
                continue

    def reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


@contextmanager
def serve_vllm(*scripts: Script) -> Iterator[ScriptedVllm]:
    server = ScriptedVllm(*scripts)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
