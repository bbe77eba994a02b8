"""`python -m dresscode.web`: the web process, HTTP, static files and websockets on one port.

uvicorn with connections of ours, on BIND_ADDRESS and PORT; a process manager starts as many as there are cores, each on
its own port, or several containers.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ.setdefault("DRESSCODE_PROCESS", "web")

import uvicorn  # noqa: E402
from django.conf import settings  # noqa: E402

from dresscode.web.connections import Connection, Socket  # noqa: E402


def run() -> None:
    """Until a signal ends it. Answers in flight get a moment: see `styling.streaming.reading.drain`."""
    uvicorn.run(
        "dresscode.asgi:application",
        host=settings.BIND_ADDRESS,
        port=settings.PORT,
        http=Connection,
        loop="uvloop",
        lifespan="on",
        # Words come in frames too small to gain by compression, which took a fifth of our time.
        ws=Socket,
        ws_max_size=65536,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5 if settings.EMBEDDED else 20,
        server_header=False,
        access_log=False,
        proxy_headers=not settings.EMBEDDED,
    )


if __name__ == "__main__":
    run()
