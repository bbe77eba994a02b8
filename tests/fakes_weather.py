"""A scripted Open-Meteo on a real socket: what `requests` talks to in tests."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOURLY = {
    "temperature_2m": 12.0,
    "apparent_temperature": 11.0,
    "precipitation": 0.0,
    "precipitation_probability": 5,
    "weather_code": 3,
    "wind_speed_10m": 10.0,
    "uv_index": 1.0,
    "is_day": 1,
}


class FakeOpenMeteo:
    """Answers every request with the hours asked for. `change` edits an answer before it is sent,
    `failures` are statuses to send first. `requests` are the queries that came."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self.failures: list[int] = []
        self.change: Callable[[dict[str, Any]], Any] = lambda answer: answer
        self.url = ""

    def set_hours(self, name: str, value: Callable[[datetime], Any]) -> None:
        """Give one variable by UTC hour."""

        def change(answer: dict[str, Any]) -> dict[str, Any]:
            times = [datetime.fromtimestamp(stamp, UTC) for stamp in answer["hourly"]["time"]]
            answer["hourly"][name] = [value(time) for time in times]
            return answer

        earlier = self.change
        self.change = lambda answer: change(earlier(answer))

    def answer(self, query: dict[str, str]) -> tuple[int, bytes]:
        self.requests.append(query)
        if self.failures:
            return self.failures.pop(0), b"{}"
        return 200, json.dumps(self.change(_forecast(query))).encode()


def _forecast(query: dict[str, str]) -> dict[str, Any]:
    """Every hour of the days asked for, as Open-Meteo lays it out with `timeformat=unixtime`."""
    first = datetime.combine(date.fromisoformat(query["start_date"]), datetime.min.time(), UTC)
    last = datetime.combine(date.fromisoformat(query["end_date"]), datetime.min.time(), UTC)
    days = (last - first).days + 1
    times = [int((first + timedelta(hours=hour)).timestamp()) for hour in range(24 * days)]
    hourly: dict[str, list[Any]] = {name: [value] * len(times) for name, value in HOURLY.items()}
    noons = [int((first + timedelta(days=day, hours=12)).timestamp()) for day in range(days)]
    return {
        "hourly": {"time": times, **hourly},
        "daily": {
            "time": [noon - 43_200 for noon in noons],
            "sunrise": [noon - 18_000 for noon in noons],
            "sunset": [noon + 18_000 for noon in noons],
        },
    }


@contextmanager
def serve_open_meteo() -> Iterator[FakeOpenMeteo]:
    fake = FakeOpenMeteo()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 the name that http.server calls
            query = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            status, body = fake.answer(query)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/v1/forecast"
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
