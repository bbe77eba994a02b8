"""A connection of a client, which has so much time and so many bytes for its request's head.

A client that sends a byte a minute, or a header without end, would else hold a connection and its memory for ever. A
body's own limits are those of `bodies`.
"""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD_S = 15.0
"""For the request line and all headers, from the first byte, or from the connection on."""
MAXIMUM_HEAD = 64 * 1024
"""Bytes. Cookies, tokens and addresses of ours are below 8 KiB."""

TOO_LATE = (408, "The request took too long to arrive.")
TOO_LONG = (431, "The request has more headers than we take.")


class Connection(HttpToolsProtocol):
    """uvicorn's, with a deadline and a limit. `is_waiting`: the head of a request is not whole."""

    is_waiting = True
    head_bytes = 0
    deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.is_waiting:
            self.expect_head()
            self.head_bytes += len(data)
        super().data_received(data)
        if self.is_waiting and self.head_bytes > MAXIMUM_HEAD:
            self.refuse(*TOO_LONG)

    def expect_head(self) -> None:
        if self.deadline is None:
            self.deadline = self.loop.call_later(HEAD_S, self.refuse, *TOO_LATE)

    def forget_deadline(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def on_message_begin(self) -> None:
        self.is_waiting = True
        self.expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.is_waiting = False
        self.head_bytes = 0
        self.forget_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.is_waiting = True

    def refuse(self, status: int, words: str) -> None:
        """Say so and close, once."""
        self.forget_deadline()
        if self.transport.is_closing():
            return
        body = words.encode()
        head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(
            STATUS_LINE[status] + head.encode() + b"connection: close\r\n\r\n" + body
        )
        self.transport.close()


class Socket(WebSocketsSansIOProtocol):
    """uvicorn's, which takes for granted that it has said goodbye when what came cannot be read: before its own answer
    to the handshake there is nobody to say it to."""

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is not None:
            super().handle_parser_exception()
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.close_sent = True
        self.transport.close()
