"""Log lines: one per event, with the trace that it belongs to, as text or as JSON."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from telemetry.traces import current_trace

# Names under which secrets travel; what follows them is left out.
SECRETS = re.compile(
    r"(?i)((?:password|secret|token|api_?key|authorization|cookie|csrfmiddlewaretoken)[\"']?\s*[=:]\s*)"
    r"(?:Bearer\s+)?[^\s,;&]+"
)
URL_PASSWORD = re.compile(r"(\w+://[^\s:/@]*:)[^\s@]+@")


def hide_secrets(text: str) -> str:
    return URL_PASSWORD.sub(r"\1***@", SECRETS.sub(r"\1***", text))


class TraceFilter(logging.Filter):
    """Writes the current trace's id onto the record, which is also the id of the request that it began with."""

    def filter(self, record: logging.LogRecord) -> bool:
        trace = current_trace()
        record.trace_id = trace.trace_id if trace else "-"
        return True


class ClientFaultFilter(logging.Filter):
    """What a client did wrong, and uvicorn logs as an error of ours, is a line of information."""

    BEGINNINGS = ("Invalid UTF-8 sequence received from client",)

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith(self.BEGINNINGS):
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.exc_info = record.exc_text = None
        return True


def list_fields(record: logging.LogRecord) -> list[str]:
    """As `name=value`."""
    return [f"{name}={value}" for name, value in getattr(record, "fields", {}).items()]


class TextFormatter(logging.Formatter):
    """For people. A line break inside the message cannot forge a second line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s [%(trace_id)s] %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = " ".join([super().formatMessage(record), *list_fields(record)])
        return hide_secrets(line).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei: object) -> str:
        return hide_secrets(super().formatException(ei))  # type: ignore[arg-type]


class JsonFormatter(logging.Formatter):
    """For machines: one JSON object per line, with the fields that a line was given."""

    def format(self, record: logging.LogRecord) -> str:
        trace_id = getattr(record, "trace_id", "-")
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "trace_id": trace_id,
            "request_id": trace_id,
            "message": hide_secrets(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = hide_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def make_logging(*, level: str, format: str) -> dict[str, Any]:
    """Django's `LOGGING`: everything to the console, as text or JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "trace": {"()": "dresscode.logs.TraceFilter"},
            "client_faults": {"()": "dresscode.logs.ClientFaultFilter"},
        },
        "formatters": {
            "text": {"()": "dresscode.logs.TextFormatter"},
            "json": {"()": "dresscode.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["trace"],
                "formatter": format,
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Without the handler that Django gives it.
            "django": {"handlers": [], "propagate": True},
            # A page that is not there is no fault of ours; one that breaks is.
            "django.request": {"level": "ERROR"},
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.error": {
                "handlers": [],
                "propagate": True,
                "filters": ["client_faults"],
            },
            "uvicorn.access": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            # At DEBUG it tells what stands in the metadata of wearers' photos.
            "PIL": {"level": "INFO"},
            # At INFO it tells every address that is asked: those of wearers' calendars are secrets.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            # A collector that is away is told once, by telemetry.exporting.
            "opentelemetry": {"level": "CRITICAL"},
        },
    }
