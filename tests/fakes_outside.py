"""A scripted server of somebody else's, on a real socket: a calendar, or a push service."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Outside:
    """`reply` answers each request; `asked` are those that came."""

    url: str = ""
    reply: Callable[[Asked], Reply] = lambda asked: (200, {}, b"")
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serve_outside() -> Iterator[Outside]:
    outside = Outside()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            outside.asked.append(asked)
            status, told, body = outside.reply(asked)
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 the names that http.server calls

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    outside.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield outside
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
