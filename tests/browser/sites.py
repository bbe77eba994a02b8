"""The whole product on a free port, with its own stores and workers, under a sky of our own making."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from tests.dresscode.launchers import Launcher
from tests.fakes_weather import FakeOpenMeteo, serve_open_meteo

WEARER = "mara@example.com"
OPERATOR = "operator@example.com"
PASSWORD = "try-before-you-wear"


@contextmanager
def serve_site() -> Iterator[Launcher]:
    with serve_open_meteo() as sky:
        rain_from_two(sky)
        launcher = Launcher.filled(settings={"OPEN_METEO_URL": sky.url})
        try:
            yield launcher.start()
        finally:
            launcher.remove()


def rain_from_two(sky: FakeOpenMeteo) -> None:
    sky.set_hours("temperature_2m", lambda time: 8.0 + min(time.hour, 15) / 3)
    sky.set_hours("apparent_temperature", lambda time: 6.0 + min(time.hour, 15) / 3)
    sky.set_hours("precipitation", lambda time: 1.2 if is_wet(time) else 0.0)
    sky.set_hours("precipitation_probability", lambda time: 85 if is_wet(time) else 10)


def is_wet(time: datetime) -> bool:
    """Open-Meteo's sums are of the hour before: this begins at two."""
    return time.hour >= 15


def address(launcher: Launcher) -> str:
    return f"http://localhost:{launcher.port}"


def measure_at_site(measure: Callable[[str], None]) -> None:
    """At the address that is the command's argument, else at a product of its own."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    with serve_site() as launcher:
        measure(address(launcher))
