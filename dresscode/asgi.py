"""The web process: HTTP and websockets on one port."""

import gc
import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ.setdefault("DRESSCODE_PROCESS", "web")

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import get_resolver, re_path  # noqa: E402

NEW_OBJECTS = 10_000
"""After so many more the garbage collector looks for rings among the newest; Python's default is 700."""

http = get_asgi_application()  # Loads the apps; what knows their models may be imported only now.

from dresscode.web.bodies import BodyLimits  # noqa: E402
from dresscode.web.sockets import QuietSockets, SocketLimits, SocketWearers  # noqa: E402


def socket_routes() -> list[Any]:
    from dresscode.pages import no_such_socket  # The apps are loaded by now.

    modules = [f"{app}.routing" for app in ("wardrobe", "styling") if find_spec(f"{app}.routing")]
    routes = [route for name in modules for route in import_module(name).websocket_urlpatterns]
    return [*routes, re_path("", no_such_socket)]  # type: ignore[arg-type]


def allowed_origins() -> list[str]:
    """Pages that may open a socket: our own address, and this machine's names in embedded mode."""
    hosts = [f"{settings.SITE.scheme}://{host}" for host in settings.ALLOWED_HOSTS]
    return [settings.SITE_URL, *hosts, *(f"{host}:{settings.PORT}" for host in hosts)]


def freeze_loaded() -> None:
    """Take what is loaded out of the garbage collector's sight, views and admin pages among it.

    All of it lives as long as the process, and each full collection walked through it again: 0.2 s in which no page and
    no answer went on, once in some twenty pages. What comes after is looked at less often than by default: answers
    under way hold thousands of objects, and looking through them took a twentieth of their CPU.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """As the process begins, what was loaded is set aside. Before it ends, the answers that it writes end too, or are
    left for another."""
    from styling.streaming.reading import drain  # The apps are loaded by now.
    from telemetry.spans import flush

    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            freeze_loaded()
        if message["type"] == "lifespan.shutdown":
            await drain()
            flush()  # uvicorn ends by its signal, and runs nothing at exit.
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = ProtocolTypeRouter(
    {
        "lifespan": lifespan,
        "http": BodyLimits(http),
        "websocket": QuietSockets(
            OriginValidator(
                SocketWearers(SocketLimits(URLRouter(socket_routes()))), allowed_origins()
            )
        ),
    }
)
